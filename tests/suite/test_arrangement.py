"""Objects are made, found and addressed on sound servers of many kinds; what is refused is told in their own words."""

from __future__ import annotations

import http.server
import io
import json
import re
from contextlib import ExitStack
from urllib.parse import quote, unquote

import pytest
from loopback import serving

from conformance.contract import openapi
from conformance.errors import BlockedError, UntestableError
from conformance.http.client import Client
from conformance.identity.accounts import Account
from conformance.identity.credential_sources import NoCredentials
from conformance.judgement.controls import ControlledRequest
from conformance.requests.arrangement import Arranger
from conformance.requests.bodies import Bodies
from conformance.requests.request_generator import RequestGenerator
from conformance.requests.validity import RequestValidity

PERSON = {
    "type": "object",
    "required": ["username", "age"],
    "properties": {
        "username": {"type": "string", "pattern": "^[a-z0-9-]{3,40}$"},
        "age": {"type": "integer"},
        "consent": {"type": "boolean"},
    },
}
TAG = {"name": "If-Match", "in": "header", "schema": {"type": "string", "pattern": '^"[0-9]+"$'}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
MADE = {
    "description": "Made.",
    "links": {"marry": {"operationId": "marry", "requestBody": {"person": "$response.body#/id", "place": "Paris"}}},
}
TEXT = {"type": "string"}
COUPLE = {"type": "object", "required": ["person", "place"], "properties": {"person": TEXT, "place": TEXT}}
WEDDING = {"application/json": {"schema": COUPLE, "example": {"person": "1", "place": "Rome"}}}
MARRIAGE = {"operationId": "marry", "requestBody": {"content": WEDDING}, "responses": {"200": {"description": "Done."}}}
NAME = {**ID, "name": "new_name"}


def contract_at(path, example=None, base="/"):
    content = {"application/json": {"schema": PERSON, **({"example": example} if example else {})}}
    creation = {"operationId": "create", "requestBody": {"required": True, "content": content}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "People", "version": "1"},
        "servers": [{"url": base}],
        "paths": {
            "/people": {
                "post": {**creation, "responses": {"201": MADE, "409": {"description": "Taken."}}},
            },
            "/marriages": {"post": MARRIAGE},
            "/people/{id}/visits": {
                "parameters": [ID],
                "delete": {"operationId": "forget", "responses": {"204": {"description": "Forgotten."}}},
            },
            "/people/{new_name}": {
                "parameters": [NAME],
                "put": {"operationId": "rename", "responses": {"200": {"description": "Renamed."}}},
            },
            "/people/{id}": {
                "parameters": [ID, TAG],
                "get": {"operationId": "read", "responses": {"200": {"description": "It."}}},
                "delete": {"operationId": "delete", "responses": {"200": {"description": "Gone."}}},
            },
        },
    }
    path.write_text(json.dumps(document))
    return openapi.read(path)


class People(http.server.BaseHTTPRequestHandler):
    """Keeps people by id; subclasses say how ids look, where they are told, and what is refused."""

    base = ""
    located = "{base}/people/{id}"
    shown = staticmethod(lambda person: person)
    taken = frozenset()
    limit = 150

    def make_id(self, number):
        return f"in/2026: é{number}"

    def reply(self, status, document=None, **fields):
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if sent["username"] in {*self.taken, *(each["username"] for each in self.people.values())}:
            return self.reply(409, {"detail": "This username is taken."})
        if sent.get("age", 0) > self.limit:
            return self.reply(422, {"detail": [{"loc": ["age"], "msg": "Nobody is that old."}]})
        name = self.make_id(len(self.people))
        self.people[name] = {**sent, "id": name}
        where = self.located.format(base=self.base, id=quote(name, safe=""), host=self.headers["Host"])
        return self.reply(201, self.shown(self.people[name]), **({"Location": where} if where else {}))

    def do_GET(self):
        found = re.fullmatch(re.escape(self.base) + "/people/([^/]+)", self.path)
        person = self.people.get(unquote(found[1])) if found else None
        self.reply(200 if person else 404, person and self.shown(person))

    def do_DELETE(self):
        found = re.fullmatch(re.escape(self.base) + "/people/([^/]+)", self.path)
        self.reply(204 if found and self.people.pop(unquote(found[1]), None) else 404)

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def people(tmp_path):
    """Somebody and an arranger, on a server of the given kind."""
    with ExitStack() as stack:

        def arranged(kind=People, **declared):
            contract = contract_at(tmp_path / "openapi.json", **declared)
            url = stack.enter_context(serving(type("World", (kind,), {"people": {}})))
            generator = RequestGenerator(contract.document, seed=1)
            validity = RequestValidity(contract=contract)
            bodies = Bodies(contract=contract, request_generator=generator, receiver=None, validity=validity)
            client = Client(url + contract.base_path)
            somebody = Account(
                name="alice",
                source=NoCredentials(name="alice", keys={}),
                client=client,
                contract=contract,
                scopes=frozenset(),
            )
            return Arranger(contract=contract, bodies=bodies, request_generator=generator), somebody, contract

        yield arranged


