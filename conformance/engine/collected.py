"""What the workers of a run have told so far, and the report of it."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

import conformance
from conformance.engine.messages import Done, Found, Planned, ServerErrorFound
from conformance.engine.server_errors import with_server_errors
from conformance.judgement.contract_gaps import merged
from conformance.results.explanations import SERVER_ERRORS, explained
from conformance.results.leftovers import sentences
from conformance.results.model import ClauseResult, Outcome, Report, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.contract.requirements import Clause
    from conformance.engine.messages import Message
    from conformance.engine.observers import RunObserver
    from conformance.engine.selected_checks import Selection
    from conformance.harness import Harness

GOING_ON = "It was still going on when this was written."
INTERVAL = 15.0  # seconds between two reports of a run that is going on, at least
PATIENCE = 20  # times as long as it took to write one passes before the next


class Facts(TypedDict):
    """What is known of a run before it begins."""

    suite: str
    contract: str
    operations: int
    events: int
    target: str
    seed: int


@dataclass(kw_only=True)
class Collected:
    """Takes the messages of the workers; has the report of what is known kept now and then."""

    harness: Harness
    selection: Selection
    seed: int
    observer: RunObserver
    keep: Callable[[Report], object] | None = None
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    server_errors: dict[tuple[str, str], Outcome] = field(default_factory=dict)  # by place and cause
    done: list[Done] = field(default_factory=list)
    plan: Planned | None = None
    requests: int = 0
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    begun: float = field(default_factory=time.monotonic)
    due: float = field(default_factory=lambda: time.monotonic() + INTERVAL)

    def __call__(self, message: Message) -> None:
        match message:
            case Planned():
                self._begin(message)
            case Found():
                self._found(message)
            case ServerErrorFound():
                self._server_error(message)
            case Done():
                self.done.append(message)
                self.requests += message.requests
        if self.keep and time.monotonic() >= self.due:
            self.checkpoint(GOING_ON)

    def checkpoint(self, stopped: str) -> None:
        """Has the report of what is known kept, as that of a part of a run."""
        begun = time.monotonic()
        with contextlib.suppress(OSError):  # the last report tells of a disk that is full
            if self.keep:
                self.keep(self.report(stopped))
        now = time.monotonic()
        self.due = now + max(INTERVAL, PATIENCE * (now - begun))

    def report(self, stopped: str = "") -> Report:
        """All that is known; `stopped` says why that is not all, if so."""
        unanswered = next((done.unanswered for done in self.done if done.unanswered), "")
        return Report(
            **self.facts,
            started=self.started.isoformat(timespec="seconds"),
            seconds=time.monotonic() - self.begun,
            requests=self.requests,
            clauses=() if unanswered or self.plan is None else explained(tuple(self._clauses(self.plan, stopped))),
            chapters={chapter.name: chapter.title for chapter in self.harness.catalogue.chapters},
            gaps=merged(gap for done in self.done for gap in done.gaps),
            left=sentences(each for done in self.done for each in done.leftovers),
            lifted=self.harness.configuration.lifted,
            unanswered=unanswered,
            stopped=stopped,
        )

    @property
    def facts(self) -> Facts:
        contract, client = self.harness.contract, self.harness.client
        return {
            "suite": conformance.__version__,
            "contract": f"{contract.title} {contract.version}".strip(),
            "operations": len(contract.operations),
            "events": len(contract.events.messages),
            "target": client.base,
            "seed": self.seed,
        }

    def _begin(self, plan: Planned) -> None:
        """The first worker's plan is every worker's."""
        if self.plan is None:
            self.plan = plan
            planned = Counter(self._chapter(outcome) for outcome in plan.outcomes)
            self.observer.started(**self.facts, planned=dict(planned))

    def _found(self, message: Found) -> None:
        outcome = message.outcome
        self.requests += message.requests
        self.outcomes.setdefault(outcome.clause, []).append(outcome)
        self.observer.progress(self._chapter(outcome), outcome)

    def _server_error(self, message: ServerErrorFound) -> None:
        outcome = message.outcome
        if self.server_errors.setdefault((outcome.place, message.cause), outcome) is outcome:
            self.observer.unplanned(self._chapter(outcome), outcome)

    def _chapter(self, outcome: Outcome) -> str:
        return self.harness.catalogue[outcome.clause].chapter

    def _clauses(self, plan: Planned, stopped: str) -> Iterator[ClauseResult]:
        chosen, placed = self.selection.chosen, {outcome.clause for outcome in plan.outcomes}
        for clause in self.harness.catalogue:
            named = clause.id in placed if self.selection.by_place else chosen is None or clause.id in chosen
            if named or (clause.id == SERVER_ERRORS and self.server_errors):
                yield ClauseResult(
                    id=clause.id,
                    chapter=clause.chapter,
                    level=clause.level,
                    text=clause.text,
                    source=clause.source,
                    check=plan.checks.get(clause.id, ""),
                    outcomes=tuple(self._outcomes(clause, plan, stopped)) or (_nowhere(clause, plan),),
                )

    def _outcomes(self, clause: Clause, plan: Planned, stopped: str) -> list[Outcome]:
        found = list(self.outcomes.get(clause.id, ()))
        if stopped:
            found += _unreached(found, [outcome for outcome in plan.outcomes if outcome.clause == clause.id])
        return with_server_errors(found, self.server_errors.values()) if clause.id == SERVER_ERRORS else found


def _unreached(found: Iterable[Outcome], planned: Iterable[Outcome]) -> Iterator[Outcome]:
    """What was planned and not found; several checks of a clause may be made at one place."""
    left = Counter(outcome.place for outcome in found)
    for outcome in planned:
        if left[outcome.place] > 0:
            left[outcome.place] -= 1
        else:
            yield outcome


def _nowhere(clause: Clause, plan: Planned) -> Outcome:
    """The outcome of a clause that was to be tried nowhere."""
    if clause.untestable:
        return Outcome(clause=clause.id, place="", verdict=Verdict.UNTESTABLE, reason=clause.untestable)
    if clause.id in plan.placeless:
        reason = plan.placeless[clause.id]
        return Outcome(clause=clause.id, place="", verdict=Verdict.INAPPLICABLE, reason=reason)
    return Outcome(clause=clause.id, place="", verdict=Verdict.ERROR, reason="no check bears this id")
