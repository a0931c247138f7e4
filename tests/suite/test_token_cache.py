"""Tokens are requested once, and again when a check may have revoked them."""

from __future__ import annotations

import itertools

import pytest

from conformance.http.client import Record
from conformance.http.messages import FORM, Request
from conformance.identity.token_cache import CachedToken, TokenCache

READ, WRITE = frozenset({"read"}), frozenset({"write"})


@pytest.fixture
def request_token():
    """Gives another token at each call, valid for an hour."""
    numbers = itertools.count(1)
    return lambda: CachedToken(token=f"token {next(numbers)}", lifetime=3600)


def record(label, media_type):
    request = Request(method="POST", path="/oauth/revoke", headers=(("Content-Type", media_type),))
    return Record(label=label, identity="alice", request=request, url="http://127.0.0.1/oauth/revoke")


def test_a_token_is_cached_by_identity_and_scopes(request_token):
    cache = TokenCache()
    wanted = [("alice", READ), ("alice", READ), ("alice", WRITE), ("bob", READ), ("alice", READ)]

    assert [cache.token(*each, request_token)[-1] for each in wanted] == ["1", "1", "2", "3", "1"]


def test_a_dropped_token_is_not_given_again(request_token):
    cache = TokenCache()
    first = cache.token("alice", READ, request_token)
    cache.drop("alice", READ)

    assert cache.token("alice", READ, request_token) != first


def test_a_token_with_a_short_lifetime_is_not_cached():
    cache = TokenCache()
    request_token = iter([CachedToken(token="first", lifetime=0), CachedToken(token="second", lifetime=0)]).__next__

    assert [cache.token("alice", READ, request_token) for _ in range(2)] == ["first", "second"]


@pytest.mark.parametrize(
    ("label", "media_type", "kept"),
    [("attempt", FORM, False), ("arrangement", FORM, True), ("attempt", "application/json", True)],
)
def test_tokens_are_dropped_after_forms_of_a_check(request_token, label, media_type, kept):
    cache = TokenCache()
    first = cache.token("alice", READ, request_token)
    cache.drop_after([record(label, media_type)])

    assert (cache.token("alice", READ, request_token) == first) is kept
