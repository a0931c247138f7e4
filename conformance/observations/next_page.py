"""Where the next page of a list is: by the contract's link, by RFC 8288, or by the parameters that APIs use for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from requests.utils import parse_header_links

from conformance.contract.expressions import evaluate
from conformance.contract.names import plain
from conformance.contract.page_parameters import CURSORS, NUMBERS, OFFSETS, SIZES, named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.operation import Operation, Parameter
    from conformance.http.messages import Reply, Request

Query = dict[str, str]

NEXT = frozenset({"next", "nextpage", "nextlink"})
LARGEST = 100  # items of a page, where the contract permits so many


def in_large_pages(operation: Operation, request: Request) -> Request:
    """The request for the same list in few pages, as far as the contract says how large they may be."""
    return _in_pages(operation, request, "maximum")


def in_small_pages(operation: Operation, request: Request) -> Request:
    """The request for the same list in many pages, as far as the contract says how small they may be."""
    return _in_pages(operation, request, "minimum")


def _in_pages(operation: Operation, request: Request, bound: str) -> Request:
    for parameter in named(operation, SIZES):
        size = parameter.schema.get(bound) if isinstance(parameter.schema, dict) else None
        if isinstance(size, int) and size > 0 and not request.has_query(parameter.name):
            return request.with_query(**{parameter.name: str(min(size, LARGEST))})
    return request


def with_size(operation: Operation, request: Request, size: int) -> Request:
    """The request for pages of so many items."""
    return request.with_query(**{named(operation, SIZES)[0].name: str(size)})


def first_query(operation: Operation, page: Reply) -> Query:
    """The number or the offset of the first page, which was asked for without; nothing where it has none."""
    for names, first in ((NUMBERS, 1), (OFFSETS, 0)):
        for parameter in named(operation, names)[:1]:
            return {parameter.name: str(_number(page, parameter, first=first))}
    return {}


def next_query(operation: Operation, page: Reply, count: int) -> Query:
    """The query parameters that lead to the next page, after one with so many items; none where nothing leads on."""
    if operation.fed:
        return by_declared_link(operation, page)
    ways: tuple[Callable[[Operation, Reply, int], Query], ...] = (_by_link, _by_cursor, _by_number, _by_offset)
    return next((query for way in ways if (query := way(operation, page, count))), {})


def by_declared_link(operation: Operation, page: Reply) -> Query:
    """What the contract's link from the operation to itself takes out of a page; nothing on the last page."""
    exchange = {"response": {"header": {name.lower(): value for name, value in page.headers}, "body": page.json}}
    values = {name: evaluate(expression, exchange) for name, expression in operation.fed.items()}
    return {name: str(value) for name, value in values.items() if value}


def _by_link(operation: Operation, page: Reply, _count: int) -> Query:
    """A link with the relation type `next`, in the field or in the body."""
    links = parse_header_links(page.header("Link")) if page.header("Link") else []
    found = [link["url"] for link in links if "next" in link.get("rel", "").lower().split()]
    found += [value for value in _members(page, NEXT) if "?" in value]
    query = parse_qsl(urlsplit(found[0]).query) if found else []
    return {name: value for name, value in query if operation.takes("query", name)}


def _by_cursor(operation: Operation, page: Reply, _count: int) -> Query:
    """A member of the answer with the name of the parameter, with or without `next` before it."""
    for parameter in named(operation, CURSORS):
        name = plain(parameter.name)
        values = _members(page, frozenset({name, f"next{name}", "next"}))
        if values:
            return {parameter.name: values[0]}
    return {}


def _by_number(operation: Operation, page: Reply, count: int) -> Query:
    known = named(operation, NUMBERS)
    if not known or not count:
        return {}
    return {known[0].name: str(_number(page, known[0], first=1) + 1)}


def _by_offset(operation: Operation, page: Reply, count: int) -> Query:
    known = named(operation, OFFSETS)
    if not known or not count:
        return {}
    return {known[0].name: str(_number(page, known[0], first=0) + count)}


def _number(page: Reply, parameter: Parameter, *, first: int) -> int:
    """The value of the parameter in the request of the page; without it its default, else the first one."""
    sent = dict(parse_qsl(urlsplit(page.request.path).query)).get(parameter.name, "")
    schema = parameter.schema if isinstance(parameter.schema, dict) else {}
    default = schema.get("default", 0 if schema.get("minimum") == 0 else first)
    return int(sent) if sent.isdigit() else default if isinstance(default, int) else first


def _members(page: Reply, names: frozenset[str]) -> list[str]:
    """The texts of members with such a name, at the top of the body or one level below."""
    tops: Mapping[str, Any] = page.json if isinstance(page.json, dict) else {}
    objects = [tops, *(member for member in tops.values() if isinstance(member, dict))]
    return [
        value
        for each in objects
        for name, value in each.items()
        if plain(name) in names and isinstance(value, str) and value
    ]
