"""All places at which a value is not what its JSON Schema permits, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.reading.gathering import Gathered
    from conformance.contract.reading.grammar import Steps

LONGEST = 200  # characters of a reason
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def insist(reading: Gathered, value: Any, steps: Steps, *, schema: dict[str, Any], kind: str) -> None:
    """Notes each place of a value, which stands at these steps, that the schema does not permit."""
    for within, reason in refusals(schema, value):
        whole = (*steps, *within)
        reading.wrong(whole, f"This is not valid {kind} at {reading.pointer(whole)}: {reason}. Mend it there.")


def refusals(schema: dict[str, Any], value: Any) -> Iterator[tuple[Steps, str]]:
    """The steps to each place that the schema refuses, and the reason."""
    failed = jsonschema_rs.validator_for(schema).iter_errors(value)
    errors = [told for error in failed for told in _meant(error)]
    for error in errors:
        if not _follows(error, errors, schema):
            yield from _told(error)


def _told(error: jsonschema_rs.ValidationError) -> Iterator[tuple[Steps, str]]:
    """Where it is, and why; each member that does not belong there has its own place."""
    place = tuple(error.instance_path)
    if error.kind.name in {"additionalProperties", "unevaluatedProperties"}:
        for name in error.kind.as_dict()["unexpected"]:
            yield (*place, name), f"{name} is no member that may stand there"
    else:
        yield place, error.message if len(error.message) <= LONGEST else f"{error.message[:LONGEST]}…"


def refusals_of_schema(schema: Any, dialect: str = DIALECT) -> Iterator[tuple[Steps, str]]:
    """What is wrong with a JSON Schema of the dialect that it names, else of this one."""
    named = schema.get("$schema") if isinstance(schema, dict) else None
    try:
        yield from refusals({"$ref": named if isinstance(named, str) else dialect}, schema)
    except (jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError, ValueError):
        return  # a dialect of somebody's own


def _follows(error: jsonschema_rs.ValidationError, errors: list[jsonschema_rs.ValidationError], schema: Any) -> bool:
    """It says that members are unknown which are known, and only because of another error in one of them."""
    if error.kind.name != "unevaluatedProperties":
        return False
    place = list(error.instance_path)
    caused = any(other is not error and list(other.instance_path)[: len(place)] == place for other in errors)
    return caused and set(error.kind.as_dict()["unexpected"]) <= _known_members(schema)


def _known_members(schema: Any) -> set[str]:
    """The names of all members that a schema describes anywhere."""
    if isinstance(schema, list):
        return set().union(*map(_known_members, schema))
    if not isinstance(schema, dict):
        return set()
    named = schema.get("properties")
    return set(named if isinstance(named, dict) else ()).union(*map(_known_members, schema.values()))


def _meant(error: jsonschema_rs.ValidationError) -> Iterator[jsonschema_rs.ValidationError]:
    """Of alternatives that all fail the errors of the one that was meant, since "none of them fits" helps nobody."""
    alternatives = getattr(error.kind, "context", None)
    if not alternatives or error.kind.name not in {"oneOf", "anyOf"}:
        yield error
        return
    for further in max(alternatives, key=lambda each: _nearness(each, len(error.instance_path))):
        yield from _meant(further)


def _nearness(errors: list[jsonschema_rs.ValidationError], depth: int) -> tuple[bool, bool, int, int]:
    """How near an alternative came: its members say that it is meant, and what fails is deep inside.

    What has no `$ref` was not meant to be a reference.
    """
    here = [each for each in errors if len(each.instance_path) == depth]
    referring = any(each.kind.name == "required" and "$ref" in each.message for each in here)
    near = [each for each in errors if len(each.instance_path) <= depth + 1]
    other = any(each.kind.name in {"enum", "const", "type"} for each in near)
    return not referring, not other, max(len(each.instance_path) for each in errors), -len(errors)
