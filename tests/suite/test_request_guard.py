"""Nothing leaves that is forbidden, and nothing that could change what the suite did not make."""

from __future__ import annotations

import http.server
import json

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
        "/things/all": {"delete": {"operationId": "deleteAll", **ANSWER}},
        "/report": {"get": {"operationId": "report", **ANSWER}},
        "/profile": {"patch": {"operationId": "updateProfile", **ANSWER}},
    },
}


class Things(http.server.BaseHTTPRequestHandler):
    """Answers everything with the things that there are."""

    def answer(self):
        body = json.dumps([{"id": "old"}]).encode()
        self.send_response(200)
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


def test_what_the_suite_has_made_may_be_changed(target):
    client = target()
    client.guard.adopt(["new"])

    assert client.send(Request(method="DELETE", path="/things/new", headers=())).success
    assert client.send(Request(method="PUT", path="/things/new", headers=())).success


def test_a_foreign_identifier_is_not_adopted_later(target):
    client = target()
    client.send(Request(method="GET", path="/things", headers=()))
    client.guard.adopt(["old"])

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
