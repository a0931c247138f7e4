"""Members of event payloads by which the order of events can be told."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.observations.timestamps import is_date_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def increasing_members(payloads: Sequence[Any]) -> list[str]:
    """JSON Pointers (RFC 6901) of the numbers and date-times that increase from each payload to the next."""
    found = [dict(_comparable_members(payload)) for payload in payloads]
    common = set.intersection(*(set(members) for members in found))
    return sorted(
        pointer for pointer in common if all(before[pointer] < after[pointer] for before, after in pairwise(found))
    )


def _comparable_members(value: Any, pointer: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _comparable_members(member, f"{pointer}/{name}")
    elif isinstance(value, (int, float)):
        yield pointer, value
    elif is_date_time(value):
        yield pointer, datetime.fromisoformat(value).timestamp()
