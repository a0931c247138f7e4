"""A document as one value: the parts that pointers and references lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.errors import ReportedError

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = Any


class ContractError(ReportedError):
    """A contract that cannot be used: a sentence that says what is wrong, where, and what to do; or several."""

    exit_code = 2


def resolve(document: Mapping[str, JSON], pointer: str) -> JSON:
    """The value at a JSON Pointer fragment such as `#/components/schemas/Order` (RFC 6901)."""
    value: JSON = document
    for part in pointer.removeprefix("#").split("/")[1:]:
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, TypeError, ValueError):
            message = f"The contract refers to {pointer}, but has nothing there. Mend or remove the reference."
            raise ContractError(message) from None
    return value


def located(value: JSON, pointer: str) -> JSON:
    """The value at a JSON Pointer, None where there is none."""
    try:
        return resolve(value, pointer)
    except ContractError:
        return None


def with_value_at(document: Any, pointer: str, value: Any) -> Any:
    """The JSON document with this value at the pointer; objects on the way are made if they are missing."""
    first, _, rest = pointer.removeprefix("/").partition("/")
    name = first.replace("~1", "/").replace("~0", "~")
    members: Mapping[str, Any] = document if isinstance(document, dict) else {}
    return {**members, name: with_value_at(members.get(name), rest, value) if rest else value}


def follow(document: Mapping[str, JSON], value: JSON) -> JSON:
    """The value itself, or what its `$ref` names; siblings of the `$ref` win (OpenAPI 3.1, Reference Object)."""
    seen: set[str] = set()
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        reference = value["$ref"]
        if reference in seen:
            raise ContractError(f"The contract's reference {reference} leads back to itself. Break the circle.")
        seen.add(reference)
        siblings = {key: member for key, member in value.items() if key != "$ref"}
        target = resolve(document, reference)
        value = {**target, **siblings} if siblings and isinstance(target, dict) else target
    return value
