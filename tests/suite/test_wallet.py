"""Tokens are asked for once, and anew when a check may have had them taken back."""

from __future__ import annotations

import itertools

import pytest

from conformance.http.client import Record
from conformance.http.messages import FORM, Request
from conformance.identity.token_cache import CachedToken, TokenCache

READ, WRITE = frozenset({"read"}), frozenset({"write"})


@pytest.fixture
def asks():
    """Grants that are told apart, good for an hour."""
    numbers = itertools.count(1)
    return lambda: CachedToken(token=f"token {next(numbers)}", lifetime=3600)


def sent(label, media_type):
    request = Request(method="POST", path="/oauth/revoke", headers=(("Content-Type", media_type),))
    return Record(label=label, identity="alice", request=request, url="http://127.0.0.1/oauth/revoke")


def test_a_token_serves_again_the_same_identity_with_the_same_scopes(asks):
    wallet = TokenCache()
    wanted = [("alice", READ), ("alice", READ), ("alice", WRITE), ("bob", READ), ("alice", READ)]

    assert [wallet.token(*each, asks)[-1] for each in wanted] == ["1", "1", "2", "3", "1"]


def test_a_dropped_token_is_not_given_again(asks):
    wallet = TokenCache()
    first = wallet.token("alice", READ, asks)
    wallet.drop("alice", READ)

    assert wallet.token("alice", READ, asks) != first


def test_a_token_that_is_not_good_for_long_is_asked_for_each_time():
    wallet = TokenCache()
    asks = iter([CachedToken(token="first", lifetime=0), CachedToken(token="second", lifetime=0)]).__next__

    assert [wallet.token("alice", READ, asks) for _ in range(2)] == ["first", "second"]


@pytest.mark.parametrize(
    ("label", "media_type", "kept"),
    [("attempt", FORM, False), ("arrangement", FORM, True), ("attempt", "application/json", True)],
)
def test_whoever_sends_forms_may_have_tokens_taken_back(asks, label, media_type, kept):
    wallet = TokenCache()
    first = wallet.token("alice", READ, asks)
    wallet.drop_after([sent(label, media_type)])

    assert (wallet.token("alice", READ, asks) == first) is kept
