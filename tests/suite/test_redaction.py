"""Redaction of secrets, known ones and such as look like secrets."""

from __future__ import annotations

import pytest

from conformance.http.client import Record
from conformance.http.messages import Reply, Request
from conformance.http.redaction import Redaction

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLWJ5dGVz"


def test_known_secrets_are_masked_everywhere():
    redaction = Redaction()
    assert redaction.learn("correct horse battery") == "correct horse battery"
    assert redaction('{"secret": "correct horse battery"}') == '{"secret": "corr…"}'


def test_the_longest_of_several_secrets_is_masked():
    redaction = Redaction()
    for secret in ("token-1", "token-12345", "token-2", "other secret"):
        redaction.learn(secret)

    assert redaction("token-12345token-2, token-3 and other secret") == "toke…toke…, token-3 and othe…"
    assert redaction("token-12") == "toke…2"
    assert redaction("") == ""


def test_short_texts_are_not_masked():
    redaction = Redaction()
    redaction.learn("1")
    assert redaction("101") == "101"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {JWT}",
        f'{{"access_token": "{JWT}"}}',
        "authorization: basic cGFydG5lcjpzM2NyM3Q=",
        '{"secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}',
    ],
)
def test_unknown_credentials_are_masked_by_their_form(text):
    masked = Redaction()(text)
    assert masked.endswith(("…", '…"}'))
    assert not any(part in masked for part in ("c2lnbmF0dXJl", "eyJzdWIi", "G5lcjpz", "Njc4OWFi"))


@pytest.mark.parametrize(
    "text",
    [
        "oauth_token=5f3c9a1e7b2d&oauth_token_secret=8d4b6a0f2c9e",
        '<input type="hidden" name="csrf_token" value="5f3c9a1e7b2d">',
        '<meta name="csrf-token" content="5f3c9a1e7b2d">',
        "<Credentials><SecretKey>5f3c9a1e7b2d</SecretKey></Credentials>",
        "session_token: 5f3c9a1e7b2d",
        "https://files.example/a?X-Amz-Signature=5f3c9a1e7b2d5f3c9a1e7b2d",
        "https://admin:5f3c9a1e7b2d@db.example/",
        '{"refresh_token": "5f3c9a1e7b2d',
        '{"adminkey": "5f3c9a1e7b2d5f3c9a1e7b2d5f3c9a1e", "inkey": "8d4b6a0f2c9e8d4b6a0f2c9e8d4b6a0f"}',
    ],
)
def test_what_bears_the_name_of_a_secret_is_masked_wherever_it_stands(text):
    assert "5f3c9a1e7b2d" not in Redaction()(text)
    assert "8d4b6a0f2c9e" not in Redaction()(text)


@pytest.mark.parametrize(
    "text",
    [
        'Bearer error="invalid_token", scope="links:read"',
        '{"id": "lnk_fuqLLLJYN7jn2JHlf8R2", "code": "54acd1092dcb5d9f", "next": "eyJhIjoxfQ"}',
        '{"next_page_token": "Zm9vYmFyYmF6cXV4MTIz", "token_type": "Bearer", "expires_in": 3600}',
        '{"etag": "33a64df551425fcc55e4d42a148795d9", "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"}',
        '{"type": "https://links.example/problems/unauthenticated", "detail": "The access token is not accepted."}',
        '"33a64df5-5142-5fcc-55e4-d42a148795d9.1"',
        "200; application/json",
        "Basic authentication is required, or a bearer token.",
        '{"errors": {"password": "must be longer"}}',
        '{"hotkey": "ctrl+a", "pagetoken": "5f3c9a1e7b2d5f3c9a1e7b2d5f3c9a1e", "sortkey": "name"}',
        "https://links.example/v1/links?cursor=b2Zmc2V0PTIw&limit=20",
        "a refusal without a token, error invalid_client",
    ],
)
def test_what_is_evidence_and_no_secret_stays(text):
    assert Redaction()(text) == text


def test_what_is_issued_is_known_from_then_on_unless_it_was_sent():
    redaction = Redaction(declared=frozenset({"hidden"}))
    request = Request(method="POST", path="/things?mine=echoed-5f3c9a1e").with_json({})
    issued = b'{"api_token": "issued-7b2d8d4b", "hidden": "declared-6a0f2c9e", "token": "echoed-5f3c9a1e"}'
    reply = Reply(request=request, status=201, headers=(), body=issued, url="", seconds=0)
    redaction.see(Record(label="attempt", identity="ann", request=request, url="", reply=reply))

    assert redaction("issued-7b2d8d4b declared-6a0f2c9e echoed-5f3c9a1e") == "issu… decl… echoed-5f3c9a1e"
    assert list(redaction.segments("issued-7b2d8d4b"))[1] == ("issued-7b2d8d4b", "API_TOKEN")


def test_what_the_configuration_gives_is_not_named_by_who_repeats_it():
    redaction = Redaction()
    redaction.learn("given-7b2d8d4b")
    request = Request(method="GET", path="/things")
    reply = Reply(request=request, status=200, headers=(), body=b'{"api_token": "given-7b2d8d4b"}', url="", seconds=0)
    redaction.see(Record(label="attempt", identity="ann", request=request, url="", reply=reply))
    redaction.learn("given-7b2d8d4b", "key ann")

    assert list(redaction.segments("given-7b2d8d4b"))[1] == ("given-7b2d8d4b", "KEY_ANN")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ((("Location", "http://[::1"),), b""),
        ((("Location", "/back?token=%zz&code"),), b"\xff\xfe"),
        ((), b'{"token": ' * 900 + b'"issued-7b2d8d4b"' + b"}" * 900),
        ((("Set-Cookie", ""), ("Set-Cookie", "=;=")), b'{"name": ["token"], "value": null}'),
        ((), b"name=" * 20_000),
    ],
)
def test_no_answer_breaks_the_search_for_secrets(headers, body):
    request = Request(method="GET", path="/")
    reply = Reply(request=request, status=200, headers=headers, body=body, url="", seconds=0)
    redaction = Redaction()
    redaction.see(Record(label="attempt", identity="ann", request=request, url="", reply=reply))
    assert isinstance(redaction.body(reply.text[:8000]), str)
