"""What a request names in its body is what the suite has made, whatever an example or a generator would name."""

from __future__ import annotations

import io
import json
import urllib.request

from bad_input import command
from bad_input.variants import Notes, serving_notes

OVERLAY = """
overlay: 1.0.0
info: {title: A note that is named in the body, version: "1"}
actions:
  - target: $.paths['/notes'].post.responses['201']
    update: {links: {again: {operationId: rewriteNamed, requestBody: {note: $response.body#/id}}}}
  - target: $.paths
    update:
      /rewritten:
        post:
          operationId: rewriteNamed
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [note, text]
                  properties: {note: {type: integer, minimum: 1}, text: {type: string, maxLength: 9}}
                example: {note: 1, text: Read.}
          responses: {"200": {description: It is., content: {application/json: {}}}, "400": {description: It is not.}}
"""


def by_name(app):
    """Rewrites the note that the body names."""

    def handle(environ, start_response):
        if environ["PATH_INFO"] != "/api/rewritten":
            return app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            named = json.loads(body)["note"]
        except (ValueError, LookupError, TypeError):
            named = 0
        text = json.dumps({"text": str(json.loads(body).get("text")) if named else 0}).encode()
        put = {"REQUEST_METHOD": "PUT", "PATH_INFO": f"/api/notes/{named}", "CONTENT_LENGTH": str(len(text))}
        return app({**environ, **put, "wsgi.input": io.BytesIO(text)}, start_response)

    return handle


def test_a_note_that_was_there_before_stays_as_it_was(judge, folder):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    token = {"Authorization": f"Bearer {command.TOKENS['ANN']}", "Content-Type": "application/json"}
    clauses = ("--only", "ROB-INVALID-REFUSED", "--only", "REST-RESPONSE-CONFORMS-SCHEMA")
    with serving_notes(Notes, by_name) as url:
        written = urllib.request.Request(f"{url}/api/notes", b'{"text": "Mine."}', token)
        with urllib.request.urlopen(written, timeout=5) as reply:
            assert json.load(reply)["id"] == 1
        told = judge(*clauses, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)
        with urllib.request.urlopen(urllib.request.Request(f"{url}/api/notes/1", headers=token), timeout=5) as reply:
            assert json.load(reply) == {"id": 1, "text": "Mine."}, told.words

    places = [place for clause in told.report["clauses"] for place in clause["evidence"]]
    tried = {place["verdict"] for place in places if place["operation"] == "rewriteNamed"}
    assert tried & {"passed", "failed"}, told.words
