"""Whether the contract permits a request as it is sent, however it was generated."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jsonschema_rs

from conformance.contract.operation import is_json
from conformance.http.messages import FORM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Parameter
    from conformance.http.messages import Request

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
UNSTORABLE = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]", re.ASCII)  # escapes that no text column need take


class Validity(StrEnum):
    """Whether the contract permits a request; doubtful where correct servers differ."""

    PERMITTED = "permitted"
    FORBIDDEN = "forbidden"
    DOUBTFUL = "doubtful"


@dataclass(kw_only=True)
class RequestValidator:
    """Judges requests by the schemas of the contract."""

    contract: Contract
    _validators: dict[str, Any] = field(default_factory=dict)

    def validity(self, operation: Operation, request: Request) -> Validity:
        """Forbidden if one of its parts is, permitted if all are."""
        found = {self._body(operation, request), *self._parameters(operation, request)}
        return next(
            (worst for worst in (Validity.FORBIDDEN, Validity.DOUBTFUL) if worst in found),
            Validity.PERMITTED,
        )

    def value_validity(self, schema: Mapping[str, Any], value: Any) -> Validity:
        """Whether a schema permits a value; doubtful if only its format is wrong, which not every server validates."""
        if not self._validator(schema, formats=False).is_valid(value):
            return Validity.FORBIDDEN
        return Validity.PERMITTED if self._validator(schema, formats=True).is_valid(value) else Validity.DOUBTFUL

    def _validator(self, schema: Mapping[str, Any], *, formats: bool) -> Any:
        """The validator of a schema whose references point into the contract's document."""
        key = f"{formats} {json.dumps(schema, sort_keys=True)}"
        if key not in self._validators:
            document = self.contract.document
            whole = {name: document[name] for name in ("components", "x-gathered") if name in document}
            self._validators[key] = jsonschema_rs.Draft202012Validator({**schema, **whole}, validate_formats=formats)
        return self._validators[key]

    def _body(self, operation: Operation, request: Request) -> Validity:
        if not operation.bodies:
            return Validity.PERMITTED
        if not request.body:
            return Validity.FORBIDDEN if operation.body_required else Validity.DOUBTFUL
        judge = partial(self.value_validity, operation.body_schema)
        if is_json(operation.media_type):
            return _json(request.body, judge)
        if operation.media_type == FORM:
            return _form(request.body, judge)
        return Validity.DOUBTFUL

    def _parameters(self, operation: Operation, request: Request) -> Iterator[Validity]:
        query = parse_qs(urlsplit(request.path).query, keep_blank_values=True)
        for parameter in operation.parameters:
            if parameter.place == "query":
                yield self._parameter(parameter, query.get(parameter.name, []))
            elif parameter.place == "header":
                given = [value for name, value in request.headers if name.lower() == parameter.name.lower()]
                yield self._parameter(parameter, given)

    def _parameter(self, parameter: Parameter, given: list[str]) -> Validity:
        if not given:
            return Validity.FORBIDDEN if parameter.required else Validity.PERMITTED
        if len(given) > 1 or not given[0].strip():
            return Validity.DOUBTFUL
        return self.value_validity(parameter.schema, typed(given[0].strip(), self.contract.schema(parameter.schema)))


def typed(text: str, schema: Mapping[str, Any]) -> Any:
    """The value of a parameter in the type that its schema asks for, where the text can be read so."""
    declared = schema.get("type", "string")
    kinds = {declared} if isinstance(declared, str) else set(declared)
    if "integer" in kinds and INTEGER.fullmatch(text):
        return int(text)
    if "number" in kinds and NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in kinds and text in {"true", "false"}:
        return text == "true"
    return text


def _form(body: bytes, judge: Callable[[Any], Validity]) -> Validity:
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    members = dict(pairs)
    clear = len(members) == len(pairs) and all(members) and all(members.values())
    return judge(members) if clear else Validity.DOUBTFUL


def _json(body: bytes, judge: Callable[[Any], Validity]) -> Validity:
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return Validity.FORBIDDEN
    validity = judge(value)
    if validity is Validity.PERMITTED and UNSTORABLE.search(body):
        return Validity.DOUBTFUL
    return validity
