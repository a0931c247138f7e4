"""What a server answers for reasons of its own tells nothing of what a clause asks, and is not held against it."""

from __future__ import annotations

import pytest
from flask import request

from bad_input.variants import Notes, RefusalError, serving_notes

OPEN = "AUTH-PUBLIC-OPERATIONS-OPEN"
STATUS, CHALLENGE = "AUTH-401-STATUS", "AUTH-401-CHALLENGE"
OVERLAY = """
overlay: 1.0.0
info: {{title: What is open, version: "1"}}
actions: [{{target: "$.paths['/notes'].{method}", update: {{security: []}}}}]
"""


class ForbidsNobody(Notes):
    """Answers 403 to whoever brings no token."""

    def user(self, operation):
        try:
            return super().user(operation)
        except RefusalError as refusal:
            raise RefusalError(403, str(refusal)) from refusal


class WantsAWord(Notes):
    """Takes notes from everybody who knows what to write, as a log-in does."""

    def user(self, operation):
        return "anybody" if operation == "addNote" else super().user(operation)

    def text(self):
        raise RefusalError(401, f"{super().text()} is not the word.")


def test_a_challenge_is_asked_of_a_401_alone(judge):
    with serving_notes(ForbidsNobody) as url:
        told = judge("--only", STATUS, "--only", CHALLENGE, target=f"url = '{url}'", deadline=5)

    assert told.verdicts == {STATUS: "failed", CHALLENGE: "blocked"}, told.words


GRANTS = """
overlay: 1.0.0
info: {title: Grants to clients, version: "1"}
actions:
  - target: $.paths
    update:
      /grants:
        post:
          operationId: grant
          requestBody:
            required: true
            content: {application/x-www-form-urlencoded: {schema: {type: object}, example: {grant_type: mine}}}
          responses: {"200": {description: So be it.}, "400": {description: What?}, "401": {description: Who?}}
"""


def granting(app):
    """Grants to whoever shows a token, and answers 400 to whoever shows none (RFC 6749, section 5.2)."""

    def handle(environ, start_response):
        if not environ["PATH_INFO"].endswith("/grants"):
            return app(environ, start_response)
        known = environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
        start_response("200 OK" if known else "400 Bad Request", [("Content-Type", "application/json")])
        return [b"{}" if known else b'{"error": "invalid_request"}']

    return handle


