"""Lists in pages, read one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from conformance.errors import InapplicableError
from conformance.observations.next_page import in_large_pages, next_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.openapi import Contract
    from conformance.http.messages import Reply, Request

LATENESS = 3.0  # seconds for which a list may not show what was made, where nothing is declared
MAX_PAGES = 50  # pages that are read of one list, unless more are asked for


class Reader(Protocol):
    """Whoever may read the list, most often an account."""

    @property
    def contract(self) -> Contract:
        """The contract that describes the list."""

    def send(self, request: Request, label: str = "attempt") -> Reply:
        """The reply to a request with the reader's credentials."""


def pages(
    account: Reader, request: Request, label: str = "attempt", *, after: Reply | None = None, most: int = MAX_PAGES
) -> Iterator[Reply]:
    """The pages of a list from the first one, or from the one `after` a page; `most` of them at the most.

    There is a single page where nothing leads to the next one. A page that is refused, or shows what the one before it
    did, is behind the last one.
    """
    operation = account.contract.operation(request.operation)
    former = after
    for _ in range(most):
        query = next_query(operation, former, _count(account.contract, former)) if former else {}
        if former and not query:
            return
        page = account.send(request.with_query(**query) if query else request, label)
        if former and not operation.fed and (not page.success or page.body == former.body):
            return
        yield page
        former = page


def whole_list(account: Reader, request: Request, label: str = "attempt") -> Iterator[Reply]:
    """All pages of a list, as few as the contract permits."""
    yield from pages(account, in_large_pages(account.contract.operation(request.operation), request), label)


def _count(contract: Contract, page: Reply) -> int:
    """How many items a page holds; none where it is no list."""
    try:
        return len(items(contract, page))
    except InapplicableError:
        return 0


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
