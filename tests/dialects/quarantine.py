"""What the suite does not judge rightly yet, and what is therefore not drawn.

Each entry is the smallest dialect known to show the wrong verdict. `python -m dialects quarantine` judges them all, and
names those that can be taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dialects.dialect import Dialect


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """Axis values that are not drawn together (with a `fault`, for that alone), and the wrong verdict that shows."""

    deviations: dict[str, Any]
    shows: str
    fault: str = ""

    def holds(self, dialect: Dialect) -> bool:
        return all(getattr(dialect, axis) == value for axis, value in self.deviations.items())


QUARANTINE: tuple[Quarantined, ...] = ()
