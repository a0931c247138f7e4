"""What tokens say of themselves, and what the target says when it grants them."""

from __future__ import annotations

import base64
import json

import pytest
from bad_input import command, servers
from bad_input.servers import answer

from doctor import reference

FLOWS = {"clientCredentials": {"tokenUrl": "/token", "scopes": {"read": "", "write": ""}}}
READING = {"responses": {"200": {"description": "All."}, "401": {"description": "Who?"}}}
CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {
            "get": {"operationId": "listThings", "security": [{"door": ["read"]}], **READING},
            "post": {"operationId": "addThing", "security": [{"door": ["write"]}], **READING},
        }
    },
    "components": {"securitySchemes": {"door": {"type": "oauth2", "flows": FLOWS}}},
}
CLIENT = '[identities.ann]\nkind = "client-credentials"\nclient-id = "ann"\nclient-secret = "env:ANN"\n'


def behaving(granted, *, deaf=False):
    """A server that grants this, and accepts whatever it is shown unless it is deaf."""

    def behave(_server, connection, head):
        if head.startswith(b"POST /token"):
            connection.sendall(answer(200, json.dumps(granted)))
        elif b"\r\nauthorization: bearer " in head.lower() and not deaf:
            connection.sendall(answer(200, "[]"))
        else:
            connection.sendall(answer(401))

    return behave


@pytest.fixture
def told(tmp_path):
    def said(behave, identities=CLIENT, **environment):
        (tmp_path / "openapi.yaml").write_text(json.dumps(CONTRACT))
        with servers.serving(behave) as url:
            command.configure(tmp_path, target=f"url = '{url}'", identities=identities)
            return command.conformance("doctor", folder=tmp_path, environment=command.TOKENS | environment)

    return said


def token(**claims):
    """A token that says this; nobody looks at its signature here."""
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims, {})
    )


@pytest.mark.parametrize(
    "granted",
    [
        {"access_token": "opaque-and-narrow", "scope": "read"},
        {"access_token": token(scope="read")},
        {"access_token": token(scp=["read"])},
    ],
)
def test_fewer_scopes_than_the_configuration_says_are_told(told, granted):
    said = told(behaving(granted))

    words = "it was granted no write. Have it granted, or name as `scopes` under [identities.ann] what it may have."
    assert said.code == 2, said.words
    assert reference.line(said, "identity ann") == f"✗ identity ann: {words}"


@pytest.mark.parametrize("scope", ["read write", "https://things.example/.default", ""])
def test_scopes_of_other_names_accuse_nobody(told, scope):
    said = told(behaving({"access_token": "opaque-and-whole", "scope": scope}))

    assert said.code == 0, said.words


def test_scopes_of_a_token_that_somebody_made_are_told_beside(told):
    ann = '[identities.ann]\nkind = "token"\ntoken = "env:ANN"\n'
    said = told(behaving({}), ann, ANN=token(scope="read", aud="things"))

    assert said.code == 0
    expected = "✓ identity ann: accepted on GET /things, refused without credentials; scopes read; audience things"
    assert reference.line(said, "identity ann") == expected


def test_the_userinfo_endpoint_tells_nothing_of_a_client(told, monkeypatch):
    paths = {
        "/.well-known/openid-configuration": {"get": {"operationId": "metadata", "security": [], **READING}},
        "/me": {"get": {"operationId": "userinfo", "security": [{"door": []}], **READING}},
    }
    schemes = {"openid": {"type": "openIdConnect", "openIdConnectUrl": "/.well-known/openid-configuration"}}
    components = {"securitySchemes": CONTRACT["components"]["securitySchemes"] | schemes}
    monkeypatch.setitem(CONTRACT, "paths", paths)
    monkeypatch.setitem(CONTRACT, "components", components)

    def behave(server, connection, head):
        if head.startswith(b"GET /.well-known/"):
            urls = {
                "issuer": server.url,
                "userinfo_endpoint": f"{server.url}/me",
                "token_endpoint": f"{server.url}/token",
            }
            connection.sendall(answer(200, json.dumps(urls)))
        else:
            behaving({"access_token": "opaque-and-a-clients"}, deaf=True)(server, connection, head)

    said = told(behave)

    assert reference.line(said, "identity ann").startswith("– identity ann: not tried"), said.words


def test_a_token_that_was_just_granted_and_is_refused_is_the_targets_fault(told):
    said = told(behaving({"access_token": "opaque-and-useless"}, deaf=True))

    assert said.code == 4, said.words
    assert "answered 401 to a token that the target has just granted." in reference.line(said, "identity ann")


def test_two_tokens_of_one_subject_are_one_principal(told):
    tokens = {name: token(iss="https://issuer.example", sub="ann", jti=name) for name in ("ANN", "BEN")}
    said = told(behaving({}), command.IDENTITIES, **tokens)

    assert said.code == 2
    assert "[identities.ben] and [identities.ann] have the same subject ann" in reference.line(said, "principals")
    assert not any(each in said.words for each in tokens.values())


def test_one_subject_of_two_issuers_is_two_principals(told):
    tokens = {name: token(iss=f"https://{name}.example", sub="ann") for name in ("ANN", "BEN")}
    said = told(behaving({}), command.IDENTITIES, **tokens)

    assert said.code == 0, said.words
