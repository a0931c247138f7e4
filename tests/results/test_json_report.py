from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from sample_report import HOSTILE, outcome, report, result, rich_report

from conformance.reports.json_report import schema, to_json
from conformance.results.model import Verdict


def validate(document: object) -> None:
    Draft202012Validator(schema(), format_checker=FormatChecker()).validate(document)


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("facts", [{}, {"clauses": (), "unanswered": "Nothing listens there."}])
def test_every_report_conforms_to_its_schema(facts):
    document = json.loads(to_json(rich_report(**facts)))
    validate(document)


@pytest.mark.parametrize("name", ["verdict", "counts", "seconds", "requests", "clauses", "seed"])
def test_the_schema_refuses_a_report_that_lacks_a_member(name):
    document = json.loads(to_json(rich_report()))
    del document[name]
    with pytest.raises(ValidationError):
        validate(document)


def test_the_schema_refuses_what_it_does_not_describe():
    document = json.loads(to_json(rich_report()))
    document["clauses"][0]["verdict"] = "perhaps"
    with pytest.raises(ValidationError):
        validate(document)


def test_counts_and_verdicts_agree_with_the_clauses():
    document = json.loads(to_json(rich_report()))
    verdicts = [clause["verdict"] for clause in document["clauses"]]
    assert document["verdict"] == "not conformant"
    assert document["counts"] == {verdict.value: verdicts.count(verdict) for verdict in Verdict}
    assert sum(sum(chapter["counts"].values()) for chapter in document["chapters"]) == len(verdicts)


def test_a_failed_clause_is_told_with_the_exchanges_of_every_place_that_failed():
    document = json.loads(to_json(rich_report()))
    clause = next(clause for clause in document["clauses"] if clause["id"] == "SCOPE-MISSING-403")
    failed = [evidence for evidence in clause["evidence"] if evidence["verdict"] == "failed"]
    assert clause["places"] == ["deleteItem", "updateItem", "rotateSecret", "getItem"]
    assert (clause["expected"], clause["observed"]) == ("403, and the object is still there", "204")
    assert [len(evidence["exchanges"]) for evidence in failed] == [2, 2, 1]


def test_a_passed_clause_is_told_with_the_exchanges_of_one_place():
    document = json.loads(to_json(rich_report()))
    clause = next(clause for clause in document["clauses"] if clause["id"] == "REST-PROMISE-1")
    assert [bool(evidence["exchanges"]) for evidence in clause["evidence"]] == [True] + [False] * 6


def test_hostile_text_arrives_unchanged_but_for_lone_surrogates():
    clause = result("HOSTILE", "rest", outcome("HOSTILE", Verdict.FAILED, observed=HOSTILE))
    text = to_json(report(clauses=(clause,)))
    assert text.isascii()
    assert json.loads(text)["clauses"][0]["observed"] == HOSTILE.replace("\ud800", "\\ud800")
