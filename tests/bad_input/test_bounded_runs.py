"""Runs of a part: the checks of some operations or levels, what failed before, and ends that were asked for."""

from __future__ import annotations

import json

import pytest

from bad_input import servers
from bad_input.servers import always, answer
from bad_input.test_bad_process import managed

AUTHENTICATION = ("--only", "authentication/credentials", "--workers", "1")


@pytest.fixture
def open_to_all():
    """The URL of a server that answers everything and everybody with an empty list."""
    with servers.serving(always(answer(200, "[]"))) as url:
        yield f"url = '{url}'"


def places(report):
    """Each place of a report: clause, place, verdict."""
    return [
        (clause["id"], each["place"], each["verdict"]) for clause in report["clauses"] for each in clause["evidence"]
    ]


def test_a_run_without_a_failure_that_is_to_fail_fast_comes_to_its_end(judge):
    told = judge("--fail-fast", "--only", "AUTH-REQUIRED-EVERY-OPERATION", target=managed("10000"))

    assert (told.code, told.report["partial"]) == (0, False)


def test_only_the_first_failure_is_met(judge, open_to_all):
    told = judge("--fail-fast", "--no-doctor", *AUTHENTICATION, target=open_to_all)

    failed = [place for place in places(told.report) if place[2] == "failed"]
    assert (told.code, len(failed)) == (1, 1)
    assert told.report["stopped"] == "It was stopped at the first failure, as --fail-fast asks."
    assert "This is a part of a run." in told.out


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_ends_when_its_time_is_over(judge, workers):
    told = judge("--max-time", "3s", "--workers", workers, target=managed("10000"))

    assert told.code in {1, 5}, "what failed by then counts"
    assert told.report["stopped"] == "It was stopped as its time was over (--max-time)."
    assert told.report["partial"]
    assert "Traceback" not in told.words


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--operation", "readNote", {"readNote"}),
        ("--path", "/notes/*", {"readNote", "rewriteNote", "dropNote"}),
    ],
)
def test_only_the_checks_of_named_operations_are_made(judge, option, value, expected):
    told = judge(option, value, *AUTHENTICATION, target=managed("10000"))

    seen = {place for _, place, _ in places(told.report)}
    assert told.code == 0
    assert {place.partition("-")[0] for place in seen} == expected
    assert set(told.verdicts.values()) <= {"passed", "untestable", "inapplicable"}


def test_only_clauses_of_a_level_are_tried(judge):
    told = judge("--level", "should", "--only", "http", target=managed("10000"))

    assert {clause["level"] for clause in told.report["clauses"]} == {"SHOULD"}


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--operation", "readNotes"), "no operation for --operation readNotes. It has readNote, "),
        (("--tag", "notes"), "no operation for --tag notes. It has none."),
        (("--path", "/note/*"), "no operation for --path /note/*. It has /notes"),
        (("--max-time", "soon"), "must be a time of one second or more, such as 90s, 5m or 1h, but is soon"),
        (("--level", "MAY", "--only", "http"), "No clause of http is a MAY."),
        (("--last-failed",), "There is no report/report.json of an earlier run. Run without --last-failed first."),
    ],
)
def test_what_stands_for_nothing_is_told(judge, option, words):
    told = judge(*option, target=managed("10000"))

    assert (told.code, told.report) == (2, None)
    assert words in told.err


def test_what_failed_is_tried_again_alone(judge, open_to_all):
    """Places that failed are tried again; once they pass, nothing is left to repeat."""
    first = judge("--no-doctor", *AUTHENTICATION, target=open_to_all)
    failed = {place[:2] for place in places(first.report) if place[2] == "failed"}

    again = judge("--no-doctor", "--last-failed", target=open_to_all)
    mended = judge("--last-failed", target=managed("10000"))
    nothing = judge("--last-failed", target=managed("10000"))

    assert failed
    assert {place[:2] for place in places(again.report) if place[2] == "failed"} == failed
    assert mended.code == 0
    assert (nothing.code, "Nothing failed in report/report.json, so there is nothing to repeat." in nothing.err) == (
        2,
        True,
    )


def test_a_broken_report_of_an_earlier_run_is_told(folder, judge):
    (folder / "report").mkdir()
    (folder / "report/report.json").write_text(json.dumps(["what"]), encoding="utf-8")

    told = judge("--last-failed", target=managed("10000"))

    assert (told.code, "report/report.json is not a report of this suite." in told.err) == (2, True)
