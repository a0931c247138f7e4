"""OpenAPI 3.0 as OpenAPI 3.1: its schemas become those of JSON Schema 2020-12.

A schema that may be null without naming its type is put beside `null`, whichever reading of 3.0 its author had: servers
answer null there, and those of the stricter reading never do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.reading.grammar import OPENAPI_GRAMMAR
from conformance.contract.upgrade.rebuilding import moved, rebuilt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.reading.grammar import Steps, Target
    from conformance.contract.upgrade.omissions import Omissions

ANNOTATIONS = {
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "examples",
    "externalDocs",
    "xml",
}
COMPOSED = {"allOf", "anyOf", "oneOf", "not"}
PROSE = {"$ref", "summary", "description"}
BASE64 = {"byte", "base64"}


def upgraded(document: Mapping[str, Any], targets: Sequence[Target], omissions: Omissions) -> dict[str, Any]:
    """The document as OpenAPI 3.1 says it."""
    conversion = _Conversion(omissions)
    whole = rebuilt(document, OPENAPI_GRAMMAR, targets, conversion.change)
    if conversion.wrapped:
        moved(whole, OPENAPI_GRAMMAR, targets, conversion.place)
    return {**whole, "openapi": "3.1.0"}


class _Conversion:
    def __init__(self, omissions: Omissions) -> None:
        self._omissions = omissions
        self.wrapped: set[tuple[str, ...]] = set()  # schemas that are the first of two alternatives now

    def change(self, kind: str, value: dict[str, Any], steps: Steps) -> Any:
        if "$ref" in value and kind != "Path Item":
            return self._reference(value, steps)
        if kind != "Schema":
            return value
        schema = _modern(value)
        if not schema.pop("nullable", False):
            return schema
        return self._nullable(schema, steps)

    def place(self, steps: Steps) -> Steps:
        """Where what was at these steps is now: what lies within a wrapped schema has moved."""
        found: Steps = ()
        for number, step in enumerate(steps):
            within = tuple(map(str, steps[:number])) in self.wrapped
            found = (*found, "anyOf", 0, step) if within else (*found, step)
        return found

    def _reference(self, value: dict[str, Any], steps: Steps) -> dict[str, Any]:
        """Without what stands beside a `$ref`, which 3.0 ignores (OpenAPI 3.0.4, section 4.8.23)."""
        for name in sorted(name for name in value.keys() - PROSE if not name.startswith("x-")):
            self._omissions.add(
                f"`{name}` beside a `$ref` says nothing in OpenAPI 3.0",
                place=_shown(steps),
                mend=f"allOf: [{{$ref: {value['$ref']!r}}}]\n{name}: …",
            )
        return {"$ref": value["$ref"]}

    def _nullable(self, schema: dict[str, Any], steps: Steps) -> dict[str, Any]:
        if isinstance(schema.get("type"), str) and COMPOSED.isdisjoint(schema):
            listed = {"enum": [*schema["enum"], None]} if None not in schema.get("enum", [None]) else {}
            return {**schema, "type": [schema["type"], "null"], **listed}
        if schema.keys() <= ANNOTATIONS:
            return schema
        self.wrapped.add(tuple(map(str, steps)))
        told = {name: member for name, member in schema.items() if name in ANNOTATIONS or name.startswith("x-")}
        rest = {name: member for name, member in schema.items() if name not in told}
        return {**told, "anyOf": [rest, {"type": "null"}]}


def _modern(schema: dict[str, Any]) -> dict[str, Any]:
    """The keywords of one schema as JSON Schema 2020-12 has them."""
    found = dict(schema)
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(found.get(exclusive), bool):
            excluded = found.pop(exclusive)
            if excluded and bound in found:
                found[exclusive] = found.pop(bound)
    if "example" in found:
        found["examples"] = [found.pop("example")]
    if found.get("type") == "string" and found.get("format") == "binary":
        found.pop("format")
        found["contentMediaType"] = "application/octet-stream"
    if found.get("type") == "string" and found.get("format") in BASE64:
        found.pop("format")
        found["contentEncoding"] = "base64"
    return found


def _shown(steps: Steps) -> str:
    return "/".join(map(str, steps))
