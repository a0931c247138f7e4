"""What nothing is known to make: `conformance init` proposes links that schemas hint at, and asks for the rest."""

from __future__ import annotations

import re

import pytest
import yaml
from bad_input import command, servers

from conformance.contract import openapi
from conformance.requests.identifiers import Producers
from conformance.sut import configuration
from doctor.documents import shows

TEXT = {"type": "string"}
USER = {"type": "object", "title": "User", "properties": {"id": TEXT, "name": TEXT}}
BODY = {"content": {"application/json": {"schema": {"type": "object", "properties": {"name": TEXT}}}}}


def shown(schema):
    return {"description": "It.", "content": {"application/json": {"schema": schema}}}


def reading(identifier, name):
    parameter = {"name": name, "in": "path", "required": True, "schema": TEXT}
    return {"get": {"operationId": identifier, "parameters": [parameter], "responses": {"200": shown(REFERENCE)}}}


REFERENCE = {"$ref": "#/components/schemas/User"}
REGISTER = {"operationId": "register", "requestBody": BODY, "responses": {"201": shown(REFERENCE)}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Projects", "version": "1"},
    "servers": [{"url": "https://projects.example"}],
    "security": [{"token": []}],
    "paths": {
        "/register": {"post": REGISTER},
        "/users/{userId}": reading("readUser", "userId"),
        "/projects/{project}": reading("readProject", "project"),
    },
    "components": {
        "schemas": {"User": USER},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "responses": {"Made": shown(REFERENCE)},
    },
}
REFERRED = {**REGISTER, "responses": {"201": {"$ref": "#/components/responses/Made"}}}


@pytest.fixture
def begun(tmp_path):
    """The folder in which it has written files for a document."""

    def init(document):
        (tmp_path / "projects.yaml").write_text(yaml.safe_dump(document))
        told = command.conformance("init", "projects.yaml", folder=tmp_path)
        assert told.code == 0, told.words
        return tmp_path

    return init


def producer(folder, identifier):
    contract = openapi.read(folder / "projects.yaml", None, [folder / "promises.overlay.yaml"])
    found = Producers(contract=contract).of(contract.operation(identifier))
    return found.operation.id if found else ""


def without_signs(path, sign):
    path.write_text(re.sub(sign, "", path.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")


def test_a_link_that_names_and_schemas_hint_at_is_one_sign_away(begun):
    folder = begun(DOCUMENT)
    assert producer(folder, "readUser") == ""

    without_signs(folder / "promises.overlay.yaml", r"(?<=^  )#(?=- |  )")
    assert (producer(folder, "readUser"), producer(folder, "readProject")) == ("register", "")


LIST = {"get": {"operationId": "listUsers", "responses": {"200": shown({"type": "array", "items": REFERENCE})}}}
LISTED = {**DOCUMENT, "servers": [], "paths": {**DOCUMENT["paths"], "/users": LIST}}
TOKENS = {"ALICE_TOKEN": "token-of-alice", "BOB_TOKEN": "token-of-bob"}


@pytest.mark.parametrize(
    ("tokens", "item", "made_by"),
    [
        (TOKENS, {"id": "u-7"}, "register"),
        ({}, {"id": "u-7"}, ""),
        (TOKENS, {"id": "u-8"}, ""),
        (TOKENS, None, ""),
    ],
)
def test_a_link_is_in_force_once_an_item_was_read_by_it(tmp_path, tokens, item, made_by):
    asked = []
    there = [("/openapi.json", LISTED), ("/users", [{"id": "u-7"}]), ("/users/u-7", item)]
    with servers.serving(shows(*there, asked=asked)) as url:
        told = command.conformance("init", url, folder=tmp_path, environment=tokens)

    assert told.code == 0, told.words
    (tmp_path / "openapi.json").rename(tmp_path / "projects.yaml")
    assert producer(tmp_path, "readUser") == made_by
    assert asked.count("/users") == bool(tokens)


def test_no_link_is_proposed_where_an_overlay_cannot_add_one(begun):
    folder = begun({**DOCUMENT, "paths": {**DOCUMENT["paths"], "/register": {"post": REFERRED}}})

    assert "links" not in (folder / "promises.overlay.yaml").read_text(encoding="utf-8")


def test_objects_that_are_there_are_asked_for_by_their_paths(begun):
    path = begun(DOCUMENT) / "conformance.toml"
    text = path.read_text(encoding="utf-8")
    assert "No operation is known to make what these are about: readProject, readUser." in text.replace("\n# ", " ")

    without_signs(path, r'^# (?=\[objects\.|"/)')
    assert configuration.read(path).given.objects == {
        name: {"/projects/{project}": f"of-{name}", "/users/{userId}": f"of-{name}"} for name in ("alice", "bob")
    }


def test_values_are_asked_for_where_nobody_is_known(begun):
    text = (begun({**DOCUMENT, "security": []}) / "conformance.toml").read_text(encoding="utf-8")

    assert '# [values]\n# "project" = "…"\n# "userId" = "…"' in text
    assert "objects" not in text
