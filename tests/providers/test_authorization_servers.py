"""Plain HTML forms, without JavaScript, lead from a provider's discovery document to tokens.

The login form of both has the inputs `username` and `password` (and hidden ones: take along all that are there).
The consent form has a button that allows and one that denies: at node `decision=allow` and `decision=deny`, at django
`allow=Authorize` and one without a name, whose form is sent as it is.
"""

from __future__ import annotations

import secrets

import pytest

from .pages import Browser, description, only_form
from .relying_party import RelyingParty

pytestmark = pytest.mark.xdist_group("providers")

USERS = {"spa": "ann", "web": "ben"}


@pytest.fixture(params=sorted(USERS))
def relying_party(request, provider):
    return RelyingParty(provider, request.param)


@pytest.fixture
def user(relying_party):
    return USERS[relying_party.client["id"]]


def test_a_user_grants_access_until_it_is_revoked(relying_party, user):
    """Code, tokens, userinfo, refreshed tokens; after the revocation of the refresh token all of them are refused."""
    answer = relying_party.authorize(user)
    assert answer["iss"] == relying_party.provider.metadata["issuer"]

    first = relying_party.redeem(answer["code"])
    assert first.status_code == 200, description(first)
    assert {"access_token", "refresh_token", "id_token"} <= first.json().keys()
    about = relying_party.userinfo(first.json()["access_token"])
    assert (about.status_code, about.json()["email"]) == (200, f"{user}@example.org"), description(about)

    second = relying_party.refresh(first.json()["refresh_token"])
    assert second.status_code == 200, description(second)
    assert relying_party.userinfo(second.json()["access_token"]).ok

    revoked = relying_party.post("revocation_endpoint", token=second.json()["refresh_token"])
    assert revoked.status_code == 200, description(revoked)
    assert relying_party.refresh(second.json()["refresh_token"]).json()["error"] == "invalid_grant"
    assert relying_party.userinfo(second.json()["access_token"]).status_code == 401


def test_a_user_can_deny_access(relying_party, user):
    assert relying_party.authorize(user, allow=False)["error"] == "access_denied"


def test_a_wrong_password_shows_the_form_again(provider):
    browser = Browser(provider.url)
    page = browser.open(RelyingParty(provider, "spa").authorization_url())
    assert visible(page) == {"username", "password"}
    page = browser.send(page, only_form(page), username="ann", password="wrong")

    assert visible(page) == {"username", "password"}


def visible(page):
    """The names of the inputs that a user fills in."""
    return {name for name, kind in only_form(page).kinds.items() if kind != "hidden"}


@pytest.mark.parametrize(
    "changes", [{"code_verifier": secrets.token_urlsafe(48)}, {"redirect_uri": "https://app.example/other"}]
)
def test_a_code_is_bound_to_challenge_and_redirect_uri(provider, changes):
    """A wrong verifier and another redirect URI are refused, even if that is registered too."""
    relying_party = RelyingParty(provider, "spa")
    refused = relying_party.redeem(relying_party.authorize("ann")["code"], **changes)

    assert (refused.status_code, refused.json()["error"]) in {(400, "invalid_grant"), (400, "invalid_request")}


def test_a_code_is_used_once(relying_party, user):
    code = relying_party.authorize(user)["code"]

    assert relying_party.redeem(code).ok
    assert relying_party.redeem(code).json()["error"] == "invalid_grant"


def test_a_public_client_gets_a_new_refresh_token_each_time(provider):
    """The old one is refused, and its reuse revokes the new one."""
    relying_party = RelyingParty(provider, "spa")
    old = relying_party.tokens("ann")["refresh_token"]
    new = relying_party.refresh(old).json()["refresh_token"]

    assert new != old
    assert relying_party.refresh(old).json()["error"] == "invalid_grant"
    assert relying_party.refresh(new).json()["error"] == "invalid_grant"


def test_a_confidential_client_introspects_tokens(provider):
    relying_party = RelyingParty(provider, "web")
    seen = relying_party.post("introspection_endpoint", token=relying_party.tokens("ben")["access_token"]).json()

    assert (seen["active"], seen["client_id"]) == (True, "web")
    assert relying_party.post("introspection_endpoint", token="never-issued").json() == {"active": False}


def test_client_credentials_get_a_token(provider):
    given = RelyingParty(provider, "machine").post("token_endpoint", grant_type="client_credentials")

    assert given.status_code == 200, description(given)
    assert "refresh_token" not in given.json()


@pytest.mark.parametrize(
    "changes", [{"code_challenge": "", "code_challenge_method": ""}, {"code_challenge_method": "plain"}]
)
def test_pkce_is_required(provider, changes):
    """Of confidential clients too; the error may come before or after the login, as at django."""
    assert RelyingParty(provider, "web").authorize("ben", **changes)["error"] == "invalid_request"
