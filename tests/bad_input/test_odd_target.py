"""A target that is judged although something about it is odd: it is no error of the suite, and nothing is noise."""

from __future__ import annotations

import json

import pytest

from bad_input import servers
from bad_input.command import PLAIN, started
from bad_input.servers import answer, guarded
from bad_input.variants import Notes, serving_notes

CLAUSE = ("--only", "AUTH-REQUIRED-EVERY-OPERATION")
LIST = answer(200, "[]")
SEARCH = {"name": "q", "in": "query", "schema": {"type": "string"}}


@pytest.mark.parametrize("trust", ["verify = false", "ca = 'certificate.pem'"])
def test_a_self_signed_certificate_is_taken_where_the_configuration_says_so(folder, judge, trust):
    tls, _ = servers.self_signed(folder)
    with servers.serving(guarded(LIST, answer(401)), tls) as url:
        told = judge(*CLAUSE, target=f"url = '{url}'\n{trust}")

    assert (told.code, told.err) == (0, ""), "the notes cannot be written there, but they are asked"
    assert told.verdicts == {CLAUSE[1]: "passed"}


@pytest.fixture
def unmakeable():
    """A target that takes notes and does not tell where they are, so that no single note can be asked for."""
    made = answer(201, "{}", "application/json", "Location: http://[half")

    def behave(_server, connection, head):
        known = made if head.startswith(b"POST") else LIST
        connection.sendall(known if b"\r\nauthorization:" in head.lower() else answer(401))

    with servers.serving(behave) as url:
        yield f"url = '{url}'"


def test_a_location_that_is_none_is_not_the_suites_error(judge, unmakeable):
    told = judge(*CLAUSE, target=unmakeable)

    assert (told.code, told.verdicts) == (0, {CLAUSE[1]: "passed"}), "where it was tried"
    assert "the reply of addNote (201) does not give id" in told.out
    assert "CONFORMANT" in told.out
    assert "tried in 3 of 7 places (42 %)" in told.out
    (clause,) = told.report["clauses"]
    assert (clause["places"]["tried"], clause["places"]["of"], clause["places"]["blocked"]) == (3, 7, 4)
    assert {each["operation"] for each in clause["evidence"] if each["verdict"] == "blocked"} == {
        "readNote",
        "rewriteNote",
        "dropNote",
    }


@pytest.mark.parametrize(("demanded", "code"), [("42%", 0), ("43%", 1)])
def test_a_gate_that_demands_more_than_could_be_tried_is_closed(judge, unmakeable, demanded, code):
    by_option = judge(*CLAUSE, "--at-least", demanded, target=unmakeable)
    by_key = judge(*CLAUSE, target=f"{unmakeable}\nat-least = '{demanded}'")

    assert (by_option.code, by_key.code) == (code, code)
    assert ("At least 43 % of the places have to be tried." in by_option.out) == bool(code)


def test_where_nothing_could_be_tried_nothing_is_judged(judge, unmakeable):
    told = judge("--only", "consistency", target=unmakeable)

    assert (told.code, set(told.verdicts.values())) == (4, {"blocked", "inapplicable"}), told.words


def test_options_that_are_meant_for_another_pytest_change_nothing(judge, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")

    told = judge(*CLAUSE, target=started(PLAIN / "server.py", "--port", "{port}"))

    assert (told.code, told.err, told.verdicts) == (0, "", {CLAUSE[1]: "passed"})


def choking(app):
    """Breaks at a NUL in a path, as a database does to which it is handed on."""

    def handle(environ, start_response):
        if "\0" in environ["PATH_INFO"]:
            start_response("500 Broken", [("Content-Type", "application/json")])
            return [b'{"message": "broken"}']
        return app(environ, start_response)

    return handle


def test_an_identifier_that_is_a_nul_is_tried(judge):
    with serving_notes(Notes, choking) as url:
        told = judge("--only", "ROB-NO-5XX-ON-INPUT", "--examples", "2", target=f"url = '{url}'", deadline=5)

    (clause,) = told.report["clauses"]
    assert [place["operation"] for place in clause["evidence"] if place["verdict"] == "failed"] == ["readNote"]


def searching_by_pattern(app):
    """Takes what is asked for as a regular expression, and breaks where it is none."""

    def handle(environ, start_response):
        if "q=%28" in environ["QUERY_STRING"]:
            start_response("500 Broken", [("Content-Type", "application/json")])
            return [b'{"message": "broken"}']
        return app(environ, start_response)

    return handle


def test_a_filter_that_is_no_regular_expression_is_tried(judge, folder):
    overlay = folder / "search.yaml"
    overlay.write_text(
        json.dumps(
            {
                "overlay": "1.0.0",
                "info": {"title": "A search", "version": "1"},
                "actions": [{"target": "$.paths['/notes'].get", "update": {"parameters": [SEARCH]}}],
            }
        ),
        encoding="utf-8",
    )
    with serving_notes(Notes, searching_by_pattern) as url:
        told = judge(
            *("--only", "ROB-NO-5XX-ON-INPUT", "--examples", "2", "--overlay", str(overlay)), target=f"url = '{url}'"
        )

    (clause,) = told.report["clauses"]
    assert [place["operation"] for place in clause["evidence"] if place["verdict"] == "failed"] == ["listNotes"]
