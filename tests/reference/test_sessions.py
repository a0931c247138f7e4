"""Sessions of a browser: logging in and out, and what other sites cannot do with them."""

from __future__ import annotations

import pytest
import requests

from .support import BOUND, Platform, fresh

ERIN = {"username": "erin", "password": "3r1n's secret"}
FRANK = {"username": "frank", "password": "fr4nk's secret"}
LINK = {"destination": "https://shop.example/"}


class Visitor:
    """Somebody with a session, or without one."""

    def __init__(self, platform: Platform, cookie: str = "", proof: str = "") -> None:
        self.url = platform.url
        self.fields = {"Cookie": f"__Host-session={cookie}", "X-CSRF-Token": proof}

    def call(self, method, path, body=None, **changes):
        fields = {**self.fields, **{name.replace("_", "-"): value for name, value in changes.items()}}
        sent = {name: value for name, value in fields.items() if value is not None}
        return requests.request(method, self.url + path, json=body, headers=sent, timeout=BOUND)


def log_in(platform, body=ERIN, cookie=""):
    fields = {"Cookie": f"__Host-session={cookie}"} if cookie else {}
    return requests.post(f"{platform.url}/v1/session", json=body, headers=fields, timeout=BOUND)


def given(reply):
    return reply.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


@pytest.fixture
def erin(platform):
    reply = log_in(platform)
    return Visitor(platform, given(reply), reply.json()["csrf_token"])


@pytest.fixture
def frank(platform):
    reply = log_in(platform, FRANK)
    return Visitor(platform, given(reply), reply.json()["csrf_token"])


def test_a_login_begins_a_session(platform):
    reply = log_in(platform)

    assert reply.status_code == 201
    assert reply.json().keys() == {"user", "scopes", "csrf_token", "expires_at"}
    assert reply.json()["user"]["username"] == "erin"
    attributes = {part.strip() for part in reply.headers["Set-Cookie"].split(";")[1:]}
    assert attributes == {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"}
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_session_says_whose_it_is(erin):
    reply = erin.call("GET", "/v1/session")

    assert reply.status_code == 200
    assert reply.json()["csrf_token"] == erin.fields["X-CSRF-Token"]


def test_a_session_does_what_the_person_may(erin, frank):
    made = erin.call("POST", "/v1/links", LINK)
    path = f"/v1/links/{made.json()['id']}"

    assert made.status_code == 201
    assert erin.call("GET", path).status_code == 200
    assert frank.call("GET", path).status_code == 404
    assert erin.call("DELETE", path).status_code == 204


def test_each_login_makes_an_identifier(platform):
    first = given(log_in(platform))
    again = given(log_in(platform, cookie=first))
    planted = given(log_in(platform, cookie="x" * 43))

    assert len({first, again, planted, "x" * 43}) == 4
    assert Visitor(platform, first).call("GET", "/v1/session").status_code == 401
    assert Visitor(platform, again).call("GET", "/v1/session").status_code == 200
    assert Visitor(platform, "x" * 43).call("GET", "/v1/session").status_code == 401


def test_a_logout_ends_this_session_and_no_other(platform, erin):
    other = Visitor(platform, given(log_in(platform)))
    reply = erin.call("DELETE", "/v1/session")

    assert reply.status_code == 204
    assert given(reply) == ""
    assert erin.call("GET", "/v1/session").status_code == 401
    assert erin.call("POST", "/v1/links", LINK).status_code == 401
    assert other.call("GET", "/v1/session").status_code == 200


@pytest.mark.parametrize("proof", [None, "", "0" * 64, "ü"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/links"), ("DELETE", "/v1/session"), ("POST", "/v1/webhooks")]
)
def test_a_change_needs_the_proof(erin, method, path, proof):
    before = erin.call("GET", "/v1/links").json()
    encoded = proof.encode() if proof == "ü" else proof
    reply = erin.call(method, path, LINK, X_CSRF_Token=encoded)

    assert reply.status_code == 403
    assert reply.json()["type"].endswith("/forged-request")
    assert erin.call("GET", "/v1/links").json() == before


def test_the_proof_of_another_session_is_none(erin, frank):
    assert erin.call("POST", "/v1/links", LINK, X_CSRF_Token=frank.fields["X-CSRF-Token"]).status_code == 403


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "{own}.attacker.example", ""])
def test_a_change_from_another_site_is_refused(platform, erin, origin):
    reply = erin.call("POST", "/v1/links", LINK, Origin=origin.replace("{own}", platform.url))

    assert reply.status_code == 403


def test_a_change_from_our_own_pages_is_done(platform, erin):
    assert erin.call("POST", "/v1/links", LINK, Origin=platform.url).status_code == 201


def test_a_token_needs_no_proof_and_begins_no_session(alice):
    reply = alice.call("POST", "/v1/links", LINK, Origin="https://attacker.example")

    assert reply.status_code == 201
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("path", ["/oauth/userinfo", "/v1/links/lnk_4fKq9ZtB1mWc7XyR2dPs/takedown"])
def test_a_session_is_no_token(erin, path):
    reply = erin.call("GET" if "userinfo" in path else "POST", path)

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_token_wins_over_the_cookie(erin, alice):
    before = erin.call("GET", "/v1/links").json()

    assert erin.call("GET", "/v1/links", Authorization="Bearer nonsense").status_code == 401
    assert erin.call("POST", "/v1/links", LINK, Authorization=f"Bearer {alice.token}").status_code == 201
    assert erin.call("GET", "/v1/links").json() == before


def test_nobody_is_logged_in_without_a_session(platform):
    reply = Visitor(platform).call("GET", "/v1/session")

    assert reply.status_code == 401
    assert 'cookie-name="__Host-session"' in reply.headers["WWW-Authenticate"]


def test_a_wrong_password_and_an_unknown_name_look_alike(platform):
    wrong = log_in(platform, {**FRANK, "password": "guess"})
    unknown = log_in(platform, {"username": fresh("nobody"), "password": "guess"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert wrong.headers.keys() == unknown.headers.keys()


@pytest.mark.parametrize("body", [{}, {"username": "erin"}, {**ERIN, "password": 1}, {**ERIN, "more": 1}, []])
def test_a_login_of_another_form_is_refused(platform, body):
    assert log_in(platform, body).status_code == 422


def test_failed_logins_are_counted_by_name(platform):
    name = fresh("guessed")
    replies = [log_in(platform, {"username": name, "password": "guess"}) for _ in range(11)]

    assert [reply.status_code for reply in replies] == [401] * 10 + [429]
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 60
    assert log_in(platform).status_code == 201
