"""A target that tells nothing is not waited for again and again."""

from __future__ import annotations

from conformance.webhooks.waits import IN_VAIN, SHORT, Waits


def test_after_some_waits_in_vain_the_next_are_short_until_something_is_heard():
    waits = Waits()
    bounds = []
    for heard in [False] * (IN_VAIN + 1) + [True, False]:
        bounds.append(waits.bound(10))
        waits.ended(heard=heard)

    assert bounds == [10] * IN_VAIN + [SHORT] * 2 + [10]


def test_what_is_said_tells_a_wait_that_was_short():
    waits = Waits()
    for _ in range(IN_VAIN):
        waits.ended(heard=False)
        assert waits.told == ""
    waits.ended(heard=False)
    assert "3 times in a row" in waits.told
