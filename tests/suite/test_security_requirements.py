"""An account uses the first security requirement of an operation that it has credentials for (OpenAPI, `security`)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from conformance.contract import openapi
from conformance.contract.document import ContractError
from conformance.errors import UntestableError
from conformance.http.messages import Request
from conformance.identity.accounts import Account
from conformance.identity.credential_sources import CredentialSource, NoCredentials, SingleToken

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
