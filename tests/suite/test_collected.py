"""What the workers told becomes a report at any time, also of a run that is not through."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from conformance.contract.requirements import catalogue
from conformance.engine.collected import Collected
from conformance.engine.messages import Done, Found, Planned, ServerErrorFound
from conformance.engine.observers import NullObserver
from conformance.engine.selected_checks import Selection
from conformance.results.explanations import SERVER_ERRORS
from conformance.results.model import Outcome, Verdict

OTHER = "ROB-INVALID-REFUSED"


@dataclass
class Kept:
    """The reports that were to be kept."""

    reports: list = field(default_factory=list)

    def __call__(self, report):
        self.reports.append(report)


@pytest.fixture
def kept():
    return Kept()


@pytest.fixture
def collected(kept):
    """Of the two clauses, planned at two places each, one of them twice."""
    harness = SimpleNamespace(
        contract=SimpleNamespace(title="T", version="1", operations=(), events=SimpleNamespace(messages=())),
        client=SimpleNamespace(base="http://t.example"),
        catalogue=catalogue(),
        configuration=SimpleNamespace(lifted=()),
    )
    chosen = Selection(chosen=frozenset({SERVER_ERRORS, OTHER}))
    found = Collected(harness=harness, selection=chosen, seed=1, observer=NullObserver(), keep=kept)
    places = [(SERVER_ERRORS, "a"), (SERVER_ERRORS, "b"), (OTHER, "a"), (OTHER, "a"), (OTHER, "b")]
    planned = tuple(outcome(clause, place, Verdict.BLOCKED) for clause, place in places)
    found(Planned(outcomes=planned, checks={OTHER: "It is sent."}, placeless={}))
    return found


def outcome(clause, place, verdict, **facts):
    return Outcome(clause=clause, place=place, verdict=verdict, operation=place, **facts)


def clause(report, identifier):
    return next(each for each in report.clauses if each.id == identifier)


def places(report, identifier):
    return [(each.place, each.verdict.value) for each in clause(report, identifier).outcomes]


def test_what_was_not_reached_counts_as_blocked_in_a_part_of_a_run(collected):
    collected(Found(outcome=outcome(OTHER, "a", Verdict.PASSED), requests=3))
    report = collected.report("It was interrupted.")

    assert places(report, OTHER) == [("a", "passed"), ("a", "blocked"), ("b", "blocked")]
    assert places(report, SERVER_ERRORS) == [("a", "blocked"), ("b", "blocked")]
    assert (report.places.tried, report.places.applicable, report.requests) == (1, 5, 3)
    assert clause(report, OTHER).check == "It is sent."


def test_a_5xx_takes_the_place_of_what_the_check_says_of_its_operation(collected):
    collected(Found(outcome=outcome(SERVER_ERRORS, "a", Verdict.BLOCKED), requests=0))
    collected(Found(outcome=outcome(SERVER_ERRORS, "b", Verdict.PASSED), requests=0))
    for cause, observed in (("x", "500 first"), ("x", "500 second"), ("y", "500 other")):
        collected(ServerErrorFound(outcome=outcome(SERVER_ERRORS, "a", Verdict.FAILED, observed=observed), cause=cause))
    found = clause(collected.report(), SERVER_ERRORS)

    assert [each.observed for each in found.outcomes] == ["500 first", "500 other", ""]
    assert found.verdict is Verdict.FAILED


def test_what_is_known_is_kept_now_and_then_as_a_part_of_a_run(collected, kept):
    assert kept.reports == []
    collected.due = 0.0
    collected(Found(outcome=outcome(OTHER, "a", Verdict.FAILED), requests=1))
    collected(Found(outcome=outcome(OTHER, "b", Verdict.PASSED), requests=1))

    assert [report.verdict for report in kept.reports] == ["not conformant"], "and not again at once"
    assert kept.reports[0].stopped == "It was still going on when this was written."


def test_a_run_that_is_through_is_whole(collected):
    for each in [*collected.plan.outcomes]:
        collected(Found(outcome=outcome(each.clause, each.place, Verdict.PASSED), requests=2))
    collected(Done(requests=1))
    report = collected.report()

    assert (report.verdict, report.stopped, report.requests) == ("conformant", "", 11)
