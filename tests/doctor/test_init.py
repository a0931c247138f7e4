"""A configuration that is begun from what a URL shows: readable as it stands, and written over nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from contextlib import contextmanager
from threading import Event

import pytest
import yaml
from bad_input import command, servers
from bad_input.servers import answer

from conformance.sut import configuration
from doctor import reference
from doctor.documents import OPERATION, contract, shows
from doctor.reference import answers

PLAIN = command.PLAIN
EVIL = 'Things"\n[target]\nurl = "http://elsewhere.example'


def operation(identifier, **members):
    return {**OPERATION, "operationId": identifier, **members}


def secured(scheme, *scopes, **operations):
    """A contract whose operations all ask for credentials of this scheme."""
    return contract(
        components={"securitySchemes": {"door.main": scheme}},
        security=[{"door.main": list(scopes)}],
        paths={
            f"/{name}": {"post": operation(name, **members)} for name, members in (operations or {"do": {}}).items()
        },
    )


@pytest.fixture
def begun(tmp_path):
    """What `conformance init` says of such a server, and the configuration that it wrote."""

    def init(behave, *arguments, below=""):
        with servers.serving(behave) as url:
            told = command.conformance("init", f"{url}{below}", *arguments, folder=tmp_path)
        path = tmp_path / "conformance.toml"
        return told, configuration.read(path) if told.code == 0 else None

    return init


def text_of(folder):
    return (folder / "conformance.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/v1/openapi.json", "/docs/openapi.yaml"])
def test_the_contract_is_found_and_kept_beside_the_configuration(begun, tmp_path, path):
    document = contract()
    shown = yaml.safe_dump(document) if path.endswith("yaml") else json.dumps(document)
    told, settings = begun(shows((path, shown)))

    assert told.code == 0, told.words
    assert settings.target.contract == f"openapi.{path.rpartition('.')[2]}"
    assert (tmp_path / settings.target.contract).read_text() == shown
    assert "Then: conformance doctor --config conformance.toml" in told.out


def test_a_page_that_answers_everything_is_no_contract(begun, tmp_path):
    told, _ = begun(servers.always(answer(200, "<html>Welcome</html>", "text/html")))

    assert (told.code, told.out) == (2, "")
    assert "No OpenAPI document was found at http://127.0.0.1" in told.err
    assert "or name a file with --contract." in told.err
    assert "Django REST framework (drf-spectacular, drf-yasg): /api/schema/" in told.err
    assert not (tmp_path / "conformance.toml").exists()


def test_what_is_no_contract_is_refused_as_a_run_would(begun, tmp_path):
    told, _ = begun(shows(("/openapi.json", {**contract(), "openapi": "4.0.0"})))

    assert told.code == 2
    assert "openapi.json is OpenAPI 4.0.0; this suite reads 2.0 and 3.0 to 3.2." in told.err
    assert not (tmp_path / "conformance.toml").exists()


def test_a_target_that_does_not_answer_gets_no_configuration(tmp_path):
    told = command.conformance("init", servers.closed_port(), folder=tmp_path)

    assert (told.code, told.out) == (4, "")
    assert "refused the connection" in told.err
    assert not (tmp_path / "conformance.toml").exists()


@pytest.mark.parametrize(
    ("name", "remedy"), [("conformance.toml", "with --output"), ("openapi.json", "with --contract")]
)
def test_nothing_is_written_over(begun, tmp_path, name, remedy):
    (tmp_path / name).write_text("mine")
    told, _ = begun(shows(("/openapi.json", contract())))

    assert told.code == 2
    assert f"{name} is there already, and is not written over." in told.err
    assert remedy in told.err
    assert {path.name: path.read_text() for path in tmp_path.iterdir() if path.suffix in {".toml", ".json"}} == {
        name: "mine"
    }


def test_nobody_but_the_url_is_asked(begun, tmp_path):
    asked = []
    with servers.serving(shows(asked=asked)) as other:
        flows = {"clientCredentials": {"tokenUrl": f"{other}/token", "scopes": {}}}
        document = secured({"type": "oauth2", "flows": flows}) | {"servers": [{"url": other}]}
        metadata = {"issuer": other, "token_endpoint": f"{other}/token", "jwks_uri": f"{other}/keys"}
        told, _ = begun(shows(("/openapi.json", document), ("/.well-known/openid-configuration", metadata)))

    assert told.code == 0, told.words
    assert asked == []
    assert f"its metadata name {other}/token" in " ".join(text_of(tmp_path).replace("\n# ", " ").split())


def test_clients_of_a_token_endpoint_are_wanted_with_their_scopes(begun, tmp_path):
    flows = {"clientCredentials": {"tokenUrl": "/token", "scopes": {"read": "", "write": ""}}}
    told, settings = begun(shows(("/openapi.json", secured({"type": "oauth2", "flows": flows}, "read", "write"))))

    assert "Set ALICE_SECRET, BOB_SECRET in the environment." in told.out
    assert [(each.kind, each.client_secret) for each in settings.identities] == [
        ("client-credentials", "env:ALICE_SECRET"),
        ("client-credentials", "env:BOB_SECRET"),
    ]
    assert "The contract has the scopes read write." in text_of(tmp_path)


@pytest.mark.parametrize(
    ("page", "kind"), [("/login", "authorization-code"), ("https://login.example/authorize", "token")]
)
def test_people_log_in_where_the_pages_are_the_targets(begun, page, kind):
    flows = {"authorizationCode": {"authorizationUrl": page, "tokenUrl": "/token", "scopes": {"read": ""}}}
    told, settings = begun(shows(("/openapi.json", secured({"type": "oauth2", "flows": flows}, "read"))))

    assert told.code == 0, told.words
    assert [each.kind for each in settings.identities] == [kind, kind]
    names = {"authorization-code": "ALICE_PASSWORD, BOB_PASSWORD", "token": "ALICE_TOKEN, BOB_TOKEN"}
    assert f"Set {names[kind]} in the environment." in told.out


@pytest.mark.parametrize(
    ("scheme", "kind", "word"),
    [
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "api-key", "KEY"),
        ({"type": "http", "scheme": "basic"}, "basic", "PASSWORD"),
    ],
)
def test_a_key_or_a_password_alone_is_an_identity(begun, scheme, kind, word):
    told, settings = begun(shows(("/openapi.json", secured(scheme))))

    assert f"Set ALICE_{word}, BOB_{word} in the environment." in told.out
    assert [each.kind for each in settings.identities] == [kind, kind]


def test_tokens_for_passwords_are_wanted_where_they_are_granted(begun):
    flows = {"password": {"tokenUrl": "/token", "scopes": {"read": ""}}}
    told, settings = begun(shows(("/openapi.json", secured({"type": "oauth2", "flows": flows}, "read"))))

    assert "Set ALICE_PASSWORD, BOB_PASSWORD in the environment." in told.out
    assert [each.kind for each in settings.identities] == ["password", "password"]


def test_keys_are_wanted_by_the_name_of_their_scheme_beside_others(begun, tmp_path):
    schemes = {
        "door.main": {"type": "http", "scheme": "basic"},
        "door.side": {"type": "apiKey", "in": "header", "name": "X-Key"},
    }
    document = contract(components={"securitySchemes": schemes}, security=[{"door.main": [], "door.side": []}])
    _, settings = begun(shows(("/openapi.json", document)))

    assert [dict(each.keys) for each in settings.identities] == [
        {"door.main": "env:ALICE_DOOR_MAIN", "door.side": "env:ALICE_DOOR_SIDE"},
        {"door.main": "env:BOB_DOOR_MAIN", "door.side": "env:BOB_DOOR_SIDE"},
    ]
    assert "with a colon in between" in text_of(tmp_path)


def test_certificates_are_wanted_for_mutual_tls(begun):
    _, settings = begun(shows(("/openapi.json", secured({"type": "mutualTLS"}))))

    assert [each.private_key for each in settings.identities] == ["alice-key.pem", "bob-key.pem"]


@pytest.mark.parametrize(("path", "found"), [("/v1/healthz", "/healthz"), ("/healthz", "")])
def test_readiness_is_looked_for_below_the_url(begun, path, found):
    _, settings = begun(shows(("/openapi.json", contract()), (path, {"ok": True})), below="/v1")

    assert settings.target.ready == found


def test_an_open_contract_wants_nobody(begun, tmp_path):
    told, settings = begun(shows(("/openapi.json", contract()), ("/healthz", {"ok": True})))

    assert settings.identities == ()
    assert settings.target.ready == "/healthz"
    assert "no identity is needed" in text_of(tmp_path)
    assert "environment" not in told.out


def test_operations_with_dangerous_names_are_never_called(begun):
    names = ("purgeEverything", "restart_node", "resetAll", "addThing", "flushall", "shutdown", "presets")
    document = secured({"type": "http", "scheme": "bearer"}, **{key: {} for key in names})
    _, settings = begun(shows(("/openapi.json", document)))

    assert settings.target.never_call == ("purgeEverything", "restart_node", "resetAll", "shutdown")


def test_tenants_and_roles_are_asked_for(begun, tmp_path):
    members = {"x-ownership": {"visibility": "tenant"}, "x-roles": ["keeper"]}
    token = {
        "type": "http",
        "scheme": "bearer",
        "x-access-token": {"format": "jwt", "roles": "groups", "tenant": "org"},
    }
    begun(shows(("/openapi.json", secured(token, do=members))))
    text = text_of(tmp_path)

    assert '# tenant = "north"' in text
    assert "Some operations ask for a role: keeper." in text
    assert "The contract names the claims groups, org; the suite fills them." in text


def test_a_receiver_is_made_ready_where_events_are_subscribed_to(begun, tmp_path):
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"url": {"type": "string"}}}}}}
    members = {"x-subscription": {"url": "/url"}, "requestBody": body}
    events = {"asyncapi": "3.0.0", "info": {"title": "Told", "version": "1"}}
    document = secured({"type": "http", "scheme": "bearer"}, hook=members)
    _, settings = begun(shows(("/openapi.json", document), ("/asyncapi.json", events)))

    assert settings.receiver.port
    assert settings.target.asyncapi == "asyncapi.json"
    assert json.loads((tmp_path / "asyncapi.json").read_text()) == events


def test_a_contract_cannot_write_lines_of_its_own(begun, tmp_path):
    document = contract(
        info={"title": EVIL, "version": EVIL}, paths={"/x": {"get": operation(f"reset {EVIL}\x7f\x01")}}
    )
    told, settings = begun(shows(("/openapi.json", document), ("/.well-known/openid-configuration", {"issuer": EVIL})))

    assert told.code == 0, told.words
    assert settings.target.url.startswith("http://127.0.0.1:")
    assert settings.target.never_call == (f"reset {EVIL}\x7f\x01",)
    assert set(tomllib.loads(text_of(tmp_path))) == {"target"}


@contextmanager
def notes(folder):
    """The notes while they run by themselves, with a token for Alice and one for Bob."""
    port = servers.closed_port().rpartition(":")[2]
    users = {token: {"user": name} for name, token in command.TOKENS.items()}
    environment = {**os.environ, "NOTES_TOKENS": json.dumps(users)}
    line = [sys.executable, str(PLAIN / "server.py"), "--port", port]
    with subprocess.Popen(line, env=environment, cwd=folder, stderr=subprocess.DEVNULL) as process:
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def test_what_it_writes_is_good_for_a_run_once_the_variables_are_set(tmp_path):
    shutil.copy(PLAIN / "openapi.yaml", tmp_path / "notes.yaml")
    with notes(tmp_path) as url:
        while not answers(url):
            Event().wait(0.05)
        told = command.conformance("init", url, "--contract", "notes.yaml", "--output", "new.toml", folder=tmp_path)
        assert told.code == 0, told.words
        known = {"ALICE_TOKEN": command.TOKENS["ANN"], "BOB_TOKEN": command.TOKENS["BEN"]}
        doctor = command.conformance("doctor", "--config", "new.toml", folder=tmp_path, environment=known)
        arguments = ("--config", "new.toml", "--only", "authentication/credentials", "--only", "OBJ-READ-FOREIGN")
        run = command.conformance("run", *arguments, folder=tmp_path, environment=known)

    assert (doctor.code, reference.wrong(doctor)) == (0, []), doctor.words
    assert (run.code, run.report["verdict"]) == (0, "conformant"), run.words


def test_a_receiver_is_one_sign_away_where_an_operation_only_seems_to_register_them(begun, tmp_path):
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"url": {"type": "string"}}}}}}
    hook = {"operationId": "addHook", "requestBody": body, "responses": {"201": {"description": "Made."}}}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/webhooks": {"post": hook}}}

    _, settings = begun(shows(("/openapi.json", document)))

    text = (tmp_path / "conformance.toml").read_text(encoding="utf-8")
    assert settings.receiver is None
    assert "If addHook registers receivers of events (see promises.overlay.yaml), take out the signs" in " ".join(
        line.lstrip("# ") for line in text.splitlines()
    )
    assert "# [receiver]\n# host" in text
