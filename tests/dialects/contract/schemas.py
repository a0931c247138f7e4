"""The schemas of the document, in each way of composing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialects.members import Json, members, number, text

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Member

IDENTIFIERS: dict[str, Json] = {
    "uuid": {"type": "string", "format": "uuid"},
    "number": {"type": "integer", "minimum": 1},
    "token": {"type": "string", "pattern": "^th_[0-9a-f]{16}$"},
    "encoded": {"type": "string", "minLength": 1, "maxLength": 80},
}
PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {"type": text(1, 200), "title": text(1, 200), "status": {"type": "integer"}},
}
MESSAGE: Json = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}


def reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def schemas(dialect: Dialect) -> dict[str, Json]:
    """What stands under components/schemas."""
    known = {
        "Thing": thing(dialect),
        "Problem": {"problem": PROBLEM, "json": MESSAGE}.get(dialect.problems, {"type": "string"}),
    }
    if dialect.direction == "two-schemas":
        known["Body"] = body(dialect)
    if dialect.update == "patch":
        known["Patch"] = patch(dialect)
    if dialect.composition == "all-of":
        known["Named"] = {"type": "object", "required": ["name"], "properties": {"name": text(1, 40)}}
    return known


def body(dialect: Dialect) -> Json:
    """What a request holds."""
    known = members(dialect)
    if dialect.choice == "one-of":
        return {"oneOf": [branch(dialect, "box", "radius"), branch(dialect, "ball", "width")]}
    return composed(dialect, known, required=required(known), choice=choice(dialect))


def branch(dialect: Dialect, kind: str, other: str) -> Json:
    """The alternative of one kind, which has no other kind's measure."""
    known = [member for member in members(dialect) if member.name != other]
    measure = "width" if kind == "box" else "radius"
    whole = composed(dialect, known, required=[*required(known), measure])
    whole["properties"] = {**whole["properties"], "kind": {"const": kind}}
    if not dialect.closed:
        whole["not"] = {"required": [other]}
    return whole


def thing(dialect: Dialect) -> Json:
    """What is shown; with one schema for both directions, what a request holds as well."""
    known = members(dialect)
    both = dialect.direction == "one-schema"
    shown = {"id": {**IDENTIFIERS[dialect.identifier], "readOnly": True}}
    if dialect.volatile:
        shown["age"] = {"type": "number", "minimum": 0, "readOnly": True, "description": "Seconds since it was made."}
    if dialect.owner:
        shown["owner"] = {"type": "string", "readOnly": True}
    if dialect.tags != "none":
        shown["version"] = {"type": "integer", "minimum": 1, "readOnly": True}
    always = [member.name for member in known if not member.hidden and member.default is not None]
    asked = [*required(known), *(member.name for member in known if both and member.hidden)]
    whole = composed(
        dialect, known, required=[*shown, *asked, *([] if both else always)], choice=choice(dialect) if both else {}
    )
    whole["properties"] = {**shown, **whole["properties"]}
    return whole


def patch(dialect: Dialect) -> Json:
    """A merge patch: members that may be missing can be null, which removes them."""
    known = {member.name: nullable(member) for member in members(dialect)}
    return {"type": "object", "properties": known, **({"additionalProperties": False} if dialect.closed else {})}


def nullable(member: Member) -> Json:
    kinds = member.schema.get("type")
    if member.required or not isinstance(kinds, str):
        return member.schema
    return {**member.schema, "type": [kinds, "null"]}


def composed(dialect: Dialect, known: Any, *, required: list[str], choice: Json | None = None) -> Json:
    """An object of these members, whole or of two parts."""
    properties = {member.name: member.schema for member in known}
    rest: Json = {"type": "object", "required": required, "properties": properties, **(choice or {})}
    if dialect.composition != "all-of":
        return {**rest, **({"additionalProperties": False} if dialect.closed else {})}
    del properties["name"]
    return {"allOf": [reference("Named")], **rest, **({"unevaluatedProperties": False} if dialect.closed else {})}


def choice(dialect: Dialect) -> Json:
    return {"anyOf": [{"required": ["qty"]}, {"required": ["size"]}]} if dialect.choice == "any-of" else {}


def required(known: Any) -> list[str]:
    return [member.name for member in known if member.required]


def file_schema(dialect: Dialect) -> Json:
    """A file as it is sent."""
    content = {"type": "string", "contentMediaType": "application/octet-stream"}
    if dialect.file == "binary":
        return content
    return {
        "type": "object",
        "required": ["title", "content"],
        "properties": {"title": text(1, 40), "content": content},
    }


def page_size() -> Json:
    return {**number(50), "minimum": 1, "default": 5}
