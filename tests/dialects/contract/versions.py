"""The document of a dialect in another version of OpenAPI: the same promises in the words of that version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dialects.members import Json

BINARY = {"type": "string", "contentMediaType": "application/octet-stream"}


def in_version(document: Json, version: str) -> Json:
    """A document of OpenAPI 3.1 as one of this version."""
    if version == "3.1":
        return document
    if version == "3.2":
        return {**document, "openapi": "3.2.0"}
    info = {name: told for name, told in document["info"].items() if name != "summary"}  # there since 3.1
    return {**older(document), "openapi": "3.0.3", "info": info}


def older(value: Any) -> Any:
    """Schemas, and what holds them, in the dialect of OpenAPI 3.0."""
    if isinstance(value, list):
        return [older(item) for item in value]
    if not isinstance(value, dict):
        return value
    schema = {name: older(member) for name, member in value.items()}
    kinds = schema.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        named = next(kind for kind in kinds if kind != "null")
        schema = {**schema, "type": named, "nullable": True}
    if "const" in schema and not isinstance(schema["const"], dict):
        schema["enum"] = [schema.pop("const")]
    if schema.items() >= BINARY.items():
        schema.pop("contentMediaType")
        schema["format"] = "binary"
    return schema
