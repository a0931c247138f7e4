from __future__ import annotations

from sample_report import outcome, report, result

from conformance.results.baseline import Known, apply
from conformance.results.model import Verdict

KNOWN = Known(clause="A", operation="get-item", reason="planned")


def judged(*outcomes, known=KNOWN, **facts):
    return apply(report(clauses=(result("A", "rest", *outcomes),), **facts), (known,))


def place(verdict: Verdict, operation: str = "get-item", name: str = "get-item-odd"):
    return outcome("A", verdict, name, operation=operation)


def test_a_known_failure_is_a_warning_with_its_reason():
    run = judged(place(Verdict.FAILED))
    assert [(each.verdict, each.reason) for each in run.clauses[0].outcomes] == [("warned", "known failure: planned")]
    assert (run.accepted, run.stale) == (("A on get-item: planned",), ())


def test_it_covers_its_operation_alone():
    run = judged(place(Verdict.FAILED), place(Verdict.FAILED, operation="get-items"))
    assert [each.verdict for each in run.clauses[0].outcomes] == ["warned", "failed"]


def test_it_may_name_the_place_itself():
    known = Known(clause="A", operation="get-item-odd", reason="planned")
    assert judged(place(Verdict.FAILED), known=known).verdict == "not judged", "a warning, and nothing passed"


def test_it_is_stale_once_its_operation_holds():
    assert judged(place(Verdict.PASSED)).stale == ("A on get-item: planned",)


def test_it_is_not_stale_where_nobody_could_see():
    assert judged(place(Verdict.PASSED), place(Verdict.BLOCKED)).stale == ()
    assert judged(place(Verdict.PASSED), place(Verdict.ERROR)).stale == ()
    assert judged(place(Verdict.UNTESTABLE)).stale == ()
    assert judged(place(Verdict.PASSED, operation="other", name="other")).stale == ()


def test_what_is_blocked_elsewhere_keeps_nothing_from_being_stale():
    assert judged(place(Verdict.PASSED), place(Verdict.BLOCKED, operation="other", name="other")).stale != ()
