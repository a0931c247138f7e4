"""What an exception in a check, or none, says of its clause."""

from __future__ import annotations

import pytest

from conformance.engine.verdicts import judged
from conformance.errors import BlockedError, ConfigurationError, InapplicableError, UntestableError
from conformance.results.model import Blame, ClauseResult, Outcome, Report, Verdict


def phase(error, when="call"):
    def body():
        if error is not None:
            raise error

    return pytest.CallInfo.from_call(body, when)


def verdict(error, *, when="call", level="MUST", exchanged=True):
    return judged(phase(error, when), level, exchanged=exchanged)[0]


def test_a_body_that_ran_through_with_an_exchange_has_passed():
    assert verdict(None) is Verdict.PASSED


def test_a_body_without_a_single_exchange_proves_nothing():
    assert verdict(None, exchanged=False) is Verdict.ERROR


@pytest.mark.parametrize(
    ("level", "expected"), [("MUST", Verdict.FAILED), ("SHOULD", Verdict.WARNED), ("MAY", Verdict.WARNED)]
)
def test_an_assertion_weighs_as_much_as_the_clause(level, expected):
    assert verdict(AssertionError("expected 404"), level=level) is expected


def test_an_assertion_in_an_arrangement_accuses_no_clause():
    assert verdict(AssertionError("no id"), when="setup") is Verdict.BLOCKED


@pytest.mark.parametrize("when", ["setup", "call"])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BlockedError("no answer"), Verdict.BLOCKED),
        (ConfigurationError("no issuer"), Verdict.BLOCKED),
        (UntestableError("needs bob"), Verdict.UNTESTABLE),
        (InapplicableError("no event"), Verdict.INAPPLICABLE),
        (KeyError("id"), Verdict.ERROR),
        (TypeError("bug"), Verdict.ERROR),
    ],
)
def test_every_other_exception_has_its_own_verdict_wherever_it_comes(error, expected, when):
    assert verdict(error, when=when) is expected


def test_a_blocked_outcome_says_who_has_to_act():
    told = judged(phase(BlockedError("refused", blame="configuration")), "MUST", exchanged=True)

    assert told == (Verdict.BLOCKED, "refused", Blame.CONFIGURATION)


def result(*verdicts):
    outcomes = tuple(Outcome(clause="A", place=str(number), verdict=each) for number, each in enumerate(verdicts))
    return ClauseResult(id="A", chapter="c", level="MUST", text="It MUST.", source="s", check="does", outcomes=outcomes)


@pytest.mark.parametrize(
    ("places", "whole"),
    [
        ([Verdict.PASSED, Verdict.FAILED], Verdict.FAILED),
        ([Verdict.PASSED, Verdict.BLOCKED], Verdict.PASSED),
        ([Verdict.FAILED, Verdict.BLOCKED], Verdict.FAILED),
        ([Verdict.ERROR, Verdict.FAILED], Verdict.FAILED),
        ([Verdict.ERROR, Verdict.WARNED], Verdict.WARNED),
        ([Verdict.PASSED, Verdict.ERROR], Verdict.ERROR),
        ([Verdict.UNTESTABLE, Verdict.BLOCKED], Verdict.BLOCKED),
        ([Verdict.PASSED, Verdict.UNTESTABLE], Verdict.PASSED),
        ([Verdict.UNTESTABLE, Verdict.INAPPLICABLE], Verdict.UNTESTABLE),
        ([], Verdict.INAPPLICABLE),
    ],
)
def test_no_place_hides_a_failure_the_verdict_of_a_clause(places, whole):
    assert result(*places).verdict is whole


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ([Verdict.PASSED], "conformant"),
        ([Verdict.PASSED, Verdict.WARNED], "conformant"),
        ([Verdict.PASSED, Verdict.FAILED], "not conformant"),
        ([Verdict.PASSED, Verdict.BLOCKED], "conformant"),
        ([Verdict.FAILED, Verdict.ERROR], "not conformant"),
        ([Verdict.WARNED, Verdict.ERROR], "suite error"),
        ([Verdict.BLOCKED], "not judged"),
        ([Verdict.PASSED, Verdict.ERROR], "suite error"),
        ([Verdict.UNTESTABLE], "not judged"),
        ([], "not judged"),
    ],
)
def test_a_run_is_conformant_only_if_something_passed_and_nothing_failed(verdicts, told):
    assert run(tuple(result(each) for each in verdicts)).verdict == told
    assert run((result(*verdicts),)).verdict == told, "as places of one clause"


@pytest.mark.parametrize(("demanded", "told"), [(0, "conformant"), (75, "conformant"), (75.1, "not conformant")])
def test_a_gate_may_demand_that_enough_was_tried(demanded, told):
    tried = [Verdict.PASSED, Verdict.PASSED, Verdict.WARNED, Verdict.BLOCKED, Verdict.INAPPLICABLE]

    assert run((result(*tried),), at_least=demanded).verdict == told


def test_a_part_of_a_run_is_not_conformant_where_no_share_is_demanded():
    assert run((result(Verdict.PASSED),), stopped="It was interrupted.").verdict == "not judged"
    assert run((result(Verdict.FAILED),), stopped="It was interrupted.").verdict == "not conformant"


def test_a_part_of_a_run_is_conformant_if_the_demanded_share_was_tried():
    clauses = (result(Verdict.PASSED), result(Verdict.BLOCKED))
    assert run(clauses, stopped="It was stopped.", at_least=50).verdict == "conformant"
    assert run(clauses, stopped="It was stopped.", at_least=51).verdict == "not judged"


def run(clauses, **facts):
    return Report(
        suite="0",
        contract="c",
        operations=1,
        events=0,
        target="t",
        seed=1,
        started="",
        seconds=1,
        requests=1,
        clauses=clauses,
        chapters={},
        **facts,
    )


@pytest.mark.parametrize(
    ("error", "when", "reason"),
    [
        (AssertionError("assert False"), "call", ""),
        (AssertionError("no id"), "call", "no id"),
        (AssertionError("assert []"), "setup", "an arrangement failed"),
        (KeyError("id"), "call", "by a key error: 'id'. Please report it."),
        (BlockedError("the control was not accepted"), "setup", "the control was not accepted"),
    ],
)
def test_a_reason_is_a_sentence(error, when, reason):
    told = judged(phase(error, when), "MUST", exchanged=True)[1]
    assert told.endswith(reason)
    assert bool(told) is bool(reason)
    assert "Error" not in told
