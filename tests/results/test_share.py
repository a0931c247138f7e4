from __future__ import annotations

import pytest
from sample_report import outcome, result

from conformance.errors import ConfigurationError
from conformance.results.model import Places, Verdict
from conformance.results.share import partly, percentage, share


def tried(*verdicts: Verdict, operations: tuple[str, ...] = ()) -> str:
    named = operations or [""] * len(verdicts)
    places = zip(verdicts, named, strict=True)
    outcomes = (outcome("A", verdict, str(n), operation=name) for n, (verdict, name) in enumerate(places))
    return partly(result("A", "rest", *outcomes))


def test_a_clause_says_on_how_many_operations_it_was_tried():
    verdicts = (Verdict.PASSED, Verdict.FAILED, Verdict.BLOCKED)
    assert tried(*verdicts, operations=("a", "b", "c")) == "tried on 2 of 3 operations"
    assert tried(*verdicts, operations=("a", "a", "c")) == "tried in 2 of 3 places"
    assert tried(*verdicts, operations=("a", "", "c")) == "tried in 2 of 3 places"


@pytest.mark.parametrize("verdicts", [(Verdict.PASSED, Verdict.INAPPLICABLE), (Verdict.BLOCKED,), ()])
def test_nothing_is_said_of_a_clause_that_was_tried_everywhere_or_nowhere(verdicts):
    assert tried(*verdicts) == ""


def test_a_hundred_percent_is_said_only_where_nothing_is_left():
    outcomes = [outcome("A", Verdict.PASSED)] * 999 + [outcome("A", Verdict.ERROR)]
    assert share(Places.among(outcomes)) == "tried in 999 of 1,000 places (99 %)"
    assert share(Places.among(outcomes[:1])) == "tried in 1 place"


@pytest.mark.parametrize(("text", "number"), [("90%", 90), ("90", 90), ("99.5 %", 99.5), ("0", 0), ("100%", 100)])
def test_a_percentage_is_read(text, number):
    assert percentage(text, "--at-least") == number


@pytest.mark.parametrize("text", ["", "101%", "most", "-1", "0x10", "90%%", "٩٠"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(ConfigurationError, match=r"^--at-least is .* Give a percentage"):
        percentage(text, "--at-least")
