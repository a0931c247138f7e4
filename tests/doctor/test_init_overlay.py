"""The overlay that `conformance init` begins: valid as it is and with every sign taken out."""

from __future__ import annotations

import re

import pytest
import yaml
from bad_input import command, servers

from conformance.contract import openapi
from doctor.documents import shows

TEXT = {"type": "string"}
DONE = {"description": "Done."}
KEY = {"name": "Idempotency-Key", "in": "header", "schema": TEXT}
ID = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def answer(**members):
    schema = {"type": "object", "properties": dict.fromkeys(members, TEXT)}
    return {"description": "It.", "content": {"application/json": {"schema": schema}}}


def body(*members):
    schema = {"type": "object", "properties": dict.fromkeys(members, TEXT)}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def operation(identifier, status="200", reply=DONE, **members):
    return {"operationId": identifier, "responses": {status: reply, **members.pop("more", {})}, **members}


STATES = {"type": "string", "enum": ["queued", "running", "completed", "failed"]}
STATE = {
    "description": "It.",
    "content": {"application/json": {"schema": {"type": "object", "properties": {"status": STATES}}}},
}
SCOPES = {"orders": "", "orders:read": "", "orders:write": ""}
PATHS = {
    "/orders": {
        "post": operation(
            "placeOrder",
            "201",
            answer(id=""),
            requestBody=body("email"),
            parameters=[KEY],
            more={"409": DONE, "422": DONE},
        )
    },
    "/orders/{id}": {
        "parameters": [ID],
        "get": operation("readOrder", reply=answer(id="", deleted_at="")),
        "delete": operation("dropOrder", "204", parameters=[KEY]),
    },
    '/settings/"it\'s"/{id}': {"parameters": [ID], "put": operation("set", requestBody=body("value"))},
    "/login": {"post": operation("login", requestBody=body("username", "password"), security=[])},
    "/webhooks": {"post": operation("hook", "201", requestBody=body("url", "events", "secret"))},
    "/orders/export": {"post": operation("exportOrders", "202")},
    "/exports/{id}": {"parameters": [ID], "get": operation("readExport", reply=STATE)},
    "/admin/users": {"get": operation("listUsers")},
}
FLOWS = {"clientCredentials": {"tokenUrl": "/token", "scopes": SCOPES}}
SHOP = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "security": [{"o": []}],
    "paths": PATHS,
    "components": {"securitySchemes": {"o": {"type": "oauth2", "flows": FLOWS}}},
}
SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Shop", "version": "1"},
    "basePath": "/api",
    "security": [{"o": []}],
    "securityDefinitions": {
        "o": {"type": "oauth2", "flow": "application", "tokenUrl": "https://shop.example/token", "scopes": SCOPES}
    },
    "paths": {"/orders/{id}": {"get": operation("readOrder", parameters=[{**ID, "type": "string"}])}},
}
del SWAGGER["paths"]["/orders/{id}"]["get"]["parameters"][0]["schema"]
OPEN = {**SHOP, "paths": {"/things": {"get": operation("list")}}, "security": [], "components": {}}
WORDS = {"x-ownership", "x-implied-scopes", "x-idempotency", "x-unique", "x-archives", "x-upsert", "x-subscription"}
WORDS |= {"x-login", "x-roles", "x-job"}


@pytest.fixture
def written(tmp_path):
    """The overlay that it writes for a document."""

    def init(document):
        with servers.serving(shows(("/openapi.json", document))) as url:
            told = command.conformance("init", url, folder=tmp_path)
        assert told.code == 0, told.words
        return tmp_path / "promises.overlay.yaml"

    return init


def whole(overlay):
    """The same with every sign taken out."""
    text = overlay.read_text(encoding="utf-8")
    overlay.write_text(re.sub(r"^  #(?=- |  )", "  ", text, flags=re.MULTILINE), encoding="utf-8")
    return overlay


def actions(overlay):
    return yaml.safe_load(overlay.read_text(encoding="utf-8"))["actions"]


def contract(overlay):
    [document] = [path for path in overlay.parent.iterdir() if path.name in {"openapi.json", "swagger.json"}]
    return openapi.read(document, None, [overlay])


@pytest.mark.parametrize("document", [SHOP, SWAGGER, OPEN])
def test_it_is_valid_as_it_is_and_with_all_that_it_proposes(written, document):
    overlay = written(document)

    assert actions(overlay)
    assert contract(overlay).operations
    assert contract(whole(overlay)).operations


def test_the_configuration_names_it(written):
    overlay = written(SHOP)

    assert f'overlays = ["{overlay.name}"]' in (overlay.parent / "conformance.toml").read_text(encoding="utf-8")


def test_in_force_is_only_what_the_document_says_itself(written):
    assert [each["update"] for each in actions(written(SHOP))] == [
        {"x-idempotency": {"header": "Idempotency-Key", "scope": ["principal"]}},
        {"x-login": True},
    ]


def test_what_is_a_guess_is_one_sign_away(written):
    overlay = whole(written(SHOP))
    told = contract(overlay)

    assert {word for each in actions(overlay) for word in each["update"]} == WORDS
    assert (told.operation("placeOrder").idempotency.mismatch, told.operation("placeOrder").unique) == (422, ("email",))
    assert (told.subscription.url, told.subscription.chosen_secret) == ("/url", "/secret")
    job = told.operation("exportOrders").job
    assert (job.state, list(job.pending), list(job.terminal)) == (
        "/status",
        ["queued", "running"],
        ["completed", "failed"],
    )
    assert told.operation("listUsers").roles == {"admin"}
    implied = told.document["components"]["securitySchemes"]["o"]["x-implied-scopes"]
    assert implied == {"orders": ["orders:read", "orders:write"], "orders:write": ["orders:read"]}


