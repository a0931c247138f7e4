"""The parameters of the document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialects.contract.schemas import IDENTIFIERS, page_size
from dialects.members import number, text
from dialects.operations import SHELVES

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json
    from dialects.operations import Operation

TAGS: Json = {"type": "array", "items": {"enum": ["red", "green", "blue"]}}
QUERIES: dict[str, Json] = {
    "required": {"name": "tenant", "required": True, "schema": {"enum": ["north", "south"]}},
    "form": {"name": "tags", "style": "form", "explode": True, "schema": TAGS},
    "joined": {"name": "tags", "style": "form", "explode": False, "schema": TAGS},
    "pipes": {"name": "tags", "style": "pipeDelimited", "explode": False, "schema": TAGS},
    "spaces": {"name": "tags", "style": "spaceDelimited", "explode": False, "schema": TAGS},
    "deep-object": {
        "name": "filter",
        "style": "deepObject",
        "explode": True,
        "schema": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"color": {"enum": ["red", "green"]}},
        },
    },
}


def addressing(dialect: Dialect, operation: Operation) -> list[Json]:
    """The path parameters."""
    return [
        {"name": name, "in": "path", "required": True, **named(dialect, name)}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]


def named(dialect: Dialect, name: str) -> Json:
    """What a path parameter may hold."""
    if name != "shelf":
        return {"schema": IDENTIFIERS["token" if name == "hook" else dialect.identifier]}
    if dialect.shelf == "enum":
        return {"schema": {"enum": list(SHELVES)}}
    return {"schema": text(1, 40), **({"example": SHELVES[0]} if dialect.shelf == "example" else {})}


def parameters(dialect: Dialect, operation: Operation) -> list[Json]:
    """Those in the query and the header."""
    found: list[Json] = []
    if operation.name == "listThings":
        found += paging(dialect)
        found += [{**QUERIES[dialect.query], "in": "query"}] if dialect.query not in {"none", "required"} else []
    if dialect.query == "required" and operation.name != "readStatus":
        found.append({**QUERIES["required"], "in": "query"})
    if dialect.header and operation.name == "createThing":
        schema = {"type": "string", "pattern": "^[a-z]{3,12}$"}
        found.append({"name": "X-Channel", "in": "header", "required": True, "schema": schema})
    if dialect.replay and operation.name == "createThing":
        schema = {"type": "string", "minLength": 1, "maxLength": 200}
        found.append({"name": "Idempotency-Key", "in": "header", "schema": schema})
    return found + conditions(dialect, operation)


def paging(dialect: Dialect) -> list[Json]:
    limit = {"name": "limit", "in": "query", "schema": page_size()}
    return {
        "none": [],
        "cursor": [limit, {"name": "cursor", "in": "query", "schema": {"type": "string", "minLength": 1}}],
        "page": [limit, {"name": "page", "in": "query", "schema": {**number(9999), "minimum": 1, "default": 1}}],
        "offset": [limit, {"name": "offset", "in": "query", "schema": {**number(99999), "default": 0}}],
    }[dialect.pages]


def conditions(dialect: Dialect, operation: Operation) -> list[Json]:
    """Preconditions by entity tags."""
    if dialect.tags == "none":
        return []
    if operation.name == "readThing":
        return [{"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}]
    if operation.name in {"updateThing", "deleteThing"} and dialect.tags != "weak":
        needed = {"required": True} if dialect.tags == "demanded" else {}
        return [{"name": "If-Match", "in": "header", **needed, "schema": {"type": "string"}}]
    return []
