"""A target that hangs on one kind of input: that is a finding, and not the end of the run."""

from __future__ import annotations

from threading import Event

import pytest

from bad_input.variants import Notes, serving_notes


@pytest.fixture
def url():
    """The notes, which wait for ever where a body has no text that is one."""
    over = Event()

    class Hangs(Notes):
        def parsed(self, content):
            body = super().parsed(content)
            if not (isinstance(body, dict) and isinstance(body.get("text"), str)):
                over.wait()
            return body

    with serving_notes(Hangs) as address:
        yield address
        over.set()


@pytest.mark.xdist_group("hanging")
def test_it_is_found_and_the_rest_is_judged(judge, url):
    chosen = ("--only", "ROB-ALWAYS-ANSWERS", "--only", "AUTH-REQUIRED-EVERY-OPERATION")
    told = judge(*chosen, target=f"url = '{url}'", deadline=3)

    assert told.code == 1, told.words
    assert told.verdicts == {"ROB-ALWAYS-ANSWERS": "failed", "AUTH-REQUIRED-EVERY-OPERATION": "passed"}
    assert not told.report["partial"]
    owner = next(clause for clause in told.report["clauses"] if clause["id"] == "ROB-ALWAYS-ANSWERS")
    found = {each["operation"]: each["verdict"] for each in owner["evidence"]}
    assert found == {
        "addNote": "failed",
        "rewriteNote": "failed",
        "listNotes": "passed",
        "readNote": "passed",
        "dropNote": "passed",
    }
    assert "did not finish answering within 3 s" in owner["observed"]
    hung = next(each["exchanges"][0] for each in owner["evidence"] if each["verdict"] == "failed")
    assert hung["decisive"]
    assert hung["status"] == 0, "the line of the report does not repeat what got no answer"
