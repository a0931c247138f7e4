"""One cause, one finding: what another finding explains names it, and still counts."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from sample_report import outcome, result

from conformance.reports.html import to_html
from conformance.reports.job_summary import to_markdown
from conformance.reports.json_report import to_json
from conformance.reports.terminal import Terminal
from conformance.results import digest
from conformance.results.explanations import SERVER_ERRORS, explained
from conformance.results.model import Exchange, Report, Verdict

PROBLEM = '{"title": "Something went wrong.", "id": "req_%s"}'


def exchange(status, *, number=1, body=PROBLEM, headers=(("Accept", "*/*"),), curl="curl", identity="nobody"):
    return Exchange(
        label="attempt",
        identity=identity,
        operation="readThing",
        method="GET",
        url=f"http://127.0.0.1:8080/things/thg_{number}",
        request_headers=headers,
        status=status,
        response_body=body % number,
        decisive=True,
        curl=curl,
    )


def failed(clause, expected, decisive, *, level="MUST", operation="readThing", **facts):
    told = {"expected": expected, "observed": str(decisive.status), "exchanges": (decisive,), "operation": operation}
    verdict = Verdict.FAILED if level == "MUST" else Verdict.WARNED
    return result(clause, "rest", outcome(clause, verdict, operation, **told, **facts), level=level)


def crash(number=1, operation="readThing"):
    decisive = exchange(500, number=number)
    return failed(SERVER_ERRORS, "a considered answer", decisive, operation=operation)


def explanations(*clauses):
    return {clause.id: clause.outcomes[0].explained_by for clause in explained(clauses)}


def test_a_server_error_explains_what_failed_by_it():
    found = explanations(failed("OTHER", "refused (4xx)", exchange(500, number=2)), crash())
    assert found == {"OTHER": SERVER_ERRORS, SERVER_ERRORS: ""}


def test_a_server_error_of_another_operation_or_cause_explains_nothing():
    other = failed("OTHER", "a 2xx answer", exchange(500))
    assert explanations(other, crash(operation="listThings"))["OTHER"] == ""
    assert explanations(failed("OTHER", "201", exchange(502)), crash())["OTHER"] == ""


def test_of_clauses_that_failed_by_the_same_exchange_the_first_must_explains_the_others():
    should = failed("A-SHOULD", "401", exchange(200), level="SHOULD")
    found = explanations(should, failed("B-MUST", "refused (4xx)", exchange(200, number=2)))
    assert found == {"A-SHOULD": "B-MUST", "B-MUST": ""}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (exchange(200), exchange(200, identity="bob")),
        (exchange(200), exchange(200, body='{"another": "answer %s"}')),
        (exchange(200), exchange(200, headers=(("Accept", "text/html"),))),
        (exchange(401), exchange(401)),  # another part than the status is wrong
        (
            exchange(200, headers=(("Authorization", "Bearer eyJh…"),), curl="curl -H 'Authorization: Bearer eyJhbG'"),
            exchange(200, headers=(("Authorization", "Bearer eyJh…"),), curl="curl -H 'Authorization: Bearer eyJhbX'"),
        ),
    ],
)
def test_what_may_have_a_cause_of_its_own_stands_for_itself(first, second):
    expected = "401 as application/problem+json"
    assert explanations(failed("A", expected, first), failed("B", expected, second)) == {"A": "", "B": ""}


def test_what_took_several_requests_stands_for_itself():
    second = failed("B", "401", exchange(200), several="It takes the requests before it too.")
    assert explanations(failed("A", "401", exchange(200)), second) == {"A": "", "B": ""}


@pytest.fixture
def report():
    clauses = explained((failed("OTHER", "refused (4xx)", exchange(500, number=2)), crash()))
    return Report(
        suite="1",
        contract="Things 1",
        operations=1,
        events=0,
        target="http://127.0.0.1:8080",
        seed=1,
        started="2026-01-01T00:00:00+00:00",
        seconds=1,
        requests=2,
        clauses=clauses,
        chapters={"rest": "REST"},
    )


def test_counts_and_verdicts_stay_what_they_are(report):
    document = json.loads(to_json(report))
    assert {clause["id"]: clause["verdict"] for clause in document["clauses"]} == {
        "OTHER": "failed",
        SERVER_ERRORS: "failed",
    }
    assert (document["counts"]["failed"], document["verdict"]) == (2, "not conformant")


def test_every_report_lists_it_under_what_explains_it(report):
    told = io.StringIO()
    Terminal(quiet=False, stream=told).finished(report, None)
    assert "explains" in told.getvalue()
    assert "✗ OTHER" not in told.getvalue()
    assert "OTHER (1)" in told.getvalue()
    assert "Explains `OTHER` (1)." in to_markdown(report)
    assert f'Explained by <a href="#{SERVER_ERRORS}">' in to_html(report)
    assert [finding.clauses[0].id for finding in digest.mend_first(report)] == [SERVER_ERRORS]


def test_it_is_told_for_itself_where_what_explains_it_is_no_failure(report):
    other, owner = report.clauses
    known = replace(owner, outcomes=tuple(replace(each, verdict=Verdict.WARNED) for each in owner.outcomes))
    told = io.StringIO()
    Terminal(quiet=False, stream=told).finished(replace(report, clauses=(other, known)), None)
    assert "✗ OTHER" in told.getvalue()


def test_places_that_failed_alike_are_one_cause_whatever_ids_came():
    seen = ('200 {"id": "lnk_fuqLLLJYN7jn2JHlf8R2"}', '200 {"id": "lnk_3ZRavkXimj92LaNcbhRY"}', "404", "403")
    outcomes = [outcome("A", Verdict.FAILED, str(at), expected="401", observed=each) for at, each in enumerate(seen)]
    assert [cause.places for cause in result("A", "rest", *outcomes).causes] == [("0", "1"), ("2",), ("3",)]
