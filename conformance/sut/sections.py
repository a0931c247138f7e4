"""Tables of a configuration as dataclasses: unknown keys, missing ones and wrong types are told with their place."""

from __future__ import annotations

import math
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.errors import ConfigurationError
from conformance.sut.secret_values import require_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed import DataclassInstance

TYPES = {"str": "text", "int": "a whole number from 0", "float": "a number from 0", "bool": "true or false"}
Section = TypeVar("Section", bound="DataclassInstance")
Secret = str  # the type of a member that says where a secret is: `env:NAME`


def table_of(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where}: {key} must be a table, as in [{key}].")
    return value


def optional_section(kind: type[Section], table: Mapping[str, Any], key: str, where: str) -> Section | None:
    return section(kind, table_of(table, key, where), f"{where}, [{key}]") if key in table else None


def section(kind: type[Section], value: Mapping[str, Any], where: str) -> Section:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where} must be a table.")
    named = {key.replace("-", "_"): member for key, member in value.items()}
    members = fields(kind)
    known = {member.name: str(member.type) for member in members}
    refuse_unknown(named, set(known), where, " here")
    for member in members:
        if member.default is MISSING and member.default_factory is MISSING and member.name not in named:
            raise ConfigurationError(f"{where} lacks the key {shown_key(member.name)!r}. Add it.")
    return kind(**{key: typed(member, known[key], f"{where}: {shown_key(key)}") for key, member in named.items()})


def shown_key(name: str) -> str:
    """The key as it is written in a configuration."""
    return name.replace("_", "-")


def typed(value: Any, declared: str, where: str) -> Any:
    """The value, if it has the type that the dataclass declares. Raises ConfigurationError otherwise."""
    kind = declared.removesuffix(" | None")
    if kind.startswith("tuple"):
        if not isinstance(value, (list, tuple)):
            raise ConfigurationError(f"{where} must be a list, but is {value!r}. Write it in square brackets.")
        return tuple(typed(item, kind.removeprefix("tuple[").removesuffix(", ...]"), where) for item in value)
    if kind.startswith("Mapping"):
        if not isinstance(value, dict):
            raise ConfigurationError(f"{where} must be a table, but is {value!r}. Write it in braces.")
        item_kind = kind.removeprefix("Mapping[str, ").removesuffix("]")
        return {name: typed(item, item_kind, f"{where}.{name}") for name, item in value.items()}
    if kind == "Secret":
        if not isinstance(value, str):
            raise ConfigurationError(f'{where} must be text that says where the secret is. Write "env:NAME".')
        if value:
            require_reference(value, where)
    if kind in TYPES and not _has_type(value, kind):
        raise ConfigurationError(f"{where} must be {TYPES[kind]}, but is {value!r}. Mend it.")
    return value


def _has_type(value: Any, kind: str) -> bool:
    if kind in {"str", "bool"}:
        return type(value).__name__ == kind
    return type(value).__name__ in {"int", kind} and 0 <= value < math.inf


def refuse_unknown(value: Mapping[str, Any], known: set[str], where: str, here: str) -> None:
    for key in value:
        if key not in known:
            options = ", ".join(sorted(map(shown_key, known)))
            raise ConfigurationError(f"{where}: the key {key!r} is not known{here}. Known are: {options}.")
