"""Lists in pages: reading them one after the other, as the OpenAPI link of an operation to itself declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.expressions import evaluate
from conformance.errors import InapplicableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account

MAX_PAGES = 50  # pages that are read of one list, unless more are asked for


def pages(
    account: Account, request: Request, label: str = "attempt", *, after: Reply | None = None, most: int = MAX_PAGES
) -> Iterator[Reply]:
    """The pages of a list from the first one, or from the one `after` a page; `most` of them at the most.

    There is a single page where the contract declares no link to the next one.
    """
    operation = account.contract.operation(request.operation)
    query = next_query(operation, after) if after else {}
    if after and not query:
        return
    for _ in range(most):
        page = account.send(request.with_query(**query) if query else request, label)
        yield page
        query = next_query(operation, page)
        if not query:
            return


def next_query(operation: Operation, page: Reply) -> dict[str, str]:
    """The query parameters that lead to the next page; none on the last page."""
    exchange = {"response": {"header": {name.lower(): value for name, value in page.headers}, "body": page.json}}
    values = {name: evaluate(expression, exchange) for name, expression in operation.fed.items()}
    return {name: str(value) for name, value in values.items() if value}


def items(contract: Contract, page: Reply) -> list[Any]:
    """The items of a page: its body if that is an array, else the member that the schema declares as one.

    Raises InapplicableError if the schema declares none.
    """
    if isinstance(page.json, list):
        return page.json
    operation = contract.operation(page.request.operation)
    answer = operation.answer(page.status)
    schema = contract.schema(answer.content.get(page.media_type, {}).get("schema", {})) if answer else {}
    for name, member in schema.get("properties", {}).items():
        if contract.schema(member).get("type") == "array":
            return list(page.member(name) or [])
    raise InapplicableError(f"{operation.id} declares no array in its answer.")
