"""An account uses the first security requirement of an operation that it has credentials for (OpenAPI, `security`)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from conformance.contract import openapi
from conformance.contract.document import ContractError
from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import Request
from conformance.identity.accounts import Account
from conformance.identity.credential_sources import CredentialSource, NoCredentials, SingleToken
from conformance.identity.same_principal import require_told_apart, require_two_principals
from conformance.requests.identifiers import require_known_caller

SPEC = Path(__file__).parents[2] / "spec"
KEYS = {"session": "s3ss10n", "csrf": "pr00f"}


@pytest.fixture(scope="module")
def contract():
    return openapi.read(SPEC / "openapi.yaml")


@pytest.fixture
def account(contract):
    def made(source):
        return Account(name="erin", source=source, client=None, contract=contract, scopes=contract.scopes)

    return made


def credentials(account, method, path):
    operation = account.contract.at(method, path)
    return dict(account.authenticated(Request(method=method, path=path, operation=operation.id)).headers)


def test_a_token_comes_first(account):
    both = account(SingleToken(name="erin", text="t0ken", keys=KEYS))

    assert credentials(both, "POST", "/v1/links") == {"Authorization": "Bearer t0ken"}


def test_without_a_token_the_session_and_its_csrf_token_are_used(account):
    erin = account(CredentialSource(name="erin", keys=KEYS))

    assert credentials(erin, "GET", "/v1/links") == {"Cookie": "__Host-session=s3ss10n"}
    assert credentials(erin, "POST", "/v1/links") == {"Cookie": "__Host-session=s3ss10n", "X-CSRF-Token": "pr00f"}


def test_every_scheme_of_a_requirement_is_needed(account):
    erin = account(CredentialSource(name="erin", keys={"session": "s3ss10n"}))

    with pytest.raises(UntestableError, match="a token of erin"):
        credentials(erin, "POST", "/v1/links")


def test_a_session_does_not_replace_a_token_with_fewer_scopes(account):
    erin = account(CredentialSource(name="erin", keys=KEYS))

    assert not erin.without_scopes("links:write").has_credentials_for(erin.contract.operation("createLink"))
    assert erin.without_scopes("links:write").has_credentials_for(erin.contract.operation("listLinks"))
    assert not erin.has_credentials_for(erin.contract.operation("getUserInfo"))


def test_nobody_has_no_credentials(account):
    assert credentials(account(NoCredentials(name="nobody")), "GET", "/v1/links") == {}


def test_a_public_operation_is_called_without_credentials(account):
    erin = account(SingleToken(name="erin", text="t0ken"))

    assert credentials(erin, "GET", "/healthz") == {}


@pytest.mark.parametrize(
    ("change", "unknown"),
    [
        ({"logout": "leave"}, "the operation leave"),
        ({"scheme": "cookie"}, "scheme cookie"),
        ({"proof": "p", "token": "/p"}, "scheme p"),
    ],
)
def test_x_session_with_an_unknown_name_is_refused(tmp_path, change, unknown):
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "components": {"securitySchemes": {"visit": {"type": "apiKey", "in": "cookie", "name": "visit"}}},
        "paths": {
            "/visits": {
                "post": {
                    "operationId": "enter",
                    "x-session": {
                        "scheme": "visit",
                        "username": "/name",
                        "password": "/word",
                        "logout": "quit",
                        **change,
                    },
                    "responses": {"201": {"description": "in"}},
                },
                "delete": {
                    "operationId": "quit",
                    "security": [{"visit": []}],
                    "responses": {"204": {"description": "out"}},
                },
            },
        },
    }
    path = tmp_path / "shop.yaml"
    path.write_text(yaml.safe_dump(document))

    with pytest.raises(ContractError, match=unknown):
        openapi.read(path)


APP = """
openapi: 3.1.0
info: {title: Notes of an application, version: "1"}
security: [{app: [], person: []}]
paths:
  /users:
    post: {operationId: signUp, security: [{app: []}], responses: {"201": {description: Made.}}}
  /users/{id}:
    get:
      operationId: readUser
      parameters: [&id {name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: It.}}
  /notes:
    post: {operationId: addNote, responses: {"201": {description: Made.}}}
  /notes/{id}:
    get: {operationId: readNote, parameters: [*id], responses: {"200": {description: It.}}}
components:
  securitySchemes:
    app: {type: apiKey, in: header, name: X-App}
    person: {type: apiKey, in: header, name: X-Person}
"""


@pytest.fixture
def application(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_text(APP)
    return openapi.read(path)


@pytest.fixture
def people(application):
    """Two people who use one application."""
    return [
        Account(
            name=name,
            source=CredentialSource(name=name, keys={"app": "k3y", "person": name}),
            client=None,
            contract=application,
            scopes=frozenset(),
        )
        for name in ("ann", "ben")
    ]


def test_the_key_of_an_application_makes_two_people_one_only_where_it_is_all_that_they_show(application, people):
    require_two_principals(*people, application.operations)
    require_told_apart(*people, application.operation("addNote"))
    with pytest.raises(UntestableError, match="signUp takes no credential by which ann and ben differ"):
        require_told_apart(*people, application.operation("signUp"))
    with pytest.raises(BlockedError, match="the same credential"):
        require_two_principals(*people, [application.operation("signUp")])


def test_who_signs_up_is_not_the_one_who_asks(application):
    operation = application.operation

    assert operation("addNote").knows_caller_of(operation("readNote"))
    with pytest.raises(UntestableError, match="signUp does not ask who makes what readUser addresses"):
        require_known_caller(operation("signUp"), operation("readUser"))
