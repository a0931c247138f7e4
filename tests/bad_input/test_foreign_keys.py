"""A member that names what others keep is filled from their list, where its name and its type tell which."""

from __future__ import annotations

import io
import json

from bad_input.variants import Notes, serving_notes

SHELVES = (7_011, 7_012)
OVERLAY = """
overlay: 1.0.0
info: {title: Notes that stand on shelves, version: "1"}
actions:
  - target: $.components.schemas.Text
    update: {required: [shelf], properties: {shelf: {type: integer}}}
  - target: $.paths['/notes'].post.requestBody.content['application/json'].example
    remove: true
  - target: $.paths['/notes/{id}'].put.requestBody.content['application/json'].example
    remove: true
  - target: $.paths
    update:
      /shelves:
        get:
          operationId: listShelves
          responses:
            "200":
              description: Those.
              content:
                application/json:
                  schema:
                    type: object
                    properties: {results: {type: array, items: {type: object, properties: {id: {type: integer}}}}}
            "401": {$ref: "#/components/responses/Refused"}
"""
MAKING = """
  - target: $.paths['/shelves']
    update:
      post:
        operationId: addShelf
        requestBody:
          required: true
          content: {application/json: {schema: {required: [name], properties: {name: {type: string, maxLength: 9}}}}}
        responses:
          "201":
            description: It.
            content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}
          "401": {$ref: "#/components/responses/Refused"}
          "403": {$ref: "#/components/responses/Refused"}
"""


def on_shelves(app):
    """Lists the shelves to whoever has a token, lets nobody add one, and takes no note for another shelf."""

    def answer(start_response, status, document):
        start_response(status, [("Content-Type", "application/json"), ("WWW-Authenticate", "Bearer")])
        return [json.dumps(document).encode()]

    def handle(environ, start_response):
        if environ["PATH_INFO"] == "/api/shelves":
            listing = []
            probe = {**environ, "PATH_INFO": "/api/notes", "REQUEST_METHOD": "GET"}
            list(app(probe, lambda status, _headers, _exc_info=None: listing.append(status)))
            if not listing[0].startswith("200"):
                return answer(start_response, listing[0], {"message": "Send a token of yours."})
            if environ["REQUEST_METHOD"] != "GET":
                return answer(start_response, "403 Forbidden", {"message": "Shelves are the house's."})
            return answer(start_response, "200 OK", {"results": [{"id": number} for number in SHELVES]})
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            written = json.loads(body)
            known = written.pop("shelf") in SHELVES
        except (ValueError, LookupError, TypeError, AttributeError):
            return app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        if not known:
            return answer(start_response, "400 Bad Request", {"message": "There is no such shelf."})
        rest = json.dumps(written).encode()
        return app({**environ, "CONTENT_LENGTH": str(len(rest)), "wsgi.input": io.BytesIO(rest)}, start_response)

    return handle


def judged(judge, folder, overlay):
    (folder / "overlay.yaml").write_text(overlay, encoding="utf-8")
    clauses = ("--only", "AUTH-REQUIRED-EVERY-OPERATION", "--only", "REST-RESPONSE-CONFORMS-SCHEMA")
    with serving_notes(Notes, on_shelves) as url:
        return judge(*clauses, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)


def places(told):
    return {
        (clause["id"], place["operation"]): place["verdict"]
        for clause in told.report["clauses"]
        for place in clause["evidence"]
    }


def test_what_is_only_listed_is_named_from_the_list(judge, folder):
    told = judged(judge, folder, OVERLAY)

    assert places(told)["AUTH-REQUIRED-EVERY-OPERATION", "readNote"] == "passed", told.words
    assert "blocked" not in places(told).values(), told.words


def test_what_may_not_be_made_is_named_from_the_list(judge, folder):
    told = judged(judge, folder, OVERLAY + MAKING)

    assert places(told)["AUTH-REQUIRED-EVERY-OPERATION", "readNote"] == "passed", told.words
