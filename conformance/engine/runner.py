"""Running the checks against one target and putting the report together."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypedDict

import conformance
from conformance.engine.processes import claims, run_in_processes, worker_barrier
from conformance.engine.worker import Done, Found, Planned, preflight, work
from conformance.errors import ConfigurationError, SuiteError
from conformance.judgement.contract_gaps import merged
from conformance.results.model import ClauseResult, Gap, Outcome, Report, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.engine.observers import RunObserver
    from conformance.engine.worker import Message, PreflightResult, Selection
    from conformance.harness import Harness


class Facts(TypedDict):
    """What is known of a run before it begins."""

    suite: str
    contract: str
    operations: int
    events: int
    target: str
    seed: int


@dataclass
class Collected:
    """What the workers told."""

    facts: Facts
    watcher: RunObserver
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    begun: bool = False

    def __call__(self, message: Message) -> None:
        if isinstance(message, Planned):
            self._begin(message)
        elif isinstance(message, Found):
            self.outcomes.setdefault(message.outcome.clause, []).append(message.outcome)
            self.watcher.progress(message.chapter, message.outcome)
        else:
            self.done.append(message)

    def _begin(self, message: Planned) -> None:
        """The first worker's plan is every worker's."""
        if not self.begun:
            self.begun = True
            self.watcher.started(**self.facts, planned=message.counts)

    @property
    def unanswered(self) -> str:
        return next((done.unanswered for done in self.done if done.unanswered), "")

    @property
    def checks(self) -> dict[str, str]:
        return {clause: words for done in self.done for clause, words in done.checks.items()}

    @property
    def leftover(self) -> dict[str, str]:
        return {clause: why for done in self.done for clause, why in done.leftover.items()}

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return merged(gap for done in self.done for gap in done.gaps)


def run(
    harnesses: tuple[Harness, ...],
    selection: Selection,
    seed: int,
    watcher: RunObserver,
    look: Callable[[Harness], PreflightResult] | None = None,
) -> Report:
    """The verdict on each clause, by as many workers as there are harnesses, once `look` has found nothing in the way.

    Raises ConfigurationError, and SuiteError if the checks cannot even be collected.
    """
    started, begun = datetime.now(UTC), time.perf_counter()
    harness = harnesses[0]
    facts = _facts(harness, seed)
    collected = Collected(facts, watcher)
    _share(harnesses, selection, collected, look)
    for done in collected.done:
        if done.misconfigured:
            raise ConfigurationError(done.misconfigured)
        if done.broken:
            raise SuiteError(done.broken)
    return Report(
        **facts,
        started=started.isoformat(timespec="seconds"),
        seconds=time.perf_counter() - begun,
        requests=sum(done.requests for done in collected.done),
        clauses=() if collected.unanswered else tuple(_results(harness, selection, collected)),
        chapters={chapter.name: chapter.title for chapter in harness.catalogue.chapters},
        gaps=collected.gaps,
        lifted=harness.configuration.lifted,
        unanswered=collected.unanswered,
    )


def _share(
    harnesses: tuple[Harness, ...],
    selection: Selection,
    collected: Collected,
    look: Callable[[Harness], PreflightResult] | None,
) -> None:
    """Has every worker make its share; a single one works in this very process."""
    if len(harnesses) == 1:
        work(harnesses[0], selection, collected, look=look)
        return
    if look is not None:  # in a process of its own, since no thread may run before the workers are forked
        _spread([partial(preflight, harnesses[0], look)], collected)
    if not collected.done:
        shared, part = claims(), worker_barrier(len(harnesses))
        jobs = [partial(work, harness, selection, claims=shared, part=part) for harness in harnesses]
        _spread(jobs, collected, part.without_the_dead)


def _spread(
    jobs: Sequence[Callable[[Callable[[Message], None]], None]],
    collected: Collected,
    bereaved: Callable[[], None] = lambda: None,
) -> None:
    for code in filter(None, run_in_processes(jobs, collected, bereaved)):
        collected(Done(checks={}, leftover={}, broken=f"A worker ended with code {code} before it was through."))


def _facts(harness: Harness, seed: int) -> Facts:
    return {
        "suite": conformance.__version__,
        "contract": f"{harness.contract.title} {harness.contract.version}".strip(),
        "operations": len(harness.contract.operations),
        "events": len(harness.contract.events.messages),
        "target": harness.client.url + harness.client.prefix,
        "seed": seed,
    }


def _results(harness: Harness, selection: Selection, collected: Collected) -> list[ClauseResult]:
    return [
        ClauseResult(
            id=clause.id,
            chapter=clause.chapter,
            level=clause.level,
            text=clause.text,
            source=clause.source,
            check=collected.checks.get(clause.id, ""),
            outcomes=tuple(collected.outcomes.get(clause.id, [_absent(clause.id, clause.untestable, collected)])),
        )
        for clause in harness.catalogue
        if selection.chosen is None or clause.id in selection.chosen
    ]


def _absent(identifier: str, untestable: str, collected: Collected) -> Outcome:
    """The outcome of a clause that was tried nowhere."""
    if untestable:
        return Outcome(clause=identifier, place="", verdict=Verdict.UNTESTABLE, reason=untestable)
    if identifier in collected.leftover:
        reason = collected.leftover[identifier]
        return Outcome(clause=identifier, place="", verdict=Verdict.INAPPLICABLE, reason=reason)
    return Outcome(clause=identifier, place="", verdict=Verdict.ERROR, reason="no check bears this id")
