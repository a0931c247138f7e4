"""The members of bodies that a contract calls secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Extensions by which contracts say so; OpenAPI has `writeOnly` and the format `password`.
EXTENSIONS = ("x-secret", "x-sensitive", "x-credential", "x-confidential", "x-redact", "x-mask")


def secret_members(document: Mapping[str, Any]) -> frozenset[str]:
    """The names of the properties and parameters that are write-only, of the format password, or extended as secret."""
    return frozenset(_named(document, set()))


def _named(part: Any, seen: set[int]) -> Iterator[str]:
    if not isinstance(part, (dict, list)) or id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, list):
        for item in part:
            yield from _named(item, seen)
        return
    properties = part.get("properties")
    if isinstance(properties, dict):
        yield from (name for name, schema in properties.items() if _is_secret(schema))
    for value in part.values():
        yield from _named(value, seen)


def _is_secret(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    if schema.get("format") == "password" or schema.get("writeOnly") is True:
        return True
    return any(schema.get(extension) for extension in EXTENSIONS)
