"""Requests for larger pages than the contract permits, which many servers answer with the largest that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from conformance.contract.names import plain
from conformance.contract.page_parameters import SIZES
from conformance.schemas.composition import keyword, properties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.operation import Operation
    from conformance.http.messages import Request


def with_largest_page(document: Mapping[str, Any], operation: Operation, request: Request) -> Request:
    """The request with the largest page that the contract permits where it asks for more, in its query or its body."""
    asked = dict(parse_qsl(urlsplit(request.path).query))
    for parameter in operation.of_place("query"):
        given = asked.get(parameter.name, "")
        most = _most(document, parameter.name, parameter.schema)
        if most is not None and given.isdecimal() and int(given) > most:
            request = request.with_query(**{parameter.name: str(most)})
    body = request.json if isinstance(request.json, dict) else {}
    schemas = properties(document, operation.body_schema) if body else {}
    sizes = {name: _most(document, name, schema) for name, schema in schemas.items()}
    larger = {name: most for name, most in sizes.items() if most is not None and _is_more(body.get(name), most)}
    return request.with_members(**larger) if larger else request


def _most(document: Mapping[str, Any], name: str, schema: Any) -> int | None:
    """The greatest size of a page, if that is what the name stands for."""
    most = keyword(document, schema, "maximum") if plain(name) in SIZES else None
    return most if isinstance(most, int) else None


def _is_more(given: Any, most: int) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given > most
