"""What a worker tells the process that puts the report together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.results.leftovers import Leftover
    from conformance.results.model import Gap, Outcome


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What is to be checked; every worker tells the same."""

    outcomes: tuple[Outcome, ...]  # for each place, what holds if the run ends before it comes to it
    checks: dict[str, str]  # clause → what its checks do and see
    placeless: dict[str, str]  # clause → why there is no place to try it


@dataclass(frozen=True, kw_only=True)
class Found:
    """One more outcome, and how many requests were sent since the message before."""

    outcome: Outcome
    requests: int


@dataclass(frozen=True, kw_only=True)
class ServerErrorFound:
    """An undeclared 5xx, seen in whatever exchange; what it is due to tells it from others at the same place."""

    outcome: Outcome
    cause: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """The worker has ended; `unanswered`, `misconfigured`, `broken` or `stopped` says why it is not through."""

    requests: int = 0  # since the message before
    gaps: tuple[Gap, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    unanswered: str = ""
    misconfigured: str = ""
    broken: str = ""
    stopped: str = ""


Message = Planned | Found | ServerErrorFound | Done
