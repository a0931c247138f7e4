"""Whether a document is what it claims to be, asked before anything is read out of it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from schemathesis.specs.openapi.definitions import OPENAPI_31

from conformance import resources
from conformance.contract.document import ContractError, follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Place = tuple[str | int, ...]

MAPPING = {"type": "object"}
MAPPINGS = {"type": "object", "additionalProperties": MAPPING}
ASYNCAPI = {  # no more than what is read out of it
    "type": "object",
    "properties": {"info": MAPPING, "operations": MAPPINGS, "channels": MAPPINGS},
    "$defs": {"operation": {"properties": {"messages": {"type": "array", "items": MAPPING}, "channel": MAPPING}}},
}
SAMPLES = {"example", "examples", "default", "const", "enum", "value"}  # values of the API's, not of the contract's
SCHEMAS = {"schema", "payload"}


def insist_on_openapi(document: Mapping[str, Any], path: Path) -> None:
    """Raises ContractError at the first place that OpenAPI 3.1 (or the vocabulary) does not permit."""
    _insist(OPENAPI_31, document, path, "OpenAPI 3.1", ())
    _insist_on_parts(document, path)


def insist_on_asyncapi(document: Mapping[str, Any], path: Path) -> None:
    """Raises ContractError at the first place of an AsyncAPI 3 document that could not be read."""
    _insist(ASYNCAPI, document, path, "AsyncAPI 3", ())
    _insist_on_parts(document, path)
    for name, operation in document.get("operations", {}).items():
        read = {"$ref": "#/$defs/operation", **ASYNCAPI}
        _insist({**read, "properties": {}}, follow(document, operation), path, "AsyncAPI 3", ("operations", name))


def insist_on_arazzo(document: Mapping[str, Any], path: Path) -> None:
    """Raises ContractError at the first place that the official schema of Arazzo 1.1, or the vocabulary, refuses."""
    arazzo = _arazzo()
    for number, workflow in _mappings(document.get("workflows")):
        for position, step in _mappings(workflow.get("steps")):
            # Of the three kinds of steps the one that is meant, since "none of them fits" helps nobody.
            kind = f"{_kind(step)}-step-object"
            only = {"$schema": arazzo["$schema"], "$defs": arazzo["$defs"], "$ref": f"#/$defs/{kind}"}
            _insist(only, step, path, "Arazzo 1.1", ("workflows", number, "steps", position))
    _insist(arazzo, document, path, "Arazzo 1.1", ())
    for place, node in _nodes(document, ()):
        _insist_on_extensions(node, path, place)


def _kind(step: Mapping[str, Any]) -> str:
    if "workflowId" in step:
        return "workflow"
    return "asyncapi" if "action" in step or "channelPath" in step else "openapi"


def _mappings(value: Any) -> list[tuple[int, Mapping[str, Any]]]:
    listed = value if isinstance(value, list) else []
    return [(number, item) for number, item in enumerate(listed) if isinstance(item, dict)]


def _insist_on_parts(document: Mapping[str, Any], path: Path) -> None:
    """References that lead somewhere, sound schemas, and extensions as the vocabulary describes them."""
    for place, node in _nodes(document, ()):
        follow(document, node)
        for name, member in node.items():
            if place[-1:] == ("schemas",) or (name in SCHEMAS and isinstance(member, dict)):
                _insist_on_schema(member, path, (*place, name))
        _insist_on_extensions(node, path, place)


def _insist_on_extensions(node: Mapping[str, Any], path: Path, place: Place) -> None:
    vocabulary = _vocabulary()
    for name, member in node.items():
        if name.startswith("x-") and name in vocabulary["$defs"]:
            _insist({"$ref": f"#/$defs/{name}", **vocabulary}, member, path, name, (*place, name))


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


def _nodes(value: Any, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every mapping of the document, with the way to it."""
    if isinstance(value, dict):
        yield place, value
    members: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else ()
    for name, member in enumerate(value) if isinstance(value, list) else members:
        if name not in SAMPLES:
            yield from _nodes(member, (*place, name))


def _insist_on_schema(schema: Any, path: Path, place: Place) -> None:
    try:
        jsonschema_rs.meta.validate(schema)
    except jsonschema_rs.ValidationError as error:
        raise _invalid(path, "JSON Schema", place, error) from None


def _insist(schema: dict[str, Any], value: Any, path: Path, kind: str, place: Place) -> None:
    error = next(jsonschema_rs.Draft202012Validator(schema).iter_errors(value), None)
    if error is not None:
        raise _invalid(path, kind, place, error)


def _invalid(path: Path, kind: str, place: Place, error: jsonschema_rs.ValidationError) -> ContractError:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in (*place, *error.instance_path))
    message = error.message if len(error.message) <= 200 else f"{error.message[:200]}…"
    return ContractError(f"{path} is not valid {kind} at #/{'/'.join(parts)}: {message}. Mend it there.")
