"""Plain HTML forms, without JavaScript, lead from a provider's discovery document to tokens.

The login form of both has the inputs `username` and `password` (and hidden ones: take along all that are there).
The consent form has a button that allows and one that denies: at node `decision=allow` and `decision=deny`, at django
`allow=Authorize` and one without a name, whose form is sent as it is.
"""

from __future__ import annotations

import secrets

import pytest

from .pages import Browser, only_form, told
from .party import Party

PEOPLE = {"spa": "ann", "web": "ben"}


@pytest.fixture(params=sorted(PEOPLE))
def party(request, provider):
    return Party(provider, request.param)


@pytest.fixture
def person(party):
    return PEOPLE[party.client["id"]]


def test_a_person_lends_a_client_access_and_it_ends(party, person):
    """Code, tokens, userinfo, refreshed tokens; after the refresh token is revoked nothing is left of them."""
    answer = party.ask(person)
    assert answer["iss"] == party.provider.metadata["issuer"]

    first = party.exchanged(answer["code"])
    assert first.status_code == 200, told(first)
    assert {"access_token", "refresh_token", "id_token"} <= first.json().keys()
    about = party.userinfo(first.json()["access_token"])
    assert (about.status_code, about.json()["email"]) == (200, f"{person}@example.org"), told(about)

    second = party.refreshed(first.json()["refresh_token"])
    assert second.status_code == 200, told(second)
    assert party.userinfo(second.json()["access_token"]).ok

    revoked = party.post("revocation_endpoint", token=second.json()["refresh_token"])
    assert revoked.status_code == 200, told(revoked)
    assert party.refreshed(second.json()["refresh_token"]).json()["error"] == "invalid_grant"
    assert party.userinfo(second.json()["access_token"]).status_code == 401


def test_a_person_who_denies_lends_nothing(party, person):
    assert party.ask(person, allow=False)["error"] == "access_denied"


def test_a_wrong_password_shows_the_form_again(provider):
    browser = Browser(provider.url)
    page = browser.open(Party(provider, "spa").question())
    assert visible(page) == {"username", "password"}
    page = browser.send(page, only_form(page), username="ann", password="wrong")

    assert visible(page) == {"username", "password"}


def visible(page):
    """The names of the inputs that a person fills in."""
    return {name for name, kind in only_form(page).kinds.items() if kind != "hidden"}


@pytest.mark.parametrize(
    "changes", [{"code_verifier": secrets.token_urlsafe(48)}, {"redirect_uri": "https://app.example/other"}]
)
def test_a_code_is_bound_to_what_was_asked(provider, changes):
    """To the verifier's challenge and to the redirect URI, be the other one registered too."""
    party = Party(provider, "spa")
    refused = party.exchanged(party.ask("ann")["code"], **changes)

    assert (refused.status_code, refused.json()["error"]) in {(400, "invalid_grant"), (400, "invalid_request")}


def test_a_code_is_used_once(party, person):
    code = party.ask(person)["code"]

    assert party.exchanged(code).ok
    assert party.exchanged(code).json()["error"] == "invalid_grant"


def test_a_public_client_gets_a_new_refresh_token_each_time(provider):
    """The old one is refused, and whoever shows it ends the new one too."""
    party = Party(provider, "spa")
    old = party.tokens("ann")["refresh_token"]
    new = party.refreshed(old).json()["refresh_token"]

    assert new != old
    assert party.refreshed(old).json()["error"] == "invalid_grant"
    assert party.refreshed(new).json()["error"] == "invalid_grant"


def test_a_confidential_client_looks_into_tokens(provider):
    party = Party(provider, "web")
    seen = party.post("introspection_endpoint", token=party.tokens("ben")["access_token"]).json()

    assert (seen["active"], seen["client_id"]) == (True, "web")
    assert party.post("introspection_endpoint", token="never-issued").json() == {"active": False}


def test_a_machine_gets_a_token_of_its_own(provider):
    given = Party(provider, "machine").post("token_endpoint", grant_type="client_credentials")

    assert given.status_code == 200, told(given)
    assert "refresh_token" not in given.json()


@pytest.mark.parametrize(
    "changes", [{"code_challenge": "", "code_challenge_method": ""}, {"code_challenge_method": "plain"}]
)
def test_pkce_is_required(provider, changes):
    """Of confidential clients too. When is the provider's affair: django asks the person first."""
    assert Party(provider, "web").ask("ben", **changes)["error"] == "invalid_request"
