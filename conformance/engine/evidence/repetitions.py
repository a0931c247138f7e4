"""Where the same few bytes come again and again in a body, which are told by their number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGINNING = re.compile(rb"(?s)(.{1,16}?)\1{63}")


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """A unit of at most 16 bytes that comes at least 64 times, from `start` on."""

    start: int
    unit: bytes
    times: int

    @property
    def end(self) -> int:
        return self.start + len(self.unit) * self.times


def repetitions(body: bytes) -> list[Repetition]:
    """The repetitions in a body, in their order."""
    return list(_found(body))


def _found(body: bytes) -> Iterator[Repetition]:
    position = 0
    while beginning := BEGINNING.search(body, position):
        unit = beginning[1]
        found = Repetition(start=beginning.start(), unit=unit, times=_times(body, beginning.start(), len(unit)))
        yield found
        position = found.end


def _times(body: bytes, start: int, length: int) -> int:
    """How often what stands at `start` comes. Slices are compared: an expression takes a second for some megabytes."""
    known, failing = 1, (len(body) - start) // length + 1
    step = 1
    while failing - known > 1:
        tried = min(known + step, failing - 1)
        begin, end = start + known * length, start + tried * length
        if body[begin:end] == body[begin - length : end - length]:
            known, step = tried, 2 * step
        else:
            failing, step = tried, max(1, step // 2)
    return known
