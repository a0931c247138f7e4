"""Parameters of Swagger 2.0 as those of OpenAPI 3.0; those of a body or a form make a Request Body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.reading.grammar import Steps
    from conformance.contract.upgrade.omissions import Omissions

BODIES = {"body", "formData"}
JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
BESIDE = {"name", "in", "description", "required", "deprecated", "allowEmptyValue", "collectionFormat", "schema"}
STYLES = {  # collectionFormat, in a query or a form
    "csv": {"style": "form", "explode": False},
    "multi": {"style": "form", "explode": True},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
}


@dataclass(frozen=True, kw_only=True)
class _Written:
    """How 3.0 says a parameter: its schema, and its style where it is a list."""

    schema: dict[str, Any]
    style: dict[str, Any]


@dataclass(frozen=True)
class ParameterReader:
    """Reads parameters, and notes what 3.0 has no words for."""

    document: Mapping[str, Any]
    omissions: Omissions

    def plain(self, declared: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
        """A parameter of the path, the query or the header."""
        written = self.written(declared, steps)
        named = {"name", "in", "description", "required", "deprecated", "allowEmptyValue"}
        kept = {name: member for name, member in declared.items() if name in named or name.startswith("x-")}
        return {**kept, "schema": written.schema, **written.style}

    def written(self, declared: Mapping[str, Any], steps: Steps) -> _Written:
        """The schema and the style of any parameter but a body."""
        schema = schema_of(declared)
        if schema.get("type") != "array":
            return _Written(schema=schema, style={})
        separated = declared.get("collectionFormat", "csv")
        in_pairs = declared["in"] in {"query", "formData"}
        nested = "collectionFormat" in declared.get("items", {}) or schema.get("items", {}).get("type") == "array"
        if nested or separated not in STYLES or (separated != "csv" and not in_pairs):
            self._untold(declared, "lists of lists" if nested else separated, steps)
            return _Written(schema={"type": "string"}, style={})
        return _Written(schema=schema, style=STYLES[separated] if in_pairs else {})

    def _untold(self, declared: Mapping[str, Any], how: str, steps: Steps) -> None:
        self.omissions.add(
            f"the parameter {declared['name']} is written in a way that OpenAPI 3 has no word for ({how}), "
            "and is taken for a text",
            place="/".join(map(str, steps)),
            mend="collectionFormat: csv  # or multi, ssv, pipes in a query",
        )


def schema_of(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What a parameter, a header or their items say of the value, as a schema."""
    schema = {name: member for name, member in declared.items() if name not in BESIDE and not name.startswith("x-")}
    if schema.get("type") == "file":
        schema |= {"type": "string", "format": "binary"}
    if "x-nullable" in declared:
        schema["nullable"] = bool(declared["x-nullable"])
    if isinstance(schema.get("items"), dict):
        schema["items"] = schema_of(schema["items"])
    return schema


def described(header: Mapping[str, Any]) -> dict[str, Any]:
    """A header of an answer."""
    kept = {name: member for name, member in header.items() if name == "description" or name.startswith("x-")}
    return {**kept, "schema": schema_of(header)}


def request_body(
    carried: Sequence[Mapping[str, Any]], consumes: Sequence[str], reader: ParameterReader, steps: Steps
) -> dict[str, Any]:
    """The Request Body that parameters in `body` or `formData` make."""
    whole = next((each for each in carried if each["in"] == "body"), None)
    if whole is not None:
        told = {name: member for name, member in whole.items() if name == "description" or name.startswith("x-")}
        media_types = [each for each in consumes if each not in {FORM, MULTIPART}] or [JSON]
        content = {media_type: {"schema": whole.get("schema", {})} for media_type in media_types}
        return {**told, "required": bool(whole.get("required", False)), "content": content}
    return _form(carried, consumes, reader, steps)


def _form(
    fields: Sequence[Mapping[str, Any]], consumes: Sequence[str], reader: ParameterReader, steps: Steps
) -> dict[str, Any]:
    written = {field["name"]: reader.written(field, steps) for field in fields}
    required = [field["name"] for field in fields if field.get("required")]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field["name"]: {**_told(field), **written[field["name"]].schema} for field in fields},
    }
    if required:
        schema["required"] = required
    encoding = {name: field.style for name, field in written.items() if field.style}
    files = any(field.get("type") == "file" for field in fields)
    declared = [each for each in consumes if each in ({MULTIPART} if files else {FORM, MULTIPART})]
    content = {"schema": schema, **({"encoding": encoding} if encoding else {})}
    media_types = declared or [MULTIPART if files else FORM]
    return {"required": bool(required), "content": dict.fromkeys(media_types, content)}


def _told(field: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": field["description"]} if "description" in field else {}