def test_no_challenge_is_missed_where_400_is_as_good_as_401(judge, folder):
    (folder / "overlay.yaml").write_text(GRANTS, encoding="utf-8")
    with serving_notes(Notes, granting) as url:
        told = judge("--only", CHALLENGE, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    (clause,) = told.report["clauses"]
    found = [place["verdict"] for place in clause["evidence"] if place["operation"] == "grant"]
    assert found == ["inapplicable"], told.words


@pytest.mark.parametrize(("method", "notes", "verdict"), [("post", WantsAWord, "blocked"), ("get", Notes, "failed")])
def test_who_refuses_the_content_of_an_open_request_has_not_asked_for_credentials(
    judge, folder, method, notes, verdict
):
    (folder / "overlay.yaml").write_text(OVERLAY.format(method=method), encoding="utf-8")
    with serving_notes(notes) as url:
        told = judge("--only", OPEN, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    assert told.verdicts == {OPEN: verdict}, told.words


class SwitchedOff(Notes):
    """Shows notes to nobody, whoever asks."""

    def list_notes(self):
        raise RefusalError(403, "Lists are switched off here.")


class ShowsTokenBearers(SwitchedOff):
    """Answers 403 to whoever brings no token."""

    def list_notes(self):
        return Notes.list_notes(self) if request.headers.get("Authorization") else super().list_notes()


@pytest.mark.parametrize(("notes", "verdict"), [(SwitchedOff, "blocked"), (ShowsTokenBearers, "failed")])
def test_a_403_that_credentials_do_not_change_has_not_asked_for_them(judge, folder, notes, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY.format(method="get"), encoding="utf-8")
    with serving_notes(notes) as url:
        told = judge("--only", OPEN, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    assert told.verdicts == {OPEN: verdict}, told.words
    assert ("name it under never-call" in told.out) is (verdict == "blocked"), told.words


class ShowsTheCaller(Notes):
    """Tells at the path of the collection who asks."""

    def list_notes(self):
        return 200, {"name": self.user("listNotes"), "since": {"year": 2020}}


def test_what_is_no_list_is_not_searched(judge, folder):
    private = 'actions: [{target: "$", update: {x-ownership: {visibility: private}}}]'
    head, _, _ = OVERLAY.format(method="get").partition("actions:")
    (folder / "overlay.yaml").write_text(head + private, encoding="utf-8")
    with serving_notes(ShowsTheCaller) as url:
        target = f"url = '{url}'\noverlays = ['overlay.yaml']"
        told = judge("--only", "OBJ-LIST-ISOLATION", target=target, deadline=5)

    assert told.verdicts == {"OBJ-LIST-ISOLATION": "untestable"}, told.words
    assert "listNotes answers no list" in told.out


def telling_one_method(app):
    """Lists only GET in Allow, whatever else there is."""

    def handle(environ, start_response):
        def started(status, headers, *rest):
            told = [(name, "GET" if name == "Allow" else value) for name, value in headers]
            return start_response(status, told, *rest)

        return app(environ, started)

    return handle


def test_allow_is_looked_at_where_no_method_may_be_tried_that_could_change_something(judge):
    with serving_notes(Notes, telling_one_method) as url:
        told = judge("--only", "REST-METHOD-405-ALLOW", target=f"url = '{url}'", deadline=5)

    (clause,) = told.report["clauses"]
    failed = {place["operation"] for place in clause["evidence"] if place["verdict"] == "failed"}
    assert failed >= {"addNote", "listNotes"}, told.words


class ShowsNoneOfIt(Notes):
    """Answers 403 to whoever asks for a note that is not there, as for one of somebody else."""

    def _own(self, user, number):
        try:
            return super()._own(user, number)
        except RefusalError as refusal:
            raise RefusalError(403, str(refusal)) from refusal


class KeepsWhatIsDropped(Notes):
    """Acknowledges that a note is dropped, and keeps it."""

    def drop_note(self, number):
        return 204, self.read_note(number) and None


@pytest.mark.parametrize(("notes", "verdict"), [(ShowsNoneOfIt, "passed"), (KeepsWhatIsDropped, "failed")])
def test_what_is_gone_may_be_refused_like_what_nobody_made(judge, notes, verdict):
    with serving_notes(notes) as url:
        told = judge("--only", "REST-DELETE-GONE", target=f"url = '{url}'", deadline=5)

    assert told.verdicts == {"REST-DELETE-GONE": verdict}, told.words
    assert "Left at the target" not in told.words


MARKS = """
overlay: 1.0.0
info: {title: Marks on a note, version: "1"}
actions:
  - target: $.paths
    update:
      /notes/{id}/marks:
        parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 1}}]
        get: {operationId: listMarks, responses: {"200": {description: Those on the note.}}}
        delete: {operationId: dropMarks, responses: {"204": {description: None is left.}}}
"""


def with_marks(app):
    """Each note has a mark until the marks are dropped; then it has none."""
    dropped = set()

    def handle(environ, start_response):
        path = environ["PATH_INFO"]
        if not path.endswith("/marks"):
            return app(environ, start_response)
        if not environ.get("HTTP_AUTHORIZATION"):
            start_response("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
            return [b""]
        if environ["REQUEST_METHOD"] == "DELETE":
            dropped.add(path)
            start_response("204 No Content", [])
            return [b""]
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"[]" if path in dropped else b'["read"]']

    return handle


def test_a_list_that_is_emptied_is_still_there_and_so_is_what_it_is_of(judge, folder):
    (folder / "overlay.yaml").write_text(MARKS, encoding="utf-8")
    with serving_notes(Notes, with_marks) as url:
        told = judge("--only", "REST-DELETE-GONE", target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    (clause,) = told.report["clauses"]
    untried = {"untestable", "inapplicable"}
    found = {(place["operation"], place["verdict"]) for place in clause["evidence"] if place["verdict"] not in untried}
    assert found == {("dropMarks", "passed"), ("dropNote", "passed")}, told.words


UNIQUE = """
overlay: 1.0.0
info: {title: No two notes say the same, version: "1"}
actions: [{target: "$.paths['/notes'].post", update: {x-unique: [/text]}}]
"""


class TellsOfItsTables(Notes):
    """Says in the words of its database that a note is there already."""

    def add_note(self):
        if any(text == self.text() for _, text in self._notes.values()):
            raise RefusalError(400, "(sqlite3.IntegrityError) UNIQUE constraint failed: notes.text")
        return super().add_note()


def test_internals_are_looked_for_in_refusals_of_any_form(judge, folder):
    (folder / "overlay.yaml").write_text(UNIQUE, encoding="utf-8")
    with serving_notes(TellsOfItsTables) as url:
        told = judge("--only", "ERR-NO-INTERNALS", target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    assert told.verdicts == {"ERR-NO-INTERNALS": "failed"}, told.words
    (clause,) = told.report["clauses"]
    decisive = next(place["exchanges"][0] for place in clause["evidence"] if place["verdict"] == "failed")
    assert "sqlite3" in decisive["response_body"], "another answer is shown than the one that tells"


class MediaTypeFirst(Notes):
    """Looks at the media type of a body before it asks who sends it."""

    def user(self, operation):
        if request.method in {"POST", "PUT"} and request.mimetype != "application/json":
            raise RefusalError(415, "Send application/json.")
        return super().user(operation)


def test_the_media_type_may_decide_before_credentials_do(judge):
    with serving_notes(MediaTypeFirst) as url:
        told = judge("--only", "AUTH-BEFORE-VALIDATION", target=f"url = '{url}'", deadline=5)

    assert told.verdicts == {"AUTH-BEFORE-VALIDATION": "passed"}, told.words
