"""What one place shows of an object, against what is read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.results.wording import described

if TYPE_CHECKING:
    from collections.abc import Iterable


def differing_values(read: dict[str, Any], told: dict[str, Any], members: Iterable[str]) -> list[str]:
    """Where another value of one of these members is told than is read."""
    return [
        f"{name} {described(told.get(name))} instead of {described(read.get(name))}"
        for name in members
        if told.get(name) != read.get(name)
    ]
