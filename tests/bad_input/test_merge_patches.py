"""Merge patches of objects that hold members which the server keeps by itself."""

from __future__ import annotations

import json
from itertools import count

import pytest
from werkzeug.wrappers import Request, Response

from bad_input.command import USERS
from bad_input.variants import Notes, serving_notes

CLAUSE = "REST-MERGE-PATCH-SEMANTICS"
OVERLAY = """
overlay: 1.0.0
info: {title: Cards, version: "1"}
actions:
  - target: $.components.schemas
    update:
      Card:
        type: object
        required: [data, labels]
        properties:
          data: {type: object, properties: {title: {type: string, maxLength: 30}}, required: [title]}
          labels: {type: array, items: {type: string, pattern: "^[a-z]{3,9}$"}, minItems: 1}
  - target: $.paths
    update:
      /cards:
        post:
          operationId: addCard
          requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Card"}}}}
          responses: {"201": {description: Made.}, "401": {description: Who?}}
      /cards/{card}:
        parameters: [{name: card, in: path, required: true, schema: {type: integer}}]
        get: {operationId: readCard, responses: {"200": {description: It.}, "401": {description: Who?}}}
        delete: {operationId: dropCard, responses: {"204": {description: Gone.}, "401": {description: Who?}}}
        patch:
          operationId: changeCard
          requestBody: {content: {application/merge-patch+json: {schema: {$ref: "#/components/schemas/Card"}}}}
          responses: {"200": {description: It.}, "401": {description: Who?}}
"""


class Cards:
    """Cards beside the notes; each tells in `data` when it was changed last, as a number."""

    def __init__(self, notes):
        self.notes, self.kept, self.clock = notes, {}, count(1)

    def __call__(self, environ, start_response):
        request = Request(environ)
        parts = request.path.strip("/").split("/")[1:]
        response = self.answer(request, parts[1:]) if parts[:1] == ["cards"] else self.notes
        return response(environ, start_response)

    def answer(self, request, name):
        user = USERS.get(request.headers.get("Authorization", "").removeprefix("Bearer "), {}).get("user")
        if user is None:
            return Response("{}", 401, content_type="application/json")
        place = (user, name[0]) if name else (user, str(next(self.clock)))
        if request.method == "DELETE":
            return Response(status=204 if self.kept.pop(place, None) else 404)
        if name and place not in self.kept:
            return Response("{}", 404, content_type="application/json")
        if request.method != "GET":
            self.kept[place] = self.changed(self.kept.get(place, {}), json.loads(request.get_data()))
        card = {"id": place[1], **self.kept[place]}
        return Response(json.dumps(card), 200 if name else 201, content_type="application/json")

    def changed(self, card, patch):
        data = {**card.get("data", {}), **patch.get("data", {}), "changed": next(self.clock)}
        return {**card, **patch, "data": data}


class Forgetful(Cards):
    """Forgets the title of a card whose labels are changed."""

    def changed(self, card, patch):
        return super().changed(card if "data" in patch else {**card, "data": {}}, patch)


@pytest.mark.parametrize(("cards", "verdict"), [(Cards, "passed"), (Forgetful, "failed")])
def test_what_the_server_keeps_within_a_member_is_not_what_the_patch_has_changed(judge, folder, cards, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(Notes, cards) as url:
        told = judge("--only", CLAUSE, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    assert told.verdicts == {CLAUSE: verdict}, told.words
