"""Schemas as they hold in one direction (JSON Schema validation, section 9.4).

`readOnly` members are no part of what is sent, `writeOnly` ones none of what is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.schemas.composition import ALL, branches, items, properties

if TYPE_CHECKING:
    from collections.abc import Mapping


def for_requests(document: Mapping[str, Any], value: Any) -> Any:
    """A schema, or anything that holds schemas, in which no object requires a member that only servers set."""
    return _not_requiring(document, value, "readOnly")


def for_answers(document: Mapping[str, Any], value: Any) -> Any:
    """A schema, or anything that holds schemas, in which no object requires a member that is not told."""
    return _not_requiring(document, value, "writeOnly")


def _not_requiring(document: Mapping[str, Any], value: Any, keyword: str) -> Any:
    if isinstance(value, list):
        return [_not_requiring(document, item, keyword) for item in value]
    if not isinstance(value, dict):
        return value
    rewritten = {key: _not_requiring(document, member, keyword) for key, member in value.items()}
    if isinstance(value.get("required"), list):
        left_out = {
            name
            for part in branches(document, value, ALL)
            for name, declared in _mapping(part.get("properties")).items()
            if _says(document, declared, keyword)
        }
        rewritten["required"] = [name for name in value["required"] if name not in left_out]
    return rewritten


def without_read_only(document: Mapping[str, Any], schema: Any, value: Any) -> Any:
    """The value without the members that only servers set."""
    if isinstance(value, list):
        element = items(document, schema)
        return [without_read_only(document, element, item) for item in value] if element else value
    declared = properties(document, schema) if isinstance(value, dict) else {}
    if not declared:
        return value
    return {
        name: without_read_only(document, declared[name], member) if name in declared else member
        for name, member in value.items()
        if name not in declared or not is_read_only(document, declared[name])
    }


def is_read_only(document: Mapping[str, Any], schema: Any) -> bool:
    """The member is the server's to set."""
    return _says(document, schema, "readOnly")


def _says(document: Mapping[str, Any], schema: Any, keyword: str) -> bool:
    return any(part.get(keyword) is True for part in branches(document, schema, ALL))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
