"""What the channels show of a mutation, and how many effects they must show."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.results.model import Line

FEW = 3  # ids that a statement shows of each channel


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one channel shows: a text for each effect. A channel that shows a state shows at most one effect."""

    channel: str
    seen: tuple[str, ...]
    state: bool = False

    def due(self, effects: int) -> int:
        """How many of so many effects the channel must show."""
        return min(effects, 1) if self.state else effects

    def __repr__(self) -> str:
        named = ", ".join(self.seen[:FEW]) + (", …" if len(self.seen) > FEW else "")
        return f"{len(self.seen)} {self.channel}" + (f" ({named})" if named else "")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What all channels of a ledger show at a moment."""

    title: str
    entries: tuple[Entry, ...]

    def __repr__(self) -> str:
        return f"{self.title}: {', '.join(map(repr, self.entries))}"


class Effects:
    """An expected number of effects on every channel, compared with a statement by `==`."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __eq__(self, statement: object) -> bool:
        return isinstance(statement, Statement) and all(
            len(entry.seen) == entry.due(self._count) for entry in statement.entries
        )

    def __hash__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        words = {0: "no effect", 1: "one effect"}.get(self._count, f"{self._count} effects")
        return f"{words} on {'any' if self._count == 0 else 'every'} channel"

    def lines(self, statement: Statement) -> tuple[Line, ...]:
        """The statement as a table."""
        return tuple(
            Line(
                channel=entry.channel,
                expected=str(entry.due(self._count)),
                seen=f"{len(entry.seen)}" + (f" ({', '.join(entry.seen)})" if entry.seen else ""),
            )
            for entry in statement.entries
        )


no_effect, one_effect = Effects(0), Effects(1)
