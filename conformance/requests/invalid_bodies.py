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
COERCIBLE: Mapping[str, tuple[Any, ...]] = {  # what a lenient reader takes for a value of the type
    "boolean": ("true", 1),
    "integer": ("1",),
    "number": ("1",),
    "string": (12345,),
}
UNKNOWN_MEMBER = "x-unknown-member"


def invalid_variants(
    contract: Contract, validator: RequestValidity, schema: Mapping[str, Any], body: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The bodies that the schema forbids: without a member, with an invalid value, with an unknown member.

    Where the contract is normative, values of another type are those that lenient readers take for one of the right.
    """
    if not isinstance(body, dict):
        return
    members = properties(contract.document, schema)
    without = [{name: value for name, value in body.items() if name != left_out} for left_out in body]
    broken = [
        {**body, name: value}
        for name, declared in members.items()
        for value in _broken(contract, declared, body.get(name))
        if validator.value_validity(declared, value) is Validity.FORBIDDEN
    ]
    bounded = any("minProperties" in part for part in branches(contract.document, schema))
    empty: list[dict[str, Any]] = [{}] if bounded and len(body) > 1 else []
    for candidate in (*without, *broken, *empty, {**body, UNKNOWN_MEMBER: 1}):
        if validator.value_validity(schema, candidate) is Validity.FORBIDDEN:
            yield candidate


def _broken(contract: Contract, declared: Any, valid: Any) -> Iterator[Any]:
    """Values that break the constraints of a schema, if it has them, one by one."""
    schema = {name: value for part in branches(contract.document, declared) for name, value in part.items()}
    named = kinds(contract.document, declared)
    lax = _coercible(named, valid) if contract.normative else []
    yield from lax or [next((value for value in OF_OTHER_TYPES if _kind(value) not in named), {})]
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


def _coercible(named: frozenset[str], valid: Any) -> list[Any]:
    """Values of other types than those named that are easily taken for one of them; null for what it is not."""
    listed = [valid[0]] if isinstance(valid, list) and valid else []
    found = [*(value for name in sorted(named) for value in COERCIBLE.get(name, ())), *listed]
    return [*found, *([] if "null" in named else [None])] if found else []


def _kind(value: Any) -> str:
    return {bool: "boolean", int: "integer", str: "string", list: "array"}.get(type(value), "object")
