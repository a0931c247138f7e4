"""Reading a list page after page, whoever asks and whatever else the request holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.expressions import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account

MOST = 50  # pages that are read of one list


def pages(account: Account, request: Request, label: str = "attempt") -> Iterator[Reply]:
    """The replies that the account gets; a single one where the contract tells of no next page."""
    fed = account.contract.operation(request.operation).fed
    query: dict[str, str] = {}
    for _ in range(MOST):
        reply = account.send(request.with_query(**query) if query else request, label)
        yield reply
        exchange = {"response": {"header": {name.lower(): value for name, value in reply.headers}, "body": reply.json}}
        values = {name: evaluate(expression, exchange) for name, expression in fed.items()}
        query = {name: str(value) for name, value in values.items() if value}
        if not query:
            return
