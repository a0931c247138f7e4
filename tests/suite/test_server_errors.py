"""An undeclared 5xx is a finding wherever it is seen, once for each operation and cause, with what caused it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.contract.openapi import read
from conformance.http.client import Record
from conformance.http.messages import Reply, Request
from conformance.judgement.server_errors import MOST, ServerErrors

PLAIN = Path(__file__).parents[1] / "plain/openapi.yaml"
OWNER = "ROB-NO-5XX-ON-INPUT"
OTHER = "AUTH-REQUIRED-EVERY-OPERATION"


@pytest.fixture
def errors(tmp_path):
    text = PLAIN.read_text(encoding="utf-8").replace('"413":', '"503":', 1)  # of addNote alone
    (tmp_path / "openapi.yaml").write_text(text)
    return ServerErrors(contract=read(tmp_path / "openapi.yaml"))


def record(status, body="oops", *, method="GET", path="/notes/7", operation=""):
    request = Request(method=method, path=path, operation=operation)
    reply = Reply(request=request, status=status, headers=(), body=body.encode(), url="", seconds=0)
    return Record(label="attempt", identity="ann", request=request, url="", reply=reply)


def seen(errors, *records):
    for each in records:
        errors.see(each)
    return [(error.place, error.operation) for error in errors.untold()]


def test_each_operation_and_cause_is_told_once(errors):
    first, second = record(500, "at 12:01, id a1b2"), record(500, "at 12:02, id c3d4")
    assert seen(errors, first, second, record(500, "no such column")) == [("readNote", "readNote")] * 2
    assert seen(errors, record(500, "at 12:03, id e5f6")) == []


def test_no_more_than_a_few_causes_of_one_place_are_told(errors):
    letters = "abcdefghijkl"
    assert len(seen(errors, *(record(500, letter) for letter in letters))) == MOST


def test_what_the_operation_declares_is_no_error(errors):
    assert seen(errors, record(503, method="POST", path="/notes", operation="addNote")) == []
    assert seen(errors, record(500, method="POST", path="/notes", operation="addNote")) == [("addNote", "addNote")]


def test_below_500_and_without_a_reply_there_is_none(errors):
    lost = Record(label="attempt", identity="ann", request=record(500).request, url="", failure="lost")
    assert seen(errors, record(404), record(200), lost) == []


def test_an_operation_is_found_by_its_path_and_what_is_none_has_its_place_too(errors):
    assert seen(errors, record(500, path="/notes/9?limit=1")) == [("readNote", "readNote")]
    assert seen(errors, record(500, method="PATCH", operation="readNote")) == [("PATCH /notes/{id}", "")]
    assert seen(errors, record(500, path="/elsewhere")) == [("GET of a path that the contract lacks", "")]


def test_a_method_that_is_not_implemented_is_answered_rightly(errors):
    assert seen(errors, record(501, method="BREW")) == []
    assert seen(errors, record(501)) == [("readNote", "readNote")]


@pytest.fixture(scope="module")
def report(judge):
    """Of a server whose deletions crash, judged by another clause."""
    return judge("tests/plain/conformance.toml", fault="CrashesOnceANoteIsGone", chosen=frozenset({OTHER}))


def test_it_fails_its_own_clause_though_nobody_chose_that_and_no_other(report):
    assert {clause.id: clause.verdict.value for clause in report.clauses} == {OTHER: "passed", OWNER: "failed"}
    assert report.verdict == "not conformant"


def test_it_is_told_with_the_request_that_caused_it(report):
    (owner,) = (clause for clause in report.clauses if clause.id == OWNER)
    (outcome,) = owner.outcomes

    assert (outcome.place, outcome.operation) == ("dropNote", "dropNote")
    assert outcome.observed.startswith("500 ")
    assert [(exchange.method, exchange.status) for exchange in outcome.exchanges] == [("DELETE", 500)]
    assert outcome.exchanges[0].curl.startswith("curl -i -X DELETE http://")
