"""The least and the greatest value of each member that a schema bounds."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING, Any

from conformance.schemas.composition import ALL, branches, keyword, kinds, properties
from conformance.schemas.settled import has_fixed_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LETTERS = string.ascii_lowercase
LONGEST = 4000  # characters; the body stays below what servers take
OTHER_RULES = ("enum", "const", "format", "pattern", "multipleOf", "readOnly")


def extremes(document: Mapping[str, Any], schema: Any) -> Iterator[tuple[str, Any]]:
    """Names of members, each with a value at one of its bounds: numbers, and texts of letters that are new."""
    for name, declared in properties(document, schema).items():
        parts = list(branches(document, declared, ALL))
        if not any(rule in part for part in parts for rule in OTHER_RULES):
            yield from ((name, value) for value in _values(document, declared))


def _values(document: Mapping[str, Any], declared: Any) -> Iterator[Any]:
    named = kinds(document, declared)
    if named & {"integer", "number"}:
        bounds = (keyword(document, declared, "minimum"), keyword(document, declared, "maximum"))
        yield from (bound for bound in bounds if isinstance(bound, (int, float)))
    if "string" in named and not has_fixed_length(document, declared):
        lengths = (keyword(document, declared, "minLength"), keyword(document, declared, "maxLength"))
        yield from (_text(length) for length in lengths if isinstance(length, int) and 0 < length <= LONGEST)


def _text(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))
