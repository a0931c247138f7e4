"""Texts that match a pattern, each given once as long as there are others."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import hypothesis
from hypothesis import strategies

from conformance.schemas.draw import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

DRAWN = 60  # texts at once: to draw one takes almost as long
FEW = 12  # so many texts that match are all used; of more, the half that is least like what everybody draws
PRINTABLE = strategies.characters(min_codepoint=0x20, max_codepoint=0x7E)


@dataclass(kw_only=True)
class PatternTexts:
    """Draws texts that match a pattern, as far as it is also one of Python's, and keeps what was not given yet."""

    random: random.Random = field(default_factory=random.SystemRandom)
    _kept: dict[tuple[str, int, int], list[str]] = field(default_factory=dict)
    _given: set[str] = field(default_factory=set)

    def matching(self, pattern: str, shortest: int, longest: int) -> Iterator[str]:
        """Texts of this length, first what is left of those that were drawn before, the plainest first."""
        kept = self._kept.setdefault((pattern, shortest, longest), [])
        for again in (False, True):
            if again:
                kept.extend(self._drawn(pattern, range(shortest, longest + 1)))
            while kept:
                text = kept.pop(0)
                self._given.add(text)
                yield text

    def _drawn(self, pattern: str, lengths: range) -> list[str]:
        try:
            strategy = strategies.from_regex(re.compile(pattern, re.ASCII), alphabet=PRINTABLE)
        except (re.error, hypothesis.errors.InvalidArgument):
            return []
        drawn = set(draw(strategy, count=DRAWN, seed=self.random.randrange(2**32)))
        texts = sorted((text for text in drawn if len(text) in lengths), key=_plainness)
        if len(texts) > FEW:
            del texts[len(texts) // 2 :]
        return [text for text in texts if text not in self._given] or texts


def _plainness(text: str) -> tuple[bool, bool, int, int]:
    """Letters and digits come first, and among them what repeats least: the smallest texts are always the same."""
    return not text.isalnum(), text.strip() != text, -len(set(text)), -len(text)
