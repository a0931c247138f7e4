"""What is there already: objects and path parameters that the contract or the configuration names."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.requests.validity import Validity
from conformance.schemas.composition import ALL, branches, properties, required
from conformance.schemas.values import Values
from conformance.serialization.parameters import header_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.operation import Operation, Parameter
    from conformance.contract.relations.reference import Reference
    from conformance.http.guard import RequestGuard
    from conformance.http.messages import Request
    from conformance.requests.bodies import Bodies
    from conformance.sut.given_values import GivenValues

CHANGING = ("PUT", "PATCH", "DELETE")  # what a contract names stays as it is
NAMING = ("const", "example", "default")


@dataclass(frozen=True, kw_only=True)
class PathValues:
    """The values of path parameters that no reply gives: what the contract names, and new ones for what a PUT makes."""

    bodies: Bodies
    values: GivenValues

    @property
    def document(self) -> Mapping[str, Any]:
        return self.bodies.contract.document

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
        found = {parameter.name: self._given(parameter, operation) for parameter in _of_path(operation)}
        return {name: _text(value) for name, value in found.items() if isinstance(value, (str, int))}

    def new(self, operation: Operation) -> dict[str, str]:
        """A new value for the last parameter. Empty if none is found."""
        last = next((each for each in _of_path(operation) if each.name == operation.path_parameters[-1]), None)
        values = Values(document=self.document, permits=self._permits, given=False, texts=self.bodies.texts)
        try:
            return {last.name: str(values.of(last.schema))} if last else {}
        except LookupError:
            return {}

    def configured(self, operation: Operation) -> bool:
        """The last parameter is given under [values]: whoever asks, this is what there is."""
        return (
            bool(operation.path_parameters) and self.values.value(operation, operation.path_parameters[-1]) is not None
        )

    def _given(self, parameter: Parameter, operation: Operation) -> Any:
        given = self.values.value(operation, parameter.name)
        if given is not None:
            return given
        parts = list(branches(self.document, parameter.schema, ALL))
        named = [part[name] for name in NAMING for part in parts if name in part]
        listed = [value for name in ("examples", "enum") for part in parts for value in part.get(name, ())]
        found = (value for value in (*parameter.examples, *named, *listed) if self._permits(parameter.schema, value))
        return next(found, None)

    def _permits(self, schema: Any, value: Any) -> bool:
        return self.bodies.validity.value_validity(schema, value) is not Validity.FORBIDDEN


@dataclass(frozen=True, kw_only=True)
class ExistingObjects:
    """What is there already: the contract names it, or the configuration says whose it is."""

    path_values: PathValues
    bodies: Bodies
    guard: RequestGuard

    @property
    def values(self) -> GivenValues:
        return self.path_values.values

    def path(self, operation: Operation, owner: str, *, made: bool) -> Mapping[str, str] | None:
        """The path parameters of what is there; None if nothing is that the operation may use.

        What the suite can make (`made`) is rather made, unless the configuration names it. What is there is not
        changed, but by operations that may change it.
        """
        own = {name: self.values.identifier(operation, name, owner) for name in operation.path_parameters}
        last = own[operation.path_parameters[-1]]
        if last is not None and self._may_use(operation):
            known = {**self.path_values.shown(operation), **{name: str(value) for name, value in own.items() if value}}
            return known if set(operation.path_parameters) <= known.keys() else None
        return self.path_values.given(operation) if not made or self.path_values.configured(operation) else None

    def _may_use(self, operation: Operation) -> bool:
        adds = operation.method == "POST" and HTTPStatus.CREATED in operation.success
        return operation.safe or adds or operation.id in self.guard.may_change

    def names_all(self, reference: Reference, owner: str) -> bool:
        """The configuration names what the reference is to, so that it need not be made."""
        return all(self.values.member(name, owner) is not None for name in reference.members)

    def as_given(self, request: Request, operation: Operation, owner: str) -> Request:
        """The drawn request with the values that are given in the place of those that were drawn."""
        for parameter in operation.parameters:
            value = self.values.value(operation, parameter.name)
            if value is not None and parameter.place == "query" and request.has_query(parameter.name):
                request = request.with_query(**{parameter.name: str(value)})
            if value is not None and parameter.place == "header" and request.header(parameter.name):
                request = request.with_header(parameter.name, header_text(parameter, value))
        return self.put_into(request, operation, owner)

    def put_into(self, request: Request, operation: Operation, owner: str) -> Request:
        """The request with what the owner has, wherever its query or its body names such a thing."""
        for parameter in operation.of_place("query"):
            value = self.values.member(parameter.name, owner)
            if value is not None and (parameter.required or request.has_query(parameter.name)):
                request = request.with_query(**{parameter.name: str(value)})
        declared = properties(self.path_values.document, operation.body_schema) if request.body else {}
        wanted = required(self.path_values.document, operation.body_schema)
        present = request.json.keys() | set(wanted)
        members = {name: self.values.member(name, owner) for name in declared if name in present}
        members = {name: value for name, value in members.items() if value is not None}
        return self.bodies.with_members(request, **members) if members else request


def _of_path(operation: Operation) -> list[Parameter]:
    return [
        known for known in operation.parameters if known.place == "path" and known.name in operation.path_parameters
    ]


def _text(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
