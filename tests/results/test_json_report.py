from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from sample_report import HOSTILE, outcome, passing, report, result, rich_report

from conformance.reports.json_report import schema, to_json
from conformance.results.model import Verdict

FAILED = {"B": "SHOULD", "C": "MUST", "E": "MUST"}


def validate(document: object) -> None:
    Draft202012Validator(schema(), format_checker=FormatChecker()).validate(document)


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("facts", [{}, {"clauses": (), "unanswered": "Nothing listens there."}])
def test_every_report_conforms_to_its_schema(facts):
    document = json.loads(to_json(rich_report(**facts)))
    validate(document)


@pytest.mark.parametrize("name", ["verdict", "counts", "seconds", "requests", "clauses", "seed", "version", "places"])
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
    assert [evidence["place"] for evidence in clause["evidence"]][-1] == "getItem", "failures first"
    assert (clause["expected"], clause["observed"]) == ("403, and the object is still there", "204")
    assert [len(evidence["exchanges"]) for evidence in failed] == [2, 2, 1]


def test_a_passed_clause_is_told_with_the_exchanges_of_one_place():
    document = json.loads(to_json(rich_report()))
    clause = next(clause for clause in document["clauses"] if clause["id"] == "REST-PROMISE-1")
    assert [bool(evidence["exchanges"]) for evidence in clause["evidence"]] == [True] + [False] * 6


def test_places_are_counted_by_verdict_for_each_clause_and_for_the_run():
    verdicts = (*[Verdict.PASSED] * 3, Verdict.BLOCKED, Verdict.UNTESTABLE, Verdict.ERROR, Verdict.INAPPLICABLE)
    outcomes = [outcome("A", verdict, str(number)) for number, verdict in enumerate(verdicts)]
    run = report(clauses=(result("A", "rest", *outcomes), passing("B", "rest")))
    document = json.loads(to_json(run))

    validate(document)
    counts = {"passed": 3, "failed": 0, "warned": 0, "blocked": 1, "error": 1, "untestable": 1, "inapplicable": 1}
    assert document["clauses"][0]["places"] == {"tried": 3, "of": 6, **counts}
    assert document["places"] == {"tried": 10, "of": 13, **counts, "passed": 10}


def test_failed_clauses_come_first_and_the_gravest_of_them():
    failed = [result(name, "rest", outcome(name, Verdict.FAILED), level=level) for name, level in FAILED.items()]
    document = json.loads(to_json(report(clauses=(passing("A", "rest"), passing("D", "rest"), *failed))))

    assert [clause["id"] for clause in document["clauses"]] == ["C", "E", "B", "A", "D"]


def test_a_part_of_a_run_says_so():
    document = json.loads(to_json(report(clauses=(passing("A", "rest"),), stopped="It was interrupted.")))

    validate(document)
    assert (document["partial"], document["stopped"]) == (True, "It was interrupted.")
    assert document["verdict"] == "not judged"


def test_hostile_text_arrives_unchanged_but_for_lone_surrogates():
    clause = result("HOSTILE", "rest", outcome("HOSTILE", Verdict.FAILED, observed=HOSTILE))
    text = to_json(report(clauses=(clause,)))
    assert text.isascii()
    assert json.loads(text)["clauses"][0]["observed"] == HOSTILE.replace("\ud800", "\\ud800")
