"""What a schema says together with those that it is composed of (JSON Schema 2020-12 core, section 10.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.document import follow
from conformance.contract.operation import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALL, SOME = ("allOf",), ("allOf", "anyOf", "oneOf")
DEEPEST = 20  # schemas within each other


def branches(
    document: Mapping[str, Any], schema: Any, keywords: tuple[str, ...] = SOME, depth: int = 0
) -> Iterator[Mapping[str, Any]]:
    """The schema itself, without its reference, and those that the keywords compose it of, however deep."""
    followed = as_object(follow(document, schema))
    yield followed
    if depth < DEEPEST:
        for part in (part for keyword in keywords for part in followed.get(keyword, ())):
            yield from branches(document, part, keywords, depth + 1)


def kinds(document: Mapping[str, Any], schema: Any) -> frozenset[str]:
    """The types that a value may have; none are named where the schema leaves them open."""
    found: set[str] = set()
    for part in branches(document, schema):
        declared = part.get("type", ())
        found |= {declared} if isinstance(declared, str) else set(declared)
    return frozenset(found)


def properties(document: Mapping[str, Any], schema: Any) -> dict[str, Mapping[str, Any]]:
    """The declared members of an object, each with its schema: all that must hold of it, else those that may."""
    certain = _declarations(branches(document, schema, ALL))
    possible = _declarations(branches(document, schema))
    return {
        name: _composed("allOf", certain[name]) if name in certain else _composed("anyOf", declared)
        for name, declared in possible.items()
    }


def _declarations(parts: Iterator[Mapping[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for part in parts:
        for name, declared in part.get("properties", {}).items():
            found.setdefault(name, []).append(declared)
    return found


def _composed(how: str, schemas: list[Any]) -> Mapping[str, Any]:
    return as_object(schemas[0]) if len(schemas) == 1 else {how: schemas}


def required(document: Mapping[str, Any], schema: Any) -> frozenset[str]:
    """The members that an object must have."""
    return frozenset(
        name for part in branches(document, schema, ALL) for name in part.get("required", ()) if isinstance(name, str)
    )


def items(document: Mapping[str, Any], schema: Any) -> Mapping[str, Any]:
    """The schema of the elements of an array."""
    return next((as_object(part["items"]) for part in branches(document, schema) if "items" in part), {})


def member_schema(document: Mapping[str, Any], schema: Any, pointer: str) -> Any:
    """The schema of the member at a pointer, which may lack its first slash; empty where none is declared."""
    for name in pointer.removeprefix("/").split("/"):
        schema = properties(document, schema).get(name, {})
    return schema


def keyword(document: Mapping[str, Any], schema: Any, name: str) -> Any:
    """The first value that a keyword has in the schema or in what it is made of; None without one."""
    return next((part[name] for part in branches(document, schema) if name in part), None)


def declared_names(document: Mapping[str, Any], schema: Any, *, depth: int = 4) -> frozenset[str]:
    """The names of all members that a value of the schema may have, down to so many levels."""
    members = properties(document, schema) if depth else {}
    inner = [*members.values(), *([items(document, schema)] if depth else [])]
    deeper = (declared_names(document, each, depth=depth - 1) for each in inner if each)
    return frozenset(members).union(*deeper)
