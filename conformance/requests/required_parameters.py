"""The parameters that an operation requires in every request: in its query, header fields and cookies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.contract.parameters import IGNORED_HEADERS
from conformance.errors import UntestableError
from conformance.requests.validity import Validity
from conformance.schemas.values import Values
from conformance.serialization.parameters import cookie_text, header_text, query_text
from conformance.serialization.readings import raw_pairs

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Parameter
    from conformance.http.messages import Request
    from conformance.requests.validity import RequestValidity
    from conformance.sut.given_values import GivenValues


@dataclass(kw_only=True)
class RequiredParameters:
    """Adds them, with the contract's own examples or else with generated values; the same at all operations."""

    contract: Contract
    validity: RequestValidity
    values: GivenValues
    _chosen: dict[str, Any] = field(default_factory=dict)

    def added(self, request: Request, operation: Operation) -> Request:
        """The request with what it lacks. Raises UntestableError if no value is known."""
        for parameter in operation.parameters:
            wanted = parameter.required or self.values.is_meant_for(operation, parameter.name)
            if wanted and parameter.place != "path" and not self._is_elsewhere(parameter, operation):
                request = self._with(request, parameter, operation)
        return request

    def _is_elsewhere(self, parameter: Parameter, operation: Operation) -> bool:
        """Others add it: credentials, or the object that a link says the query refers to."""
        schemes = {
            (requirement.scheme.place, requirement.scheme.parameter.lower())
            for alternative in operation.alternatives
            for requirement in alternative
        }
        referred = {("query", name.lower()) for reference in operation.references for name in reference.query}
        ignored = {("header", name) for name in IGNORED_HEADERS}
        return (parameter.place, parameter.name.lower()) in schemes | referred | ignored

    def _with(self, request: Request, parameter: Parameter, operation: Operation) -> Request:
        if parameter.place == "header":
            if request.header(parameter.name):
                return request
            return request.with_header(parameter.name, header_text(parameter, self._value(parameter, operation)))
        if parameter.place == "cookie":
            return request.with_cookie(cookie_text(parameter, self._value(parameter, operation)))
        query = urlsplit(request.path).query
        if parameter.name in dict(raw_pairs(query)):
            return request
        separator = "&" if query else "?"
        return request.at(f"{request.path}{separator}{query_text(parameter, self._value(parameter, operation))}")

    def _value(self, parameter: Parameter, operation: Operation) -> Any:
        given = self.values.value(operation, parameter.name)
        if given is not None:
            return given
        key = f"{parameter.place} {parameter.name} {json.dumps(parameter.schema, sort_keys=True)}"
        if key not in self._chosen:
            self._chosen[key] = self._new_value(parameter, operation)
        return self._chosen[key]

    def _new_value(self, parameter: Parameter, operation: Operation) -> Any:
        given = [value for value in parameter.examples if self._permits(parameter.schema, value)]
        if given:
            return given[0]
        try:
            return Values(document=self.contract.document, permits=self._permits).of(parameter.schema)
        except LookupError:
            raise UntestableError(
                f"no value is known for the {parameter.place} parameter {parameter.name}, which {operation.id} "
                f"requires. Add an `example` of it to the contract, or {parameter.name} under [values]."
            ) from None

    def _permits(self, schema: Any, value: Any) -> bool:
        return self.validity.value_validity(schema, value) is not Validity.FORBIDDEN
