"""Redaction of secrets, known ones and such as look like secrets."""

from __future__ import annotations

import pytest

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
