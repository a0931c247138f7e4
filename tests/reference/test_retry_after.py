"""For how long a receiver may ask to be left alone (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import pytest

from reference_impl.domain.clock import Clock
from reference_impl.events.dispatcher import Retries
from reference_impl.events.sender import Answer

CAP = 60  # seconds


@pytest.fixture
def retries():
    return Retries([1], CAP, Clock())


@pytest.mark.parametrize(
    ("field", "seconds"),
    [
        ("7", 7),
        ("007", 7),
        ("0" * 5000 + "1", 1),
        ("9" * 5000, CAP),
        ("Fri, 31 Dec 9999 23:59:59 GMT", CAP),
        ("soon", 0),
        ("-5", 0),
        ("Wed, 21 Oct 2015 07:28:00 +9999999999999999999", 0),
        ("", 0),
    ],
)
def test_a_receiver_is_left_alone_as_long_as_it_may_ask_for(retries, field, seconds):
    assert retries.asked_for(Answer(status=503, retry_after=field)) == seconds