class Relative(People):
    located = "people/{id}"


class Absolute(People):
    base = "/api/v1"
    located = "http://{host}{base}/people/{id}"


class WithoutBase(People):
    base = "/api/v1"
    located = "/people/{id}"


class Enveloped(People):
    located = ""
    shown = staticmethod(lambda person: {"data": person, "meta": {"total": 1}})


@pytest.mark.parametrize("kind", [People, Relative, Absolute, WithoutBase, Enveloped])
def test_an_object_is_addressed_with_its_identifier_encoded_once(people, kind):
    arranger, somebody, contract = people(kind, base=kind.base or "/")

    controlled = ControlledRequest.arrange(arranger, contract.operation("read"), somebody)

    assert controlled.control.status == 200
    assert controlled.control.request.path == "/people/in%2F2026%3A%20%C3%A90"


def test_a_success_that_the_contract_does_not_declare_is_one(people):
    arranger, somebody, contract = people()

    controlled = ControlledRequest.arrange(arranger, contract.operation("delete"), somebody)

    assert controlled.control.status == 204


class WithCarol(People):
    taken = frozenset({"carol"})


def test_a_value_that_is_taken_already_is_replaced_by_a_new_one(people):
    arranger, somebody, contract = people(WithCarol, example={"username": "carol", "age": 30})

    request, reply = arranger.accepted(contract.operation("create"), somebody, "control")

    assert reply.status == 201
    assert request.json["age"] == 30
    assert re.fullmatch("[a-z0-9-]{3,40}", request.json["username"])


def test_what_was_accepted_once_is_the_way_of_all_later_requests(people):
    arranger, somebody, contract = people(WithCarol, example={"username": "carol", "age": 30})
    create = contract.operation("create")
    arranger.accepted(create, somebody, "control")
    sent = somebody.client.sent

    statuses = [somebody.send(arranger.request(create, somebody)).status for _ in range(5)]

    assert statuses == [201] * 5
    assert somebody.client.sent == sent + 5


def test_an_example_that_only_one_object_can_have_is_sent_once_as_it_is(people):
    arranger, somebody, contract = people(example={"username": "carol", "age": 30})
    create = contract.operation("create")

    requests = [arranger.request(create, somebody) for _ in range(3)]

    assert requests[0].json["username"] == "carol"
    assert [somebody.send(request).status for request in requests] == [201] * 3


class Ageless(People):
    limit = -1


def test_a_refusal_is_told_in_the_words_of_the_server_with_what_would_mend_it(people):
    arranger, somebody, contract = people(Ageless, example={"username": "carol", "age": 30})

    with pytest.raises(BlockedError, match=r"422.*“Nobody is that old”.*`example`") as told:
        ControlledRequest.arrange(arranger, contract.operation("read"), somebody)

    assert told.value.blame == "configuration"
    assert somebody.client.sent == 3


class Consenting(People):
    limit = 10**9

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self.rfile = io.BytesIO(sent)
        if "consent" in json.loads(sent):
            return super().do_POST()
        return self.reply(422, {"detail": "Consent is needed."})


def test_what_is_optional_is_sent_where_the_server_wants_it_after_all(people):
    arranger, somebody, contract = people(Consenting)

    request, reply = arranger.accepted(contract.operation("create"), somebody, "control")

    assert reply.status == 201
    assert set(request.json) == {"username", "age", "consent"}


def test_what_is_made_is_deleted_and_not_what_is_below_it(people):
    arranger, _, contract = people()

    assert arranger.deletion_of(contract.operation("create")) is contract.operation("delete")


@pytest.mark.parametrize("tags", ['W/"7"', '"some-other", "7"'])
def test_a_form_of_a_field_that_the_contract_leaves_out_is_not_sent(people, tags):
    arranger, somebody, contract = people()
    ready = ControlledRequest.arrange(arranger, contract.operation("delete"), somebody)

    assert ready.if_match('"7"').header("If-Match") == '"7"'
    with pytest.raises(UntestableError, match="declares a form of If-Match"):
        ready.if_match(tags)


def test_a_path_has_the_methods_of_every_template_that_it_fits(people):
    _, _, contract = people()

    assert contract.methods("/people/{id}") == {"GET", "DELETE"}
    assert contract.routed_methods("/people/{id}") == {"GET", "DELETE", "PUT"}
    assert contract.routed_methods("/people/me") == {"GET", "DELETE", "PUT"}


class Renaming(People):
    located = ""


def test_an_id_is_no_name(people):
    arranger, somebody, contract = people(Renaming)

    with pytest.raises(BlockedError, match="does not give new_name"):
        arranger.request(contract.operation("rename"), somebody)


def test_what_a_link_writes_down_itself_is_an_example(people):
    arranger, somebody, contract = people()

    first, second = (arranger.request(contract.operation("marry"), somebody).json for _ in range(2))

    assert (first["person"], second["person"]) == ("in/2026: é0", "in/2026: é1")
    assert first["place"] != second["place"]
