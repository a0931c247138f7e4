"""Running the checks against one target and putting the report together."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, TypedDict

import pytest

import conformance
from conformance.engine import fixtures
from conformance.engine.plugin import Plugin
from conformance.engine.preflight import preflight
from conformance.results.model import ClauseResult, Outcome, Report, Verdict

if TYPE_CHECKING:
    from conformance.engine.session import Session
    from conformance.engine.watching import Watcher

QUIET = ("--disable-plugin-autoload", "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:logging")
QUIETER = ("-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:junitxml", "-p", "no:faulthandler")
COLLECTION_FAILED = {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}


class Facts(TypedDict):
    """What is known of a run before it begins."""

    suite: str
    contract: str
    operations: int
    events: int
    target: str
    seed: int


class SuiteError(Exception):
    """The suite itself is broken."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which clauses are checked, and in which order."""

    chosen: frozenset[str] | None = None
    shuffle: int | None = None


@dataclass
class Collected:
    """What came out of the checks."""

    checks: dict[str, str] = field(default_factory=dict)
    leftover: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        self.outcomes.setdefault(outcome.clause, []).append(outcome)


def run(session: Session, selection: Selection, seed: int, watcher: Watcher) -> Report:
    """The verdict on each clause. Raises SuiteError if the checks cannot even be collected."""
    started, begun = datetime.datetime.now(datetime.UTC), time.perf_counter()
    unanswered = preflight(session)
    collected = Collected()
    if not unanswered:
        _run_checks(session, selection, collected, watcher, seed)
    return Report(
        **_facts(session, seed),
        started=started.isoformat(timespec="seconds"),
        seconds=time.perf_counter() - begun,
        requests=session.client.sent,
        clauses=() if unanswered else tuple(_results(session, selection, collected)),
        chapters={chapter.name: chapter.title for chapter in session.catalogue.chapters},
        lifted=session.configuration.lifted,
        unanswered=unanswered,
    )


def _facts(session: Session, seed: int) -> Facts:
    return {
        "suite": conformance.__version__,
        "contract": f"{session.contract.title} {session.contract.version}".strip(),
        "operations": len(session.contract.operations),
        "events": len(session.contract.events.messages),
        "target": session.client.url + session.client.prefix,
        "seed": seed,
    }


def _run_checks(session: Session, selection: Selection, collected: Collected, watcher: Watcher, seed: int) -> None:
    def sink(chapter: str, outcome: Outcome) -> None:
        collected.add(outcome)
        watcher.progress(chapter, outcome)

    def planned(counts: dict[str, int]) -> None:
        watcher.started(**_facts(session, seed), planned=counts)

    plugin = Plugin(session, sink=sink, planned=planned, chosen=selection.chosen, shuffle=selection.shuffle)
    with as_file(files("conformance") / "checks") as checks:
        arguments = [str(checks), "-c", str(checks / "pytest.ini"), "--rootdir", str(checks), *QUIET, *QUIETER]
        arguments += [word for name in fixtures.modules() for word in ("-p", name)]
        code = pytest.main(arguments, plugins=[plugin])
    if code in COLLECTION_FAILED:
        raise SuiteError("The checks could not be collected; run pytest --collect-only on conformance/checks to see why.")
    collected.checks, collected.leftover = plugin.checks, plugin.leftover


def _results(session: Session, selection: Selection, collected: Collected) -> list[ClauseResult]:
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
        for clause in session.catalogue
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
