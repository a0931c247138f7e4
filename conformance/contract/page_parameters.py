"""Parameters of pages, by the names that APIs have for them where no link tells what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.names import plain

if TYPE_CHECKING:
    from conformance.contract.operation import Operation, Parameter

NUMBERS = frozenset({"page", "pagenumber", "pageno", "p"})
OFFSETS = frozenset({"offset", "skip", "start", "startindex"})
CURSORS = frozenset({"cursor", "after", "pagetoken", "nexttoken", "continuationtoken", "startingafter", "marker"})
SIZES = frozenset({"limit", "size", "pagesize", "perpage", "maxresults", "maxitems", "count"})


def is_numbered(operation: Operation) -> bool:
    """It takes a size, and the number, the offset or the cursor of a page, by the names that APIs have for them."""
    return bool(named(operation, SIZES) and named(operation, NUMBERS | OFFSETS | CURSORS))


def is_cursor(name: str, schema: Any) -> bool:
    """A parameter or a member of this name takes what only the server can give, unless its schema tells what it is."""
    told = isinstance(schema, dict) and {"format", "enum", "const", "pattern"} & schema.keys()
    return plain(name) in CURSORS and not told


def named(operation: Operation, names: frozenset[str]) -> list[Parameter]:
    """Its parameters of the query that are called so."""
    return [each for each in operation.parameters if each.place == "query" and plain(each.name) in names]
