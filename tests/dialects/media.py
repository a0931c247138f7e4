"""Media types, which the document and the server agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialects.dialect import Dialect

BODIES = {
    "json": "application/json",
    "vendor-json": "application/vnd.things.v1+json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
}
PROBLEMS = {"problem": "application/problem+json", "json": "application/json", "text": "text/plain"}
FILES = {"multipart": "multipart/form-data", "binary": "application/octet-stream"}


def media_type(dialect: Dialect, operation: str) -> str:
    """In which an operation takes its body."""
    if operation == "storeFile":
        return FILES[dialect.file]
    if operation == "addHook":
        return "application/json"
    if operation == "updateThing" and dialect.update == "patch":
        return "application/merge-patch+json"
    return BODIES[dialect.media]


def shown_type(dialect: Dialect) -> str:
    """In which things are shown."""
    return BODIES["vendor-json" if dialect.media == "vendor-json" else "json"]
