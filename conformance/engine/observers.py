"""Who is told how a run goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from conformance.results.model import Outcome


class RunObserver(Protocol):
    """Told what is to come, and each outcome as it comes; those of errors that nobody looked for are not planned."""

    def started(
        self,
        *,
        suite: str,
        contract: str,
        operations: int,
        events: int,
        target: str,
        seed: int,
        planned: dict[str, int],
    ) -> None: ...

    def progress(self, chapter: str, outcome: Outcome) -> None: ...

    def unplanned(self, chapter: str, outcome: Outcome) -> None: ...


class NullObserver:
    """Nobody is told."""

    def started(self, **_: object) -> None:
        return

    def progress(self, chapter: str, outcome: Outcome) -> None:
        del chapter, outcome

    def unplanned(self, chapter: str, outcome: Outcome) -> None:
        del chapter, outcome
