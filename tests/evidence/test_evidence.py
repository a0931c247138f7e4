"""What a report tells of the known faults, a sample of them: in words, and so that it can be repeated."""

from __future__ import annotations

import pytest

from tests.evidence.omissions import not_shown_again, told_in_part, told_in_python, untold
from tests.evidence.walk import one_of_each_family, walk

pytestmark = pytest.mark.xdist_group("sample of the faults")


@pytest.fixture(scope="module")
def sample():
    """What is told of a fault of each family of chapters."""
    return list(walk(one_of_each_family()))


def test_every_fault_is_told(sample):
    assert untold(sample) == []


def test_the_line_of_the_decisive_exchange_shows_the_failure_again(sample):
    assert not_shown_again(sample) == []


def test_nothing_is_told_in_python(sample):
    assert told_in_python(sample) == set()


def test_what_was_expected_and_what_came_are_both_told(sample):
    assert told_in_part(sample) == []
