"""Invalid request bodies: for every constraint of a schema, a valid body that breaks it in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.requests.validity import Validity
from conformance.schemas.composition import branches, kinds, properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.openapi import Contract
    from conformance.requests.validity import RequestValidity

OF_OTHER_TYPES: tuple[Any, ...] = (True, 12345, "text", [], {})
UNKNOWN_MEMBER = "x-unknown-member"


def invalid_variants(
    contract: Contract, validator: RequestValidity, schema: Mapping[str, Any], body: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The bodies that the schema forbids: without a member, with an invalid value, with an unknown member."""
    if not isinstance(body, dict):
        return
    members = properties(contract.document, schema)
    without = [{name: value for name, value in body.items() if name != left_out} for left_out in body]
    broken = [
        {**body, name: value}
        for name, declared in members.items()
        for value in _broken(contract.document, declared, body.get(name))
        if validator.value_validity(declared, value) is Validity.FORBIDDEN
    ]
    for candidate in (*without, *broken, {**body, UNKNOWN_MEMBER: 1}):
        if validator.value_validity(schema, candidate) is Validity.FORBIDDEN:
            yield candidate


def _broken(document: Mapping[str, Any], declared: Any, valid: Any) -> Iterator[Any]:
    """Values that break the constraints of a schema, if it has them, one by one."""
    schema = {name: value for part in branches(document, declared) for name, value in part.items()}
    named = kinds(document, declared)
    yield next((value for value in OF_OTHER_TYPES if _kind(value) not in named), {})
    if "maxLength" in schema:
        yield (valid if isinstance(valid, str) else "") + "x" * (schema["maxLength"] + 1)
    if "minLength" in schema:
        yield ""
    if "pattern" in schema:
        yield " "
    if "enum" in schema:
        yield "x-no-such-value"
    if "minimum" in schema:
        yield schema["minimum"] - 1
    if "maximum" in schema:
        yield schema["maximum"] + 1
    if "minItems" in schema:
        yield []
    if isinstance(valid, list) and valid:
        yield [*valid, valid[0]]
        yield [*valid, {}]


def _kind(value: Any) -> str:
    return {bool: "boolean", int: "integer", str: "string", list: "array"}.get(type(value), "object")
