"""A target that tells nothing of an event is not waited for again and again."""

from __future__ import annotations

import pytest

from conformance.errors import BlockedError
from conformance.webhooks.waits import IN_VAIN, SHORT, Waits


def test_after_some_waits_in_vain_the_next_are_short_until_something_is_heard():
    waits, bounds = Waits(), []

    def heard(bound):
        bounds.append(bound)
        return [object()]

    def nothing(bound):
        bounds.append(bound)
        return []

    for _ in range(IN_VAIN):
        assert waits("made", 10, nothing) == []
    with pytest.raises(BlockedError, match="3 times in a row"):
        waits("made", 10, nothing)
    assert waits("made", 10, heard)
    assert waits("made", 10, nothing) == []

    assert bounds == [10] * IN_VAIN + [SHORT] * 2 + [10]


def test_each_event_is_waited_for_by_itself():
    waits, bounds = Waits(), []
    for _ in range(IN_VAIN):
        waits("made", 10, lambda _: [])

    waits("dropped", 10, lambda bound: bounds.append(bound) or [])

    assert bounds == [10]