def test_each_has_its_reason(written):
    lines = written(SHOP).read_text(encoding="utf-8").splitlines()
    begins = [number for number, line in enumerate(lines) if re.match(r"  #?- ", line)]

    assert all(lines[number - 1].startswith("  # ") for number in begins)


def test_a_document_cannot_write_lines_of_its_own(written):
    evil = "x\n  - {target: $, update: {x-normative: true}}\n#"
    document = {**SHOP, "paths": {f"/{evil}/{{id}}": {"parameters": [ID], "put": operation(evil)}}}
    overlay = written(document)

    assert [each["update"] for each in actions(overlay)] == [{}]
    assert contract(whole(overlay)).normative is False


def test_one_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "promises.overlay.yaml").write_text("mine")
    with servers.serving(shows(("/openapi.json", SHOP))) as url:
        told = command.conformance("init", url, folder=tmp_path)

    assert told.code == 2
    assert "promises.overlay.yaml is there already, and is not written over." in told.err
    assert not (tmp_path / "conformance.toml").exists()


def test_what_the_document_says_already_is_not_proposed_again(written):
    session = {"scheme": "visit", "username": "/username", "password": "/password", "logout": "dropOrder"}
    login = {**PATHS["/login"]["post"], "x-session": session}
    schemes = {
        "o": {**SHOP["components"]["securitySchemes"]["o"], "x-implied-scopes": {"orders": ["orders:read"]}},
        "visit": {"type": "apiKey", "in": "cookie", "name": "visit"},
    }
    document = {
        **SHOP,
        "security": [{"o": []}, {"visit": []}],
        "x-ownership": {"visibility": "private"},
        "paths": {**PATHS, "/login": {"post": login}},
        "components": {"securitySchemes": schemes},
    }
    words = {word for each in actions(whole(written(document))) for word in each["update"]}

    assert words == WORDS - {"x-ownership", "x-login", "x-implied-scopes"}


GUARDED = {
    "openapi": "3.1.0",
    "info": {"title": "Buckets", "version": "1"},
    "paths": {
        "/about": {"get": operation("about")},
        "/buckets": {"get": operation("listBuckets"), "post": operation("addBucket", "201", requestBody=body("name"))},
        "/buckets/{id}": {"parameters": [ID], "get": operation("readBucket", reply=answer(id=""))},
    },
}
OLD_GUARDED = {
    **{name: value for name, value in GUARDED.items() if name != "openapi"},
    "swagger": "2.0",
    "paths": {path: {"get": operation(path.strip("/"))} for path in ("/about", "/buckets")},
}


SAID_OPEN = {
    **GUARDED,
    "paths": {
        path: {method: {**known, "security": []} for method, known in GUARDED["paths"][path].items()}
        for path in ("/about", "/buckets")
    },
}


def guarded(document, challenge):
    """A server of the document, which asks for credentials everywhere but at /about."""
    shown = shows(("/openapi.json", document), ("/about", {}))

    def behave(server, connection, head):
        if b" /buckets" in head.splitlines()[0]:
            connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: %s\r\n" % challenge)
            connection.sendall(b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            shown(server, connection, head)

    return behave


@pytest.mark.parametrize("document", [GUARDED, OLD_GUARDED, SAID_OPEN])
def test_credentials_that_the_server_asks_for_are_declared(tmp_path, document):
    with servers.serving(guarded(document, b'Basic realm="buckets"')) as url:
        told = command.conformance("init", url, folder=tmp_path)
    found = contract(tmp_path / "promises.overlay.yaml")
    settings = (tmp_path / "conformance.toml").read_text(encoding="utf-8")

    assert told.code == 0, told.words
    assert {each.path for each in found.operations if not each.takes_credentials} == {"/about"}
    assert [(each.method, each.path) for each in found.operations if each.secured] == [("GET", "/buckets")]
    assert {scheme.kind for each in found.operations for schemes in each.scheme_sets for scheme in schemes} == {"basic"}
    assert '[identities.alice]\nkind = "basic"' in settings


def test_a_challenge_of_an_unknown_kind_declares_nothing(tmp_path):
    with servers.serving(guarded(GUARDED, b"Negotiate")) as url:
        command.conformance("init", url, folder=tmp_path)

    assert not any(each.secured for each in contract(tmp_path / "promises.overlay.yaml").operations)


COOKIES = {
    **OPEN,
    "security": [{"visit": []}],
    "components": {
        "securitySchemes": {
            "visit": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            "form": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
        }
    },
    "paths": {
        "/things": {
            "get": operation("list"),
            "post": operation("add", "201", security=[{"visit": [], "form": []}], requestBody=body("name")),
        },
        "/session": {
            "post": operation("login", security=[], requestBody=body("email", "password")),
            "delete": operation("logout", "204", security=[{"visit": [], "form": []}]),
        },
    },
}


def test_a_session_is_read_out_of_its_way_in_and_its_way_out(written):
    overlay = written(COOKIES)
    rules = contract(overlay).session_rules

    assert (rules.scheme, rules.username, rules.password, rules.logout) == ("visit", "/email", "/password", "logout")
    assert (rules.proof, rules.token_cookie) == ("form", "csrftoken")
    settings = (overlay.parent / "conformance.toml").read_text(encoding="utf-8")
    assert 'kind = "session"' in settings
    assert 'password = "env:ALICE_PASSWORD"' in settings
