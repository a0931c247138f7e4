"""How long one waits for what has not come several times in a row."""

from __future__ import annotations

from dataclasses import dataclass

IN_VAIN = 3  # waits in a row without anything, after which the next ones are short
SHORT = 0.5  # seconds


@dataclass(kw_only=True)
class Waits:
    """Waits for deliveries that are needed before one can judge: a silent target is not waited for again and again."""

    in_vain: int = 0  # in a row

    def bound(self, seconds: float) -> float:
        """Seconds to wait where so many are due."""
        return min(SHORT, seconds) if self.in_vain >= IN_VAIN else seconds

    def ended(self, *, heard: bool) -> None:
        """A wait is over."""
        self.in_vain = 0 if heard else self.in_vain + 1

    @property
    def told(self) -> str:
        """What to say of a wait that was shorter than it could have been."""
        return f", {IN_VAIN} times in a row, so that this one was hardly waited for" if self.in_vain > IN_VAIN else ""
