"""What the suite made at a target and could not remove again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 20  # addresses of one sentence


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """One object: its URL, or that of the collection where it has none, and why it is still there."""

    address: str
    reason: str


def sentences(leftovers: Iterable[Leftover]) -> tuple[str, ...]:
    """A sentence for each reason, with the addresses."""
    by_reason: dict[str, dict[str, None]] = {}
    for each in leftovers:
        by_reason.setdefault(each.reason, {})[each.address] = None
    return tuple(f"{reason}: {_listed(list(addresses))}" for reason, addresses in by_reason.items())


def _listed(addresses: list[str]) -> str:
    more = len(addresses) - SHOWN
    return ", ".join(addresses[:SHOWN]) + (f", and {more:,} more" if more > 0 else "")
