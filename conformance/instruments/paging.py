"""Reading a collection to its end, by the OpenAPI link of an operation to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.expressions import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation
    from conformance.instruments.identities import Account
    from conformance.target.messages import Reply, Request

MOST = 50  # pages that are read of one collection


def pages(account: Account, request: Request) -> Iterator[Reply]:
    """The replies that the account gets, page after page; one alone where the contract tells of no next page."""
    operation = account.contract.operation(request.operation)
    query: dict[str, str] = {}
    for _ in range(MOST):
        reply = account.send(request.with_query(**query) if query else request, "control")
        yield reply
        query = following(operation, reply)
        if not query:
            return


def following(operation: Operation, reply: Reply) -> dict[str, str]:
    """The query parameters of the next page; empty if this is the last one."""
    answer = operation.answer(reply.status)
    exchange = {
        "response": {"body": reply.json, "header": {name.lower(): value for name, value in reply.headers}},
    }
    for link in answer.links.values() if answer else ():
        if link.get("operationId") == operation.id:
            values = {name: evaluate(value, exchange) for name, value in link.get("parameters", {}).items()}
            return {name: str(value) for name, value in values.items() if value is not None}
    return {}
