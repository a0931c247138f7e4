"""A login that sets a second cookie, with which every change is sent (double submit), is followed as browsers do."""

from __future__ import annotations

import json
import secrets
from http.cookies import SimpleCookie

import pytest

from bad_input import command
from bad_input.variants import Notes, serving_notes

OVERLAY = """
overlay: 1.0.0
info: {title: Notes for people in browsers, version: "1"}
actions:
  - target: $.security
    remove: true
  - target: $
    update: {security: [{visit: []}]}
  - target: $.components.securitySchemes
    update:
      visit: {type: apiKey, in: cookie, name: visit}
      form: {type: apiKey, in: header, name: X-CSRFToken}
  - target: $.paths['/notes'].post
    update: {security: [{visit: [], form: []}], responses: {"403": {$ref: "#/components/responses/Refused"}}}
  - target: $.paths['/notes/{id}'].put
    update: {security: [{visit: [], form: []}], responses: {"403": {$ref: "#/components/responses/Refused"}}}
  - target: $.paths['/notes/{id}'].delete
    update: {security: [{visit: [], form: []}], responses: {"403": {$ref: "#/components/responses/Refused"}}}
  - target: $.paths
    update:
      /visits:
        post:
          operationId: enter
          security: []
          x-session: {scheme: visit, username: /name, password: /word, proof: form, token-cookie: half, logout: leave}
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [name, word]
                  properties: {name: {type: string}, word: {type: string}}
          responses: {"204": {description: Welcome.}, "401": {$ref: "#/components/responses/Refused"}}
        delete:
          operationId: leave
          security: [{visit: [], form: []}]
          responses: {"204": {description: Bye.}, "401": {$ref: "#/components/responses/Refused"}}
"""
IDENTITIES = "".join(
    f'[identities.{name.lower()}]\nkind = "session"\nusername = "{name}"\npassword = "env:{name}"\n'
    for name in command.TOKENS
)
REASONS = {204: "No Content", 401: "Unauthorized", 403: "Forbidden"}


class Visits:
    """Sessions before an application that knows tokens; each change needs the half of its session, twice."""

    def __init__(self, app):
        self.app = app
        self.tokens = {}  # of the application, by session id
        self.halves = {}

    def __call__(self, environ, start_response):
        sent = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        visit, half = (sent[name].value if name in sent else "" for name in ("visit", "half"))
        if environ["PATH_INFO"] == "/api/visits" and environ["REQUEST_METHOD"] == "POST":
            return self.enter(environ, start_response)
        if visit not in self.tokens:
            return self.answer(start_response, 401)
        proven = self.halves[visit] == half == environ.get("HTTP_X_CSRFTOKEN")
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} and not proven:
            return self.answer(start_response, 403)
        if environ["PATH_INFO"] == "/api/visits":
            del self.tokens[visit]
            return self.answer(start_response, 204)
        return self.app({**environ, "HTTP_AUTHORIZATION": f"Bearer {self.tokens[visit]}"}, start_response)

    def enter(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            given = json.loads(body)
            token = command.TOKENS[given["name"]]
        except (ValueError, LookupError, TypeError):
            return self.answer(start_response, 401)
        if given.get("word") != token:
            return self.answer(start_response, 401)
        visit, half = secrets.token_hex(16), secrets.token_hex(16)
        self.tokens[visit], self.halves[visit] = token, half
        cookies = [f"visit={visit}; Path=/; HttpOnly; SameSite=Lax", f"half={half}; Path=/; SameSite=Lax"]
        return self.answer(start_response, 204, [("Set-Cookie", cookie) for cookie in cookies])

    def answer(self, start_response, status, headers=()):
        content = [] if status == 204 else [b'{"message": "No."}']
        start_response(f"{status} {REASONS[status]}", [("Content-Type", "application/json"), *headers])
        return content


class ForgetsTheHalf(Visits):
    """Takes changes without their proof."""

    def __call__(self, environ, start_response):
        sent = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        if "visit" in sent and sent["visit"].value in self.halves:
            half = self.halves[sent["visit"].value]
            environ = {**environ, "HTTP_COOKIE": f"visit={sent['visit'].value}; half={half}", "HTTP_X_CSRFTOKEN": half}
        return super().__call__(environ, start_response)


class AsksForTheProofFirst(Visits):
    """Looks at the proof before it looks at who asks."""

    def __call__(self, environ, start_response):
        changes = environ["REQUEST_METHOD"] not in {"GET", "HEAD"} and environ["PATH_INFO"] != "/api/visits"
        if changes and not environ.get("HTTP_X_CSRFTOKEN"):
            return self.answer(start_response, 403)
        return super().__call__(environ, start_response)


def test_a_proof_may_be_missed_before_the_session_is(judge, folder):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(Notes, AsksForTheProofFirst) as url:
        told = judge(
            "--only", "AUTH-401-STATUS", "--only", "AUTH-BEFORE-VALIDATION",
            target=f"url = '{url}'\noverlays = ['overlay.yaml']", identities=IDENTITIES, deadline=5,
        )  # fmt: skip

    assert told.verdicts == {"AUTH-401-STATUS": "passed", "AUTH-BEFORE-VALIDATION": "passed"}, told.words


@pytest.mark.parametrize(("visits", "verdict"), [(Visits, "passed"), (ForgetsTheHalf, "failed")])
def test_changes_bear_both_halves_of_the_proof(judge, folder, visits, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(Notes, visits) as url:
        told = judge(
            "--only", "SESS-CSRF", "--only", "REST-RESPONSE-CONFORMS-SCHEMA",
            target=f"url = '{url}'\noverlays = ['overlay.yaml']", identities=IDENTITIES, deadline=5,
        )  # fmt: skip

    assert told.verdicts["SESS-CSRF"] == verdict, told.words
    assert verdict == "failed" or told.verdicts["REST-RESPONSE-CONFORMS-SCHEMA"] == "passed", told.words
