"""Values of which a schema settles that they are right, so that a server has no rule of its own to add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.schemas.composition import ALL, branches, items, keyword, kinds, properties

if TYPE_CHECKING:
    from collections.abc import Mapping

GREATEST = ("maximum", "exclusiveMaximum")
# What frameworks write for an integer of 16, 32, 53 or 64 bits that has no bound of its own.
LIMITS_OF_TYPES = {2**bits - less for bits in (15, 16, 31, 32, 53, 63, 64) for less in (0, 1)}


def settles(document: Mapping[str, Any], schema: Any, value: Any) -> bool:
    """The schema, which permits the value, says of each part which values it takes: by an enumeration or a bound.

    Of a text without a pattern or a length, of a number without a greatest value (but for the least one itself), of a
    member that is not declared and of an empty object it says nothing, and servers that refuse some of them are usual.
    Formats leave room for such rules too, and so does a length that is fixed: it is that of a code, such as of a
    currency, or of a digest.
    """
    if any("enum" in part or "const" in part for part in branches(document, schema, ALL)):
        return True
    if isinstance(value, dict):
        declared = properties(document, schema)
        return bool(value) and all(
            name in declared and settles(document, declared[name], member) for name, member in value.items()
        )
    if isinstance(value, list):
        return bool(value) and all(settles(document, items(document, schema), element) for element in value)
    if isinstance(value, str):
        pattern, longest = (keyword(document, schema, name) is not None for name in ("pattern", "maxLength"))
        told = pattern or (longest and not has_fixed_length(document, schema))
        return told and _is_plain(value) and keyword(document, schema, "format") is None
    if value is None or isinstance(value, bool):
        return ("null" if value is None else "boolean") in kinds(document, schema)
    return _within_told_bounds(document, schema, value)


def _within_told_bounds(document: Mapping[str, Any], schema: Any, number: float) -> bool:
    """A greatest value is told that is not just the greatest of a type, or this is the least one."""
    greatest = [keyword(document, schema, name) for name in GREATEST]
    told = any(bound is not None and abs(bound) not in LIMITS_OF_TYPES for bound in greatest)
    return told or number == keyword(document, schema, "minimum")


def has_fixed_length(document: Mapping[str, Any], schema: Any) -> bool:
    """The schema permits texts of one length alone."""
    shortest, longest = (keyword(document, schema, name) for name in ("minLength", "maxLength"))
    return shortest is not None and shortest == longest


def _is_plain(text: str) -> bool:
    """It has visible characters of ASCII alone, and no blanks at its ends."""
    return text.isascii() and text.isprintable() and text == text.strip()
