"""Signing keys: the next one is known before it signs, and a former one as long as its tokens live."""

from __future__ import annotations

import pytest

from reference_impl.domain.clock import Clock
from reference_impl.oauth.keys import LONGEST_TOKEN, MARGIN, SigningKeys
from reference_impl.storage.database import Database
from reference_impl.storage.secrets import ServerSecrets


class Moving(Clock):
    """A clock that the test moves on."""

    now = 1_000_000.0

    def seconds(self):
        return self.now


@pytest.fixture
def clock():
    return Moving()


@pytest.fixture
def secrets(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/links.db")
    database.create_tables()
    yield ServerSecrets(database)
    database.close()


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
