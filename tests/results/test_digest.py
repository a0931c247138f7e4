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
    findings = mend_first(report(clauses=(failed("A", level="SHOULD"), failed("B"))))
    assert [finding.clauses[0].id for finding in findings] == ["B", "A"]


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
    assert findings[0].clauses[0].told == "expected nosniff, observed nothing"


def test_the_headline_says_why_the_verdict_is_what_it_is():
    broken = result("A", "rest", outcome("A", Verdict.ERROR))
    assert headline(rich_report()).startswith("2 clauses failed. 2 clauses could not be tried")
    assert headline(report(clauses=(passing("A", "rest"),))) == "1 clause held, none failed and none was blocked."
    assert headline(report(clauses=(broken,))).startswith("The suite itself broke on 1 clause;")
    assert headline(report(unanswered="Refused.")) == "The target could not be judged: Refused."
    assert headline(report()) == "No clause passed, so nothing is known of the target."
