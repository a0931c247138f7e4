"""Authorization codes, once they were used and once they have expired."""

from __future__ import annotations

import pytest

from reference_impl.domain.entities import User
from reference_impl.domain.ids import Ids
from reference_impl.oauth.clients import Client, digest
from reference_impl.oauth.grants import AuthorizationCodes
from reference_impl.storage.grants import Grants
from reference_impl.storage.users import UserRows

CLIENT = Client(id="web", secret_digest=None, scope="openid", tier="standard")
USER = User(id="usr_1", username="carol", password_hash="", name="", email="", tenant="", roles=frozenset())
LIFETIME = 60  # seconds


@pytest.fixture
def grants(tables, clock):
    return Grants(tables, clock, Ids())


@pytest.fixture
def codes(tables, grants, clock):
    return AuthorizationCodes(grants, UserRows(tables), clock, LIFETIME)


@pytest.fixture
def grant_id(tables, grants, clock):
    """A grant for which the code "code" was issued."""
    UserRows(tables).put(USER)
    grant_id = grants.begin(client_id=CLIENT.id, user_id=USER.id, scope="openid", nonce=None, auth_time=0)
    expires_at = clock.seconds() + LIFETIME
    grants.add_code(digest("code"), grant_id, redirect_uri="", challenge=None, expires_at=expires_at)
    return grant_id


def test_a_code_that_has_expired_is_not_found(codes, clock, grant_id):
    assert codes.find("code", CLIENT).grant.id == grant_id

    clock.now += LIFETIME + 1
    assert codes.find("code", CLIENT) is None


def test_a_used_code_that_comes_again_after_it_has_expired_ends_the_grant(codes, clock, grants, grant_id):
    codes.redeem(codes.find("code", CLIENT))
    assert not grants.find(grant_id).revoked

    clock.now += LIFETIME + 1
    assert codes.redeem(codes.find("code", CLIENT)) is None
    assert grants.find(grant_id).revoked
