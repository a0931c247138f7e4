"""Requests of which the contract settles that they are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.schemas.settled import settles
from conformance.serialization.bodies import BodyFormat
from conformance.serialization.readings import UnclearError, query_value, raw_pairs, simple_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.operation import Operation
    from conformance.http.messages import Request


@dataclass(frozen=True, kw_only=True)
class SettledRequests:
    """Looks at permitted requests of an operation; `plain` is one that was accepted."""

    operation: Operation
    plain: Request
    document: Mapping[str, Any]

    def __contains__(self, request: Request) -> bool:
        """Each value is settled by its schema, and the body lacks no member that the plain one has."""
        try:
            values = list(self._values(request))
        except (UnclearError, ValueError, RecursionError):
            return False
        return all(settles(self.document, schema, value) for schema, value in values)

    def _values(self, request: Request) -> Iterator[tuple[Any, Any]]:
        """Each parameter and the body: schema and value. Raises UnclearError if one cannot be read for sure."""
        document, pairs = self.document, raw_pairs(urlsplit(request.path).query)
        for parameter in self.operation.parameters:
            if parameter.place == "query":
                value = query_value(document, parameter, pairs)
            elif parameter.place == "header" and request.header(parameter.name):
                value = simple_value(document, parameter, [request.header(parameter.name)])
            else:
                continue
            if value is not None:
                yield parameter.schema, value
        if request.body:
            schema, value = self._body(request)
            _, plain = self._body(self.plain)
            if isinstance(plain, dict) and not plain.keys() <= value.keys():
                raise UnclearError
            yield schema, value

    def _body(self, request: Request) -> tuple[Any, Any]:
        content_type = request.header("Content-Type") or self.operation.media_type
        declared = self.operation.body_of(content_type)
        if declared is None:
            raise UnclearError
        form = BodyFormat.of(self.document, *declared)
        return form.schema, form.decoded(request.body or b"", content_type)
