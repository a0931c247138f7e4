"""Whether a document is what it claims to be, asked before anything is read out of it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from schemathesis.specs.openapi.definitions import OPENAPI_30, OPENAPI_31, OPENAPI_32, SWAGGER_20

from conformance import resources
from conformance.contract.document import ContractError, follow
from conformance.contract.reading.gathering import GATHERED
from conformance.contract.reading.grammar import ASYNCAPI_GRAMMAR, OPENAPI_GRAMMAR, at
from conformance.contract.reading.validation import DIALECT, insist, refusals_of_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.contract.reading.gathering import Gathered
    from conformance.contract.reading.grammar import Grammar, Steps

OPENAPI = {"2.0": SWAGGER_20, "3.0": OPENAPI_30, "3.1": OPENAPI_31, "3.2": OPENAPI_32}
DRAFT_07 = "http://json-schema.org/draft-07/schema#"  # of which the schemas of AsyncAPI are a superset
MAPPING = {"type": "object"}
MAPPINGS = {"type": "object", "additionalProperties": MAPPING}
CHANNEL = {
    "type": "object",
    "properties": {
        "messages": MAPPINGS,
        "servers": {"type": "array"},
        "bindings": MAPPING,
        "publish": {"type": "object", "properties": {"message": MAPPING}},
        "subscribe": {"type": "object", "properties": {"message": MAPPING}},
    },
}
CHANNELS = {"type": "object", "additionalProperties": CHANNEL}
ASYNCAPI = {  # no more than what is read out of it
    "type": "object",
    "properties": {"info": MAPPING, "servers": MAPPINGS, "operations": MAPPINGS, "channels": CHANNELS},
    "$defs": {"operation": {"properties": {"messages": {"type": "array", "items": MAPPING}, "channel": MAPPING}}},
}


def check_openapi(reading: Gathered, version: str) -> None:
    """Notes each place that OpenAPI (or Swagger) of this version, or the vocabulary, does not permit."""
    schema, document = OPENAPI[version], reading.document
    kind = f"OpenAPI {version}" if version != "2.0" else "Swagger 2.0"
    insist(reading, {name: value for name, value in document.items() if name != GATHERED}, (), schema=schema, kind=kind)
    for target in reading.targets:
        value = at(document, target.steps)
        definition = _definition(version, target.kind, value)
        if definition:
            insist(reading, value, target.steps, schema=_part(schema, definition), kind=kind)
    if version in {"3.1", "3.2"}:
        _check_schemas(reading, OPENAPI_GRAMMAR, DIALECT)
    _check_extensions(reading, OPENAPI_GRAMMAR)
    if not reading.problems:
        _check_references(reading, OPENAPI_GRAMMAR)
        _check_security(reading)


def check_asyncapi(reading: Gathered) -> None:
    """Notes each place of an AsyncAPI 3 document that could not be read."""
    document = reading.document
    insist(reading, document, (), schema=ASYNCAPI, kind="AsyncAPI 3")
    _check_schemas(reading, ASYNCAPI_GRAMMAR, DRAFT_07)
    _check_extensions(reading, ASYNCAPI_GRAMMAR)
    if not reading.problems:
        _check_references(reading, ASYNCAPI_GRAMMAR)
    operation = _part({**ASYNCAPI, "properties": {}}, "operation")
    operations = document.get("operations")
    for name, declared in operations.items() if isinstance(operations, dict) else ():
        insist(reading, follow(document, declared), ("operations", name), schema=operation, kind="AsyncAPI 3")


def check_arazzo(reading: Gathered) -> None:
    """Notes each place that the official schema of Arazzo 1.1, or the vocabulary, refuses."""
    arazzo, document = _arazzo(), reading.document
    for number, workflow in _mappings(document.get("workflows")):
        for position, step in _mappings(workflow.get("steps")):
            # Of the three kinds of steps the one that is meant, since "none of them fits" helps nobody.
            only = _part(arazzo, f"{_kind(step)}-step-object")
            insist(reading, step, ("workflows", number, "steps", position), schema=only, kind="Arazzo 1.1")
    if not reading.problems:
        insist(reading, {**document, "arazzo": "1.1.0"}, (), schema=arazzo, kind="Arazzo 1.1")  # permits all 1.0 does
    for steps, node in _nodes(document, ()):
        _check_extensions_of(reading, node, steps)


def _check_references(reading: Gathered, grammar: Grammar) -> None:
    """Notes each reference that leads nowhere, as one of an overlay may, or back to itself."""
    for found in grammar.walk(reading.document, reading.targets):
        try:
            follow(reading.document, found.value)
        except ContractError as error:
            reading.wrong((*found.steps, "$ref"), str(error))


def _check_security(reading: Gathered) -> None:
    """Notes each security scheme that is required and not there."""
    document = reading.document
    known = document.get("securityDefinitions", document.get("components", {}).get("securitySchemes", {}))
    for found in OPENAPI_GRAMMAR.walk(document, reading.targets):
        listed = found.value.get("security", []) if found.kind in {"OpenAPI", "Operation"} else []
        for number, alternative in enumerate(listed):
            for name in alternative.keys() - known.keys():
                told = f"The contract requires the security scheme {name}, which is not there. Declare it."
                reading.wrong((*found.steps, "security", number, name), told)


def _definition(version: str, kind: str, value: Any) -> str:
    """The name of the definition of such an object in the schema of the version; empty where none is asked for."""
    if not isinstance(value, dict) or "$ref" in value:
        return ""
    if version in {"3.1", "3.2"}:
        return {"Schema": "", "Callback": "callbacks"}.get(kind, kind.lower().replace(" ", "-"))
    name = kind.replace(" ", "")
    return name if version == "3.0" else name[:1].lower() + name[1:]


def _part(schema: Mapping[str, Any], definition: str) -> dict[str, Any]:
    """The schema of one of the definitions of a schema."""
    place = "$defs" if "$defs" in schema else "definitions"
    kept = {name: schema[name] for name in ("$id", "$schema", place) if name in schema}
    # Siblings of `$ref` are ignored in older dialects.
    return {**kept, "allOf": [{"$ref": f"#/{place}/{definition}"}]}


def _check_schemas(reading: Gathered, grammar: Grammar, dialect: str) -> None:
    for found in grammar.walk(reading.document, reading.targets):
        if found.kind.endswith("Schema") and not found.within.endswith("Schema"):
            for within, reason in refusals_of_schema(_plain(found.value), dialect):
                steps = (*found.steps, *within)
                told = f"This is not valid JSON Schema at {reading.pointer(steps)}: {reason}. Mend it there."
                reading.wrong(steps, told)


def _plain(schema: Any) -> Any:
    """Without the wrapping that says of which format a schema is (AsyncAPI 3.0, Multi Format Schema Object)."""
    return {} if "schemaFormat" in schema else schema


def _check_extensions(reading: Gathered, grammar: Grammar) -> None:
    for found in grammar.walk(reading.document, reading.targets):
        _check_extensions_of(reading, found.value, found.steps)


def _check_extensions_of(reading: Gathered, node: Mapping[str, Any], steps: Steps) -> None:
    vocabulary = _vocabulary()
    for name, member in node.items():
        if name.startswith("x-") and name in vocabulary["$defs"]:
            insist(reading, member, (*steps, name), schema=_part(vocabulary, name), kind=name)


def _kind(step: Mapping[str, Any]) -> str:
    if "workflowId" in step:
        return "workflow"
    return "asyncapi" if "action" in step or "channelPath" in step else "openapi"


def _mappings(value: Any) -> list[tuple[int, Mapping[str, Any]]]:
    listed = value if isinstance(value, list) else []
    return [(number, item) for number, item in enumerate(listed) if isinstance(item, dict)]


def _nodes(value: Any, steps: Steps) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Every mapping of the document, with the steps to it."""
    if isinstance(value, dict):
        yield steps, value
    members: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else ()
    for name, member in enumerate(value) if isinstance(value, list) else members:
        yield from _nodes(member, (*steps, name))


@cache
def _arazzo() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(
        files("conformance.contract").joinpath("arazzo-1.1.schema.json").read_text(encoding="utf-8")
    )
    # The specification permits any value there, and wins over its schema.
    value["$defs"]["payload-replacement-object"]["properties"]["value"] = True
    return value


@cache
def _vocabulary() -> dict[str, Any]:
    value: dict[str, Any] = json.loads((resources.spec() / "vocabulary.schema.json").read_text(encoding="utf-8"))
    return value
