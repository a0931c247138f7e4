"""What an event tells of an object, against what is read of it."""

from __future__ import annotations

from typing import Any

from conformance.results.wording import described


def differing_values(read: dict[str, Any], told: dict[str, Any], members: tuple[str, ...] = ()) -> list[str]:
    """Where an event tells another value than was read: of all members where it tells the same ones, else of these."""
    compared = tuple(read) if set(read) == set(told) else members
    return [
        f"{name} {described(told[name])} in an event, {described(read.get(name))} when read"
        for name in compared
        if told[name] != read.get(name)
    ]
