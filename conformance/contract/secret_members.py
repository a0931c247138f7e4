"""The members of bodies that a contract calls secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Extensions by which contracts say so; OpenAPI has `writeOnly` and the format `password`.
EXTENSIONS = ("x-secret", "x-sensitive", "x-credential", "x-confidential", "x-redact", "x-mask")


def secret_members(document: Mapping[str, Any]) -> frozenset[str]:
    """The names of the properties that are write-only, of the format password, or extended as secret."""
    return frozenset(
        name
        for part in _objects(document)
        if isinstance(properties := part.get("properties"), dict)
        for name, schema in properties.items()
        if _is_secret(schema)
    )


def _objects(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every object of the document once, though references lead in circles."""
    left: list[Any] = [document]
    seen: set[int] = set()
    while left:
        part = left.pop()
        if id(part) not in seen and isinstance(part, (dict, list)):
            seen.add(id(part))
            left += part.values() if isinstance(part, dict) else part
            if isinstance(part, dict):
                yield part


def _is_secret(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    if schema.get("format") == "password" or schema.get("writeOnly") is True:
        return True
    return any(schema.get(extension) for extension in EXTENSIONS)
