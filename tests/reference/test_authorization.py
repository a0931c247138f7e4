"""People let clients in, and take it back."""

from __future__ import annotations

import subprocess
import sys

import pytest
import requests

from .people import CALLBACK, CLIENT, Visitor, answer, token
from .support import BOUND


@pytest.fixture
def visitor(platform):
    return Visitor(platform.url)


@pytest.fixture
def granted(visitor):
    return visitor.redeem(visitor.let_in()["code"]).json()


def reading(platform, access_token):
    headers = {"Authorization": f"Bearer {access_token}"}
    return requests.get(f"{platform.url}/v1/links", headers=headers, timeout=BOUND)


def test_a_person_logs_in_consents_and_is_sent_back(platform, visitor):
    login = visitor.open(prompt="consent")
    consent = visitor.follow(visitor.log_in(login))
    back = visitor.press(consent, "approve")

    assert (login.status_code, consent.status_code, back.status_code) == (200, 200, 303)
    assert back.headers["Location"].startswith(CALLBACK + "?")
    assert answer(back).keys() == {"code", "state", "iss"}
    assert answer(back)["iss"] == platform.url


def test_a_second_client_request_in_the_same_browser_asks_nothing(visitor):
    visitor.let_in()
    again = visitor.open()

    assert again.status_code == 303
    assert "code" in answer(again)


@pytest.mark.parametrize(("prompt", "title"), [("login", "Log in"), ("consent", "Allow access")])
def test_a_prompt_asks_again(visitor, prompt, title):
    visitor.let_in()

    assert f"<title>{title}" in visitor.open(prompt=prompt).text


def test_a_login_that_was_asked_for_is_asked_for_once(visitor):
    page = visitor.log_in(visitor.open(prompt="login"))

    assert "prompt=login" not in page.headers["Location"]


def test_a_wrong_password_shows_the_form_again(visitor):
    page = visitor.log_in(visitor.open(), password="wrong")

    assert page.status_code == 400
    assert "is wrong" in page.text


def test_too_many_wrong_passwords_are_slowed_down_for_that_name_only(platform):
    guesser = Visitor(platform.url)
    page = guesser.open()
    codes = [guesser.log_in(page, username="nobody", password=str(n)).status_code for n in range(11)]
    other = Visitor(platform.url)

    assert codes == [400] * 10 + [429]
    assert other.log_in(other.open()).status_code == 303


@pytest.mark.parametrize("username", ["\x00", "\ud800", "x" * 70, "' OR 1=1 --"])
def test_an_impossible_name_is_a_wrong_one(visitor, username):
    name = username.encode("utf-8", "surrogatepass")

    assert visitor.log_in(visitor.open(), username=name).status_code == 400


def test_a_name_written_on_a_page_is_escaped(visitor):
    page = visitor.open(state='"><script>alert(1)</script>')

    assert "<script>" not in page.text


def test_a_form_of_another_browser_is_refused(platform, visitor):
    stolen = Visitor(platform.url).open()

    assert visitor.open().status_code == 200
    assert visitor.log_in(stolen).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [{"client_id": "unknown"}, {"redirect_uri": CALLBACK + "/"}, {"redirect_uri": ""}, {"client_id": ""}],
    ids=["unknown client", "other address", "no address", "no client"],
)
def test_a_request_that_names_no_registered_address_stays_here(visitor, changes):
    page = visitor.open(**changes)

    assert page.status_code == 400
    assert "Location" not in page.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "links:moderate"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"resource": "https://other.example"}, "invalid_target"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"scope": ["openid", "links:read"]}, "invalid_request"),
    ],
)
def test_an_unsound_request_is_told_to_the_client(visitor, changes, error):
    found = answer(visitor.open(**changes))

    assert (found["error"], found["state"]) == (error, "s")


def test_a_login_survives_a_change_of_its_cookie_by_nobody(platform, visitor):
    visitor.cookie = "__Host-login=planted"
    visitor.log_in(visitor.open())

    assert visitor.cookie != "__Host-login=planted"
    assert Visitor(platform.url, cookie="__Host-login=planted").open().text.count("<h1>Log in</h1>") == 1


def test_a_token_of_a_person_has_its_tenant_and_roles(platform, granted):
    told = requests.get(
        f"{platform.url}/oauth/userinfo", headers={"Authorization": f"Bearer {granted['access_token']}"}, timeout=BOUND
    )

    assert reading(platform, granted["access_token"]).status_code == 200
    assert told.json().keys() == {"sub", "name"}
    assert granted.keys() >= {"id_token", "refresh_token"}


def test_without_offline_access_there_is_no_refresh_token(visitor):
    found = visitor.redeem(visitor.let_in(scope="openid links:read")["code"]).json()

    assert "refresh_token" not in found


def test_a_grant_ends_with_its_refresh_token(platform, granted):
    ended = {"token": granted["refresh_token"], "client_id": CLIENT}
    requests.post(f"{platform.url}/oauth/revoke", data=ended, timeout=BOUND)

    refreshed = token(
        platform.url, grant_type="refresh_token", refresh_token=granted["refresh_token"], client_id=CLIENT
    )
    assert refreshed.json()["error"] == "invalid_grant"
    assert reading(platform, granted["access_token"]).status_code == 401


def test_a_public_client_gets_nothing_in_its_own_name(platform):
    reply = token(platform.url, grant_type="client_credentials", client_id=CLIENT)

    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")


def test_people_and_clients_are_added_from_the_command_line(tmp_path):
    database = f"sqlite:///{tmp_path}/links.db"
    command = [sys.executable, "-m", "reference_impl"]
    user = [*command, "user", "add", "erin", "--name", "Erin", "--role", "moderator", "--database", database]
    client = [*command, "client", "add", "app", "--public", "--scope", "openid", "--redirect-uri", CALLBACK]
    added = subprocess.run(user, input="secret\n", text=True, capture_output=True, check=True)
    public = subprocess.run([*client, "--database", database], text=True, capture_output=True, check=True)

    assert (added.stdout, public.stdout) == ("", "")
