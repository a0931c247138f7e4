"""What a document says and the suite does not judge, collected while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Omission:
    """One thing that is not judged: what it is, where, and what would have it judged."""

    what: str
    place: str
    mend: str


@dataclass
class Omissions:
    """Collects omissions, each once."""

    _found: dict[Omission, None] = field(default_factory=dict)

    def add(self, what: str, *, place: str, mend: str) -> None:
        self._found.setdefault(Omission(what=what, place=place, mend=mend))

    @property
    def found(self) -> tuple[Omission, ...]:
        return tuple(self._found)
