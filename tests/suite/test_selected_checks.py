"""Which checks are made, and in which order."""

from __future__ import annotations

import pytest

from conformance.commands.run import exit_code
from conformance.engine.limits import FIRST_FAILURE, TIME_IS_OVER
from conformance.engine.selected_checks import Selection
from conformance.results.model import Outcome, Verdict

READ = Outcome(clause="A", place="read-x", operation="read", verdict=Verdict.BLOCKED)
WRITE = Outcome(clause="B", place="write", operation="write", verdict=Verdict.BLOCKED)


@pytest.mark.parametrize(
    ("selection", "covered"),
    [
        (Selection(), [READ, WRITE]),
        (Selection(chosen=frozenset({"A"})), [READ]),
        (Selection(operations=frozenset({"write"})), [WRITE]),
        (Selection(places=frozenset({("A", "read-x"), ("A", "write")})), [READ]),
        (Selection(chosen=frozenset({"B"}), operations=frozenset({"read"})), []),
    ],
)
def test_what_is_chosen_is_covered(selection, covered):
    assert [outcome for outcome in (READ, WRITE) if selection.covers(outcome)] == covered


def test_each_clause_is_tried_once_before_any_is_tried_twice():
    ordered = Selection(breadth_first=True).ordered(["a1", "a2", "a3", "b1", "b2", "c1"], lambda check: check[0])

    assert ordered == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_may_do_what_is_asked_before_generated_input_is_sent():
    checks = [f"{clause}-{number}" for clause in ("ROB-A", "GRID-B", "IDEM-C") for number in range(9)]
    ordered = Selection(breadth_first=True).ordered(checks, lambda check: check.rpartition("-")[0])

    assert ordered[:3] == ["ROB-A-0", "GRID-B-0", "IDEM-C-0"]
    assert ordered[3:12] == [f"GRID-B-{number}" for number in range(1, 9)] + ["IDEM-C-1"]
    assert ordered[-1] == "ROB-A-8"


def test_an_order_at_random_is_that_of_its_seed():
    checks = [f"a{number}" for number in range(20)]
    orders = [Selection(shuffle=seed).ordered(checks, lambda check: check[0]) for seed in (7, 7, 8)]

    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(checks)


class Ended:
    def __init__(self, verdict, stopped=""):
        self.verdict, self.stopped = verdict, stopped


@pytest.mark.parametrize(
    ("verdict", "stopped", "code"),
    [
        ("conformant", "", 0),
        ("not conformant", "It was interrupted (SIGINT).", 5),
        ("not conformant", FIRST_FAILURE, 1),
        ("not conformant", TIME_IS_OVER, 1),
        ("conformant", TIME_IS_OVER, 0),
        ("not judged", TIME_IS_OVER, 5),
        ("not judged", "", 4),
    ],
)
def test_an_end_that_was_asked_for_has_the_code_of_the_verdict(verdict, stopped, code):
    assert exit_code(Ended(verdict, stopped)) == code
