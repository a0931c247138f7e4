"""Nothing leaves that is forbidden, and nothing that could change what the suite did not make."""

from __future__ import annotations

import http.server
import json
from typing import ClassVar

import pytest
from loopback import serving

from conformance.contract import openapi
from conformance.errors import UntestableError
from conformance.http.client import Client
from conformance.http.guard import RequestGuard
from conformance.http.messages import Request

THING = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]}
ANSWER = {"responses": {"200": {"description": "Done."}}}
CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {"get": {"operationId": "list", **ANSWER}, "post": {"operationId": "create", **ANSWER}},
        "/things/{id}": {
            **THING,
            "get": {"operationId": "read", **ANSWER},
            "delete": {"operationId": "delete", **ANSWER},
        },
        "/numbers": {"get": {"operationId": "listNumbers", **ANSWER}, "post": {"operationId": "add", **ANSWER}},
        "/numbers/{id}": {**THING, "delete": {"operationId": "drop", **ANSWER}},
        "/things/all": {"delete": {"operationId": "deleteAll", **ANSWER}},
        "/report": {"get": {"operationId": "report", **ANSWER}},
        "/profile": {"patch": {"operationId": "updateProfile", **ANSWER}},
    },
}


class Things(http.server.BaseHTTPRequestHandler):
    """Answers everything with the things that there are, but for numbers."""

    shown: ClassVar = {
        ("GET", "/things?page=1"): {"count": 7, "total": 8},
        ("GET", "/things?owner=1"): [{"id": "other", "owner_id": 7}],
        ("GET", "/numbers"): [{"id": 7}],
        ("POST", "/numbers"): {"id": 7},
    }

    def answer(self):
        body = json.dumps(self.shown.get((self.command, self.path), [{"id": "old"}])).encode()
        self.send_response(201 if self.path == "/numbers" and self.command == "POST" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if self.command != "HEAD" else b"")

    def log_message(self, *_):
        """Nothing."""


for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
    setattr(Things, f"do_{method}", Things.answer)


@pytest.fixture(scope="module")
def operations(tmp_path_factory):
    path = tmp_path_factory.mktemp("contract") / "openapi.json"
    path.write_text(json.dumps(CONTRACT))
    return openapi.read(path, None, ()).operations


@pytest.fixture
def thing(operations):
    """The operation that reads a thing."""
    return next(each for each in operations if each.id == "read")


@pytest.fixture
def target(operations):
    with serving(Things) as url:
        yield lambda **options: Client(url, guard=RequestGuard(operations=operations, **options))


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("DELETE", "/things/all", ()),
        ("DELETE", "/things/%61ll", ()),
        ("DELETE", "//things/./all/", ()),
        ("DELETE", "/things/x/../all;v=1?a=b", ()),
        ("POST", "/things/all", (("X-HTTP-Method-Override", "delete"),)),
        ("POST", "/things/all?_method=DELETE", ()),
        ("GET", "/report", ()),
        ("HEAD", "/report", ()),
    ],
)
def test_what_is_never_to_be_called_is_not_called(target, method, path, headers):
    client = target(never_call=frozenset({"deleteAll", "report"}), disposable=True)

    with pytest.raises(UntestableError, match="never-call"):
        client.send(Request(method=method, path=path, headers=headers))

    assert client.sent == 0


def test_the_most_concrete_path_decides(target):
    client = target(never_call=frozenset({"delete"}), disposable=True)

    assert client.send(Request(method="DELETE", path="/things/all", headers=())).success
    with pytest.raises(UntestableError):
        client.send(Request(method="DELETE", path="/things/7", headers=()))


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "POST"])
def test_what_was_there_before_is_not_changed(target, method):
    client = target()
    client.send(Request(method="GET", path="/things", headers=()))

    with pytest.raises(UntestableError, match="old, which was there before"):
        client.send(Request(method=method, path="/things/old", headers=()))

    assert client.sent == 1


def test_what_the_suite_has_made_may_be_changed(target, thing):
    client = target()
    client.guard.adopt(thing, {"id": "new"})

    assert client.send(Request(method="DELETE", path="/things/new", headers=())).success
    assert client.send(Request(method="PUT", path="/things/new", headers=())).success


def test_a_foreign_identifier_is_not_adopted_later(target, thing):
    client = target()
    client.send(Request(method="GET", path="/things", headers=()))
    client.guard.adopt(thing, {"id": "old"}, created=True)

    with pytest.raises(UntestableError):
        client.send(Request(method="DELETE", path="/things/old", headers=()))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_an_undeclared_method_is_not_tried_on_what_the_suite_has_not_made(target, method):
    with pytest.raises(UntestableError, match="did not make"):
        target().send(Request(method=method, path="/things", headers=()))

    assert target(disposable=True).send(Request(method=method, path="/things", headers=())).success


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/profile"), ("DELETE", "/things/all")])
def test_what_has_no_identifier_is_changed_only_if_the_configuration_says_so(target, method, path):
    request = Request(method=method, path=path, headers=())

    with pytest.raises(UntestableError, match="may-change"):
        target().send(request)

    assert target(may_change=frozenset({"updateProfile", "deleteAll"})).send(request).success
    assert target(disposable=True).send(request).success


def adopted(client, operations, number="7"):
    """The client once a creation has told of this number."""
    client.send(Request(method="POST", path="/numbers", headers=()))
    client.guard.adopt(next(each for each in operations if each.id == "drop"), {"id": number}, created=True)
    return client


@pytest.mark.parametrize("shown", ["/things?page=1", "/things?owner=1"])
def test_a_number_that_was_shown_of_something_else_is_no_identifier_of_this(target, operations, shown):
    client = target()
    client.send(Request(method="GET", path=shown, headers=()))

    assert adopted(client, operations).send(Request(method="DELETE", path="/numbers/7", headers=())).success
    assert client.send(Request(method="GET", path="/numbers", headers=())).success
    assert client.send(Request(method="DELETE", path="/numbers/7", headers=())).success


def test_a_number_that_was_listed_before_is_not_adopted_later(target, operations):
    client = target()
    client.send(Request(method="GET", path="/numbers", headers=()))

    with pytest.raises(UntestableError, match="there before"):
        adopted(client, operations).send(Request(method="DELETE", path="/numbers/7", headers=()))


def test_a_number_of_ones_own_is_none_of_another_kind(target, operations):
    client = adopted(target(), operations)
    client.send(Request(method="GET", path="/things?owner=1", headers=()))

    with pytest.raises(UntestableError, match="there before"):
        client.send(Request(method="DELETE", path="/things/7", headers=()))


def test_what_a_check_made_by_itself_is_adopted_although_a_list_has_shown_it(target, operations):
    client = target()
    client.send(Request(method="POST", path="/numbers", headers=()))
    client.send(Request(method="GET", path="/numbers", headers=()))

    assert adopted(client, operations).send(Request(method="DELETE", path="/numbers/7", headers=())).success
