"""Signing keys: the next one is known before it signs, and a former one as long as its tokens live."""

from __future__ import annotations

import pytest

from reference_impl.oauth.keys import LONGEST_TOKEN, MARGIN, SigningKeys
from reference_impl.storage.secrets import ServerSecrets


@pytest.fixture
def secrets(tables):
    return ServerSecrets(tables)


@pytest.fixture
def keys(secrets, clock):
    return SigningKeys(secrets, clock, 0)


def kids(keys):
    return list(keys.public())


def test_the_next_key_signs_after_a_roll_over_and_was_published_before(keys):
    signing, following = kids(keys)
    keys.roll()

    assert keys.signing.kid == following
    assert kids(keys)[:2] == [signing, following]
    assert len(kids(keys)) == 3


def test_a_former_key_is_kept_until_its_last_token_has_expired(keys, clock):
    former = keys.signing.kid
    keys.roll()
    clock.now += LONGEST_TOKEN
    keys.roll()
    assert former in kids(keys)

    clock.now += MARGIN + 1
    keys.roll()
    assert former not in kids(keys)


def test_another_process_notices_a_roll_over_within_the_lifetime(keys, secrets, clock):
    other = SigningKeys(secrets, clock, 10)
    former = other.signing.kid
    keys.roll()
    assert other.signing.kid == former

    clock.now += 10
    assert other.signing.kid == keys.signing.kid
