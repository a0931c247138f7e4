from __future__ import annotations

from sample_report import outcome, passing, report, result, rich_report

from conformance.results.digest import by_reason, headline, mend_first
from conformance.results.model import Verdict


def failed(name: str, *, looks_like: str = "", level: str = "MUST"):
    return result(name, "rest", outcome(name, Verdict.FAILED), looks_like=looks_like, level=level)


def test_failures_that_look_like_one_wrong_implementation_are_one_finding_and_come_first():
    clauses = (failed("A"), failed("B", looks_like="no audience"), failed("C", looks_like="no audience"))
    findings = mend_first(report(clauses=clauses))
    assert [[clause.id for clause in finding.clauses] for finding in findings] == [["B", "C"], ["A"]]


def test_a_must_is_mended_before_a_should():
    shoulds = (failed(name, level="SHOULD", looks_like="no header") for name in "AC")
    findings = mend_first(report(clauses=(*shoulds, failed("B"))))
    assert [finding.clauses[0].id for finding in findings] == ["B", "A"]


def test_a_failure_stands_before_what_blocked_however_much_that_holds_back():
    blocked = (result(name, "rest", outcome(name, Verdict.BLOCKED, reason="no token")) for name in "ABCDE")
    findings = mend_first(report(clauses=(*blocked, failed("Z"))))
    assert [finding.verdict for finding in findings] == [Verdict.FAILED, Verdict.BLOCKED]


def test_blocked_places_are_told_though_their_clause_passed_or_failed_elsewhere():
    dark = [outcome(name, Verdict.BLOCKED, "putItem", reason="no such item") for name in "AB"]
    held = result("A", "rest", outcome("A", Verdict.PASSED, "getItem"), dark[0])
    broken = result("B", "rest", outcome("B", Verdict.FAILED, "getItem"), dark[1])
    (finding,) = by_reason(report(clauses=(held, broken)), Verdict.BLOCKED)

    assert (finding.what, [finding.extent(clause) for clause in finding.clauses]) == ("no such item", ["1 of 2"] * 2)


def test_that_a_contract_leaves_something_out_is_told_only_where_it_does_everywhere():
    outcomes = (outcome("A", Verdict.PASSED), outcome("A", Verdict.INAPPLICABLE, "x", reason="no body"))
    assert by_reason(report(clauses=(result("A", "rest", *outcomes),)), Verdict.INAPPLICABLE) == ()


def test_blocked_clauses_with_one_reason_are_one_finding_that_says_who_is_to_blame():
    finding = by_reason(rich_report(), Verdict.BLOCKED)[0]
    assert [clause.id for clause in finding.clauses] == ["IDEMPOTENCY-REPLAY", "IDEMPOTENCY-SCOPED"]
    assert finding.blame == "configuration"


def test_warnings_without_a_reason_are_told_by_what_was_seen_and_not_taken_for_one():
    facts = [{"expected": "nosniff", "observed": "nothing"}, {"expected": "a year", "observed": "a day"}]
    clauses = tuple(
        result(name, "rest", outcome(name, Verdict.WARNED, **seen), level="SHOULD")
        for name, seen in zip("AB", facts, strict=True)
    )
    findings = by_reason(report(clauses=clauses), Verdict.WARNED)

    assert [[clause.id for clause in finding.clauses] for finding in findings] == [["A"], ["B"]]
    assert findings[0].what == "expected nosniff, observed nothing"


def test_the_headline_says_why_the_verdict_is_what_it_is():
    held, broken = passing("A", "rest"), result("B", "rest", outcome("B", Verdict.ERROR))
    blocked = result("C", "rest", outcome("C", Verdict.BLOCKED))
    assert headline(rich_report()).startswith("2 clauses failed. 40 clauses held, tried in ")
    assert headline(report(clauses=(held,))) == "1 clause held, tried in all 7 places."
    assert headline(report(clauses=(held, blocked))) == "1 clause held, tried in 7 of 8 places (87 %)."
    assert headline(report(clauses=(held, blocked), at_least=90)).endswith(
        "At least 90 % of the places have to be tried."
    )
    assert headline(report(clauses=(broken,))).startswith("The suite itself broke in 1 place;")
    assert headline(report(unanswered="Refused.")) == "The target could not be judged: Refused."
    assert headline(report()) == "No clause passed, so nothing is known to be right."
    assert headline(report(stopped="It was interrupted.")).startswith("This is a part of a run. It was interrupted.")
