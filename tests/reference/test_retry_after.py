"""For how long a receiver may ask to be left alone (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import pytest

from reference_impl.domain.clock import Clock
from reference_impl.events.dispatcher import Attempts


@pytest.fixture
def attempts():
    """Nothing of it is used but its clock."""
    made = object.__new__(Attempts)
    made.clock = Clock()
    return made


@pytest.mark.parametrize(
    ("field", "seconds"),
    [
        ("7", 7),
        ("007", 7),
        ("0" * 5000 + "1", 1),
        ("soon", 0),
        ("-5", 0),
        ("Wed, 21 Oct 2015 07:28:00 +9999999999999999999", 0),
        ("", 0),
    ],
)
def test_what_says_no_time_is_none(attempts, field, seconds):
    assert attempts.seconds(field) == seconds


@pytest.mark.parametrize("field", ["9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_what_is_longer_than_anybody_waits_is_long(attempts, field):
    assert attempts.seconds(field) > 10**8
