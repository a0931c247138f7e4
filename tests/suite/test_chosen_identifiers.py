"""Paths whose values no creation gives: chosen by whoever asks, named by the contract, in a list, too early."""

from __future__ import annotations

import http.server
import json
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from loopback import serving

from conformance.contract import openapi
from conformance.errors import BlockedError, UntestableError
from conformance.http.client import Client
from conformance.http.messages import Request
from conformance.identity.accounts import Account
from conformance.identity.credential_sources import NoCredentials
from conformance.judgement.controls import ControlledRequest
from conformance.requests.arrangement import Arranger
from conformance.requests.bodies import Bodies
from conformance.requests.objections import unaccepted
from conformance.requests.request_generator import RequestGenerator
from conformance.requests.validity import RequestValidity

TEXT = {"type": "string", "maxLength": 60}
NOTE = {"type": "object", "required": ["text"], "properties": {"text": TEXT}}
SAME = {"type": "object", "required": ["data"], "properties": {"data": {"$ref": "#/components/schemas/Named"}}}
NAMED = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "text": TEXT}}
TAGS = [{"name": name, "in": "header", "schema": {"type": "string"}} for name in ("If-Match", "If-None-Match")]


def parameter(name, **schema):
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **schema}}


def operation(identifier, *statuses, body=None, **further):
    content = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}} if body else {}
    responses = {str(status): {"description": "It."} for status in statuses}
    return {"operationId": identifier, "responses": responses, **content, **further}


PATHS = {
    "/notes/{slug}": {
        "parameters": [parameter("slug", pattern="^[a-z][a-z0-9-]{5,30}$")],
        "get": operation("readNote", 200),
        "put": operation("putNote", 200, 201, 428, body=NOTE, parameters=TAGS),
        "delete": operation("dropNote", 204),
    },
    "/rates/{currency}": {
        "parameters": [{**parameter("currency"), "example": "EUR"}],
        "get": operation("readRate", 200),
        "delete": operation("dropRate", 204),
    },
    "/boards/{kind}/entries": {
        "parameters": [parameter("kind", enum=["news", "events"])],
        "post": operation("makeEntry", 201, body=NOTE),
    },
    "/boards/{kind}/entries/{entry}": {
        "parameters": [parameter("kind", enum=["news", "events"]), parameter("entry")],
        "get": operation("readEntry", 200),
    },
    "/contacts/bulk": {"post": operation("makeContacts", 201, body={"type": "array", "minItems": 1, "items": NOTE})},
    "/contacts/{contact}": {
        "parameters": [parameter("contact")],
        "get": operation("readContact", 200),
        "patch": operation("nameContact", 200, body=SAME),
    },
    "/exports": {"post": operation("export", 202, body=NOTE)},
    "/exports/{id}/file": {"parameters": [parameter("id")], "get": operation("exported", 200)},
}


class Things(http.server.BaseHTTPRequestHandler):
    """Keeps notes under names that clients choose, contacts under its own, and an export for the second who asks."""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind, name = [*self.path.split("/"), ""][1:3]
        known = self.things.get(self.path)
        if self.command == "POST":
            self.things |= {f"{self.path.removesuffix('/bulk')}/7": body, f"/{kind}/7/file": b"", "asked": 0}
            return self.reply(202 if kind == "exports" else 201, [{"id": "7"}] if name == "bulk" else {"_id": "7"})
        if self.command == "PUT" and self.headers.get("If-None-Match" if known is None else "If-Match") != "*":
            return self.reply(412)
        if self.command == "PUT":
            self.things[self.path] = body
            return self.reply(200 if known else 201)
        if self.command == "PATCH":
            return self.reply(200 if json.loads(body)["data"]["id"] == name else 409)
        if kind == "exports":
            self.things["asked"] += 1
            return self.reply(200 if self.things["asked"] > 1 else 409)
        return self.reply(200 if known is not None or kind == "rates" else 404)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def reply(self, status, document=None):
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def arranged(tmp_path):
    """An arranger, somebody, and the contract, which may declare more at its root."""
    with ExitStack() as stack:

        def on(**declared):
            info = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}}
            document = {**info, "paths": PATHS, "components": {"schemas": {"Named": NAMED}}, **declared}
            (tmp_path / "openapi.json").write_text(json.dumps(document))
            contract = openapi.read(tmp_path / "openapi.json")
            url = stack.enter_context(serving(type("World", (Things,), {"things": {}})))
            generator, validity = RequestGenerator(contract.document, seed=1), RequestValidity(contract=contract)
            bodies = Bodies(contract=contract, request_generator=generator, receiver=None, validity=validity)
            source, client = NoCredentials(name="alice", keys={}), Client(url)
            alice = Account(name="alice", source=source, client=client, contract=contract, scopes=frozenset())
            return Arranger(contract=contract, bodies=bodies, request_generator=generator), alice, contract

        yield on


@pytest.mark.parametrize(
    "name", ["readNote", "putNote", "readRate", "readEntry", "readContact", "nameContact", "exported"]
)
def test_it_is_asked_for(arranged, name):
    arranger, alice, contract = arranged()

    assert ControlledRequest.arrange(arranger, contract.operation(name), alice).control.status == 200


def test_each_object_that_a_put_makes_has_a_new_name(arranged):
    arranger, alice, contract = arranged()

    made = [arranger.object_for(contract.operation("dropNote"), alice) for _ in range(3)]

    assert len({each.parameters["slug"] for each in made}) == 3
    assert all(each.reply.status == 201 and each.marker for each in made)


@pytest.mark.parametrize(
    ("name", "ownership"), [("dropRate", {}), ("readRate", {"x-ownership": {"visibility": "private"}})]
)
def test_what_was_there_before_is_neither_changed_nor_kept_from_anybody(arranged, name, ownership):
    arranger, alice, contract = arranged(**ownership)

    with pytest.raises(UntestableError, match="no reply is known"):
        arranger.request(contract.operation(name), alice)


@pytest.mark.parametrize(
    ("members", "kind"), [(b'{"email": "a@example.org", "password": "x"}', UntestableError), (b"{}", BlockedError)]
)
def test_a_password_that_nobody_has_told_blocks_nothing(arranged, members, kind):
    _, _, contract = arranged()
    request = Request(method="POST", path="/", body=members)
    reply = SimpleNamespace(request=request, status=401, json={})

    assert isinstance(unaccepted(contract.operation("makeContacts"), reply, "It was refused"), kind)
