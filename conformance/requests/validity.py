"""Whether the contract permits a request as it is sent, however it was generated."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jsonschema_rs

from conformance.contract.operation import is_json
from conformance.contract.parameters import IGNORED_HEADERS
from conformance.errors import UntestableError
from conformance.schemas.composition import kinds, required
from conformance.schemas.direction import for_requests, without_read_only
from conformance.serialization.bodies import MULTIPART, BodyFormat
from conformance.serialization.readings import (
    UnclearError,
    other_readings,
    query_value,
    raw_pairs,
    simple_value,
    softened,
    with_halves,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Parameter
    from conformance.http.messages import Request

UNSTORABLE = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]", re.ASCII)  # escapes that no text column need take
BROKEN_SCHEMA = (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError)


class Validity(StrEnum):
    """Whether the contract permits a request; doubtful where correct servers differ."""

    PERMITTED = "permitted"
    FORBIDDEN = "forbidden"
    DOUBTFUL = "doubtful"


def worst(*found: Validity) -> Validity:
    """What holds for the whole if this holds for its parts."""
    order = (Validity.FORBIDDEN, Validity.DOUBTFUL, Validity.PERMITTED)
    return next((validity for validity in order if validity in found), Validity.PERMITTED)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a request, by a name that a reader finds in the contract, and what the contract says of it."""

    name: str
    validity: Validity


