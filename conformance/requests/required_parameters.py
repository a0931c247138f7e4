"""The parameters that an operation requires in every request: in its query, header fields, cookies, and path."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.contract.parameters import IGNORED_HEADERS
from conformance.errors import UntestableError
from conformance.requests.validity import Validity
from conformance.schemas.composition import ALL, branches
from conformance.schemas.values import Values
from conformance.serialization.parameters import cookie_text, header_text, query_text
from conformance.serialization.readings import raw_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Parameter
    from conformance.http.messages import Request
    from conformance.requests.validity import RequestValidity


CHANGING = ("PUT", "PATCH", "DELETE")  # what a contract names stays as it is
NAMING = ("const", "example", "default")


@dataclass(kw_only=True)
class RequiredParameters:
    """Adds them, with the contract's own examples or else with generated values; the same at all operations."""

    contract: Contract
    validity: RequestValidity
    _chosen: dict[str, Any] = field(default_factory=dict)

    def added(self, request: Request, operation: Operation) -> Request:
        """The request with what it lacks. Raises UntestableError if no value is known."""
        for parameter in operation.parameters:
            if parameter.required and parameter.place != "path" and not self._is_elsewhere(parameter, operation):
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
                "requires. Add an `example` of it to the contract."
            ) from None

    def _permits(self, schema: Any, value: Any) -> bool:
        return self.validity.value_validity(schema, value) is not Validity.FORBIDDEN


@dataclass(frozen=True, kw_only=True)
class PathValues:
    """The values of path parameters that no reply gives: what the contract names, and new ones for what a PUT makes."""

    """Finds them for an operation."""

    document: Mapping[str, Any]
    validity: RequestValidity

    def given(self, operation: Operation) -> dict[str, str] | None:
        """A value for each parameter, if the contract gives one for each; None if not, or if it may be somebody's.

        What is there was not made by the suite: it is not to be changed, nor to be kept from anybody.
        """
        owned = operation.ownership.declared and operation.ownership.visibility != "public"
        if operation.addressed and (operation.method in CHANGING or owned):
            return None
        known = self.shown(operation)
        return known if known and len(known) == len(_of_path(operation)) else None

    def shown(self, operation: Operation) -> dict[str, str]:
        """The values that the contract gives, of whichever parameters it does."""
        found = {parameter.name: self._given(parameter) for parameter in _of_path(operation)}
        return {name: _text(value) for name, value in found.items() if isinstance(value, (str, int))}

    def new(self, operation: Operation) -> dict[str, str]:
        """A new value for the last parameter. Empty if none is found."""
        last = next((each for each in _of_path(operation) if each.name == operation.path_parameters[-1]), None)
        values = Values(document=self.document, permits=self._permits, given=False)
        try:
            return {last.name: str(values.of(last.schema))} if last else {}
        except LookupError:
            return {}

    def _given(self, parameter: Parameter) -> Any:
        parts = list(branches(self.document, parameter.schema, ALL))
        named = [part[name] for name in NAMING for part in parts if name in part]
        listed = [value for name in ("examples", "enum") for part in parts for value in part.get(name, ())]
        found = (value for value in (*parameter.examples, *named, *listed) if self._permits(parameter.schema, value))
        return next(found, None)

    def _permits(self, schema: Any, value: Any) -> bool:
        return self.validity.value_validity(schema, value) is not Validity.FORBIDDEN


def _of_path(operation: Operation) -> list[Parameter]:
    return [
        known for known in operation.parameters if known.place == "path" and known.name in operation.path_parameters
    ]


def _text(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
