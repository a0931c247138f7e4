from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from sample_report import CHAPTERS, outcome, report, result, rich_report

from conformance.reports.junit import to_junit
from conformance.results.model import Verdict


def parsed(run) -> ET.Element:
    return ET.fromstring(to_junit(run).encode())


def case(root: ET.Element, name: str) -> ET.Element:
    return next(case for case in root.iter("testcase") if case.get("name") == name)


def test_each_chapter_is_a_suite_and_each_clause_a_case():
    run = rich_report(stale=())
    root = parsed(run)
    assert sorted(suite.get("name") for suite in root) == sorted(CHAPTERS.values())
    assert sorted(case.get("name") for case in root.iter("testcase")) == sorted(clause.id for clause in run.clauses)
    assert sum(int(suite.get("tests")) for suite in root) == len(run.clauses)


def test_what_failed_comes_first():
    root = parsed(rich_report(stale=()))
    failed = {suite.get("name") for suite in root if int(suite.get("failures"))}

    assert {suite.get("name") for suite in root[: len(failed)]} == failed
    assert all(suite[0].find("failure") is not None for suite in root[: len(failed)])


@pytest.mark.parametrize(
    ("verdict", "element"),
    [
        (Verdict.FAILED, "failure"),
        (Verdict.BLOCKED, "skipped"),
        (Verdict.ERROR, "error"),
        (Verdict.WARNED, "system-out"),
        (Verdict.UNTESTABLE, "skipped"),
        (Verdict.INAPPLICABLE, "skipped"),
    ],
)
def test_the_verdict_decides_the_element_which_says_why(verdict, element):
    clause = result("X", "rest", outcome("X", verdict, reason="because of this"))
    found = case(parsed(report(clauses=(clause,))), "X").find(element)
    assert "because of this" in (found.get("message") or found.text)


def test_a_passed_clause_is_an_empty_case_with_its_duration():
    clause = result("X", "rest", outcome("X", Verdict.PASSED), outcome("X", Verdict.PASSED))
    found = case(parsed(report(clauses=(clause,))), "X")
    assert (len(found), found.get("time")) == (0, "0.500")


def test_a_clause_that_held_where_it_was_tried_says_where_it_was_not():
    places = (outcome("X", Verdict.PASSED, "a"), outcome("X", Verdict.BLOCKED, "b"))
    found = case(parsed(report(clauses=(result("X", "rest", *places),))), "X")
    assert [(child.tag, child.text) for child in found] == [("system-out", "tried in 1 of 2 places")]


def test_a_run_that_tried_too_little_or_was_stopped_is_not_green():
    clause = result("X", "rest", outcome("X", Verdict.PASSED, "a"), outcome("X", Verdict.BLOCKED, "b"))
    root = parsed(report(clauses=(clause,), at_least=90, stopped="It was interrupted."))
    assert (
        case(root, "at least 90 % are tried").find("failure").get("message") == "It was tried in 1 of 2 places (50 %)."
    )
    assert case(root, "the run came to its end").find("error").get("message") == "It was interrupted."


def test_a_failure_tells_what_was_expected_and_observed_and_how_to_repeat_it():
    text = case(parsed(rich_report()), "SCOPE-MISSING-403").find("failure").text
    for told in ("expected  403", "observed  204", "repeat    curl -X DELETE", "deleteItem, updateItem", "looks like"):
        assert told in text


def test_hostile_text_is_xml_that_says_what_it_was():
    text = case(parsed(rich_report()), "REST-PROBLEM-DETAILS").find("failure").text
    assert r"<script>alert(1)</script> {{7*7}} {% raw %} \u202egnirts\u202c \x00 \x1b[2J" in text
    assert r"\ud800 ]]> \ufffe" in text


def test_a_target_that_does_not_answer_is_an_error():
    root = parsed(report(unanswered="Connection refused."))
    assert [error.get("message") for error in root.iter("error")] == ["Connection refused."]


def test_a_stale_baseline_is_a_failure():
    root = parsed(report(stale=("REST-HEAD no longer fails.",)))
    assert case(root, "REST-HEAD no longer fails.").find("failure") is not None
