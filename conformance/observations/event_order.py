"""What in a series of payloads says which came first."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.observations.timestamps import is_date_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def growing(payloads: Sequence[Any]) -> list[str]:
    """The JSON Pointers of the numbers and times that grow from each payload to the next."""
    found = [dict(_ranks(payload)) for payload in payloads]
    common = set.intersection(*(set(ranks) for ranks in found))
    return sorted(
        pointer for pointer in common if all(before[pointer] < after[pointer] for before, after in pairwise(found))
    )


def _ranks(value: Any, pointer: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _ranks(member, f"{pointer}/{name}")
    elif isinstance(value, (int, float)):
        yield pointer, value
    elif is_date_time(value):
        yield pointer, datetime.fromisoformat(value).timestamp()
