"""Values of a query at which careless servers choke: parts of patterns and of statements, and what is no number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.schemas.composition import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

ODD_NUMBERS = ("x", "-1")
ODD_TEXTS = ("x", "(", "*", "'", "\\")


def odd_values(document: Mapping[str, Any], schema: Any) -> tuple[str, ...]:
    """Odd values for a parameter with this schema, whether it permits them or not; none for what is no single value."""
    named = kinds(document, schema)
    if named & {"integer", "number"}:
        return ODD_NUMBERS
    return ODD_TEXTS if "string" in named or not named else ()