@dataclass(kw_only=True)
class RequestValidity:
    """Judges requests by the parameters, media types and schemas of the contract.

    Forbidden is only what every reading of the contract forbids.
    """

    contract: Contract
    _validators: dict[str, Any] = field(default_factory=dict)

    def validity(self, operation: Operation, request: Request) -> Validity:
        """Forbidden if one of its parts is, permitted if all are."""
        return worst(*(part.validity for part in self.parts(operation, request)))

    def require_permitted(self, operation: Operation, request: Request) -> None:
        """Raises UntestableError if the contract forbids the request."""
        parts = self.forbidden_parts(operation, request)
        if parts:
            raise UntestableError(
                f"no request of {operation.id} is known that the contract permits: {', '.join(parts)} of the best one "
                "is against its schema, or missing. Add an `example` of it to the contract.",
            )

    def forbidden_parts(self, operation: Operation, request: Request) -> list[str]:
        """The names of the parts that the contract forbids, or demands and does not find."""
        return [part.name for part in self.parts(operation, request) if part.validity is Validity.FORBIDDEN]

    def permitted(self, request: Request, header: str) -> Request:
        """The request with a header parameter that was added. Raises UntestableError if the contract forbids its value.

        It may declare a form of it that leaves out some of those that the standard has.
        """
        operation = self.contract.operation(request.operation)
        if f"the header parameter {header}".lower() in map(str.lower, self.forbidden_parts(operation, request)):
            raise UntestableError(f"{operation.id} declares a form of {header} that {request.header(header)} has not.")
        return request

    def parts(self, operation: Operation, request: Request) -> Iterator[Part]:
        """All parts of the request that the contract says something of."""
        yield Part(name="the body", validity=self._body(operation, request))
        pairs = raw_pairs(urlsplit(request.path).query)
        cookies = raw_pairs(request.header("Cookie").replace("; ", "&"))
        for parameter in operation.parameters:
            name = f"the {parameter.place} parameter {parameter.name}"
            if parameter.place in {"query", "cookie"}:
                yield Part(
                    name=name,
                    validity=self._pairs(parameter, pairs if parameter.place == "query" else cookies),
                )
            elif parameter.place == "header" and parameter.name.lower() not in IGNORED_HEADERS:
                yield Part(name=name, validity=self._header(parameter, request))
            elif parameter.place == "path":
                yield Part(name=name, validity=self._path(parameter, dict(request.parameters)))

    def value_validity(self, schema: Any, value: Any) -> Validity:
        """What a schema says of a value; formats are hints to some servers and rules to others."""
        document = self.contract.document
        sent = without_read_only(document, schema, value)
        try:
            if not self._validator(schema, formats=False).is_valid(sent):
                return Validity.FORBIDDEN
            certain = sent == value and self._validator(schema, formats=True).is_valid(sent)
        except BROKEN_SCHEMA:  # a schema that says nothing forbids nothing
            return Validity.DOUBTFUL
        return Validity.PERMITTED if certain else Validity.DOUBTFUL

    @cached_property
    def _definitions(self) -> dict[str, Any]:
        """What references may lead to, as it holds for requests."""
        document = self.contract.document
        names = ["components", "x-gathered", *(["paths"] if '"#/paths' in json.dumps(document) else [])]
        return {name: for_requests(document, document[name]) for name in names if name in document}

    def _validator(self, schema: Any, *, formats: bool) -> Any:
        """The validator of a schema whose references point into the contract's document."""
        key = f"{formats} {json.dumps(schema, sort_keys=True)}"
        if key not in self._validators:
            own = for_requests(self.contract.document, schema) if isinstance(schema, dict) else {"allOf": [schema]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                {**own, **self._definitions}, validate_formats=formats
            )
        return self._validators[key]

    def _body(self, operation: Operation, request: Request) -> Validity:
        if not operation.bodies:
            return Validity.PERMITTED
        if not request.body:
            return Validity.FORBIDDEN if operation.body_required else Validity.DOUBTFUL
        content_type = request.header("Content-Type") or operation.media_type
        declared = operation.body_of(content_type)
        if declared is None:
            return Validity.DOUBTFUL
        return self._content(BodyFormat.of(self.contract.document, *declared), request.body, content_type)

    def _content(self, form: BodyFormat, body: bytes, content_type: str) -> Validity:
        try:
            value = form.decoded(body, content_type)
        except UnclearError:
            return Validity.DOUBTFUL
        except (ValueError, RecursionError):
            return Validity.FORBIDDEN if is_json(form.media_type) else Validity.DOUBTFUL
        validity = self.value_validity(form.schema, value)
        if form.essence == MULTIPART and required(self.contract.document, form.schema) <= set(value):
            return validity if validity is Validity.PERMITTED else Validity.DOUBTFUL  # what text a part is, is open
        if is_json(form.media_type):
            doubtful = UNSTORABLE.search(body) or self._has_integer_with_fraction(form.schema, value)
            return Validity.DOUBTFUL if validity is Validity.PERMITTED and doubtful else validity
        return self._softer(form.schema, value, validity)

    def _has_integer_with_fraction(self, schema: Any, value: Any) -> bool:
        """An integer is written as 1.0 or 1e2: one by JSON Schema 2020-12, none by the draft of OpenAPI 3.0.

        The contract of a place for an integer forbids the same number and a half.
        """
        other = with_halves(value)
        return bool(other != value) and self.value_validity(schema, other) is Validity.FORBIDDEN

    def _pairs(self, parameter: Parameter, pairs: list[tuple[str, str]]) -> Validity:
        """Of a parameter in the query or a cookie."""
        document = self.contract.document
        try:
            value = query_value(document, parameter, pairs)
        except UnclearError:
            return Validity.DOUBTFUL
        if value is None:
            return self._absent(parameter)
        validity = self._softer(parameter.schema, value, self.value_validity(parameter.schema, value))
        if validity is Validity.FORBIDDEN:
            others = other_readings(document, parameter, pairs)
            found = {self._softer(parameter.schema, other, Validity.FORBIDDEN) for other in others}
            return Validity.FORBIDDEN if found <= {Validity.FORBIDDEN} else Validity.DOUBTFUL
        return validity

    def _header(self, parameter: Parameter, request: Request) -> Validity:
        given = [value for name, value in request.headers if name.lower() == parameter.name.lower()]
        if not given:
            return self._absent(parameter)
        try:
            value = simple_value(self.contract.document, parameter, given)
        except UnclearError:
            return Validity.DOUBTFUL
        return self._softer(parameter.schema, value, self.value_validity(parameter.schema, value))

    def _path(self, parameter: Parameter, values: Mapping[str, Any]) -> Validity:
        """Of a value in the path; where the server itself has given one that it forbids, nothing is sure."""
        if parameter.name not in values:
            return Validity.FORBIDDEN
        value = simple_value(self.contract.document, parameter, [str(values[parameter.name]) or "-"])
        permitted = self.value_validity(parameter.schema, value) is Validity.PERMITTED
        return Validity.PERMITTED if permitted else Validity.DOUBTFUL

    def _absent(self, parameter: Parameter) -> Validity:
        """Of a parameter that is not there; an empty array or object may be written as nothing."""
        if not parameter.required:
            return Validity.PERMITTED
        named = kinds(self.contract.document, parameter.schema)
        empty: list[Any] = [value for kind, value in (("array", []), ("object", {})) if kind in named]
        forbidden = all(self.value_validity(parameter.schema, value) is Validity.FORBIDDEN for value in empty)
        return Validity.FORBIDDEN if forbidden else Validity.DOUBTFUL

    def _softer(self, schema: Any, value: Any, validity: Validity) -> Validity:
        """The same, unless it is forbidden as it was read, and permitted as a lenient server may read it."""
        if validity is not Validity.FORBIDDEN:
            return validity
        other = softened(self.contract.document, schema, value, self._permits)
        return Validity.DOUBTFUL if self._permits(schema, other) else Validity.FORBIDDEN

    def _permits(self, schema: Any, value: Any) -> bool:
        return self.value_validity(schema, value) is not Validity.FORBIDDEN
