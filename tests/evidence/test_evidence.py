"""What a report tells of the known faults: in words, and so that it can be repeated."""

from __future__ import annotations

import re

import pytest

from tests.evidence.walk import one_of_each_chapter, walk

PYTHON = re.compile(
    r"(?<!-)\b(?:None|True|False)\b(?! of)|\bassert \w|frozenset\(|\bset\(\)|<class |\w+\(\w+=|Traceback|\[\]|\{\}|"
    r"(?:^|[\s(\[,])b['\"]|\b[A-Z]\w+(?:Error|Exception)\b|<[\w.]+ object at|'\w+': "
)


@pytest.fixture(scope="module", params=["sample", pytest.param("all", marks=pytest.mark.slow)])
def told(request):
    """What is told of a fault of each chapter, or of all."""
    return list(walk(one_of_each_chapter() if request.param == "sample" else None))


def test_every_fault_is_told(told):
    assert [each.fault for each in told if each.telling.outcome is None] == []


def test_the_line_of_the_decisive_exchange_shows_the_failure_again(told):
    alone = [each for each in told if each.telling.outcome and not each.telling.outcome.several]
    decisive = {each.fault: each.telling.outcome.exchanges[0] for each in alone}
    assert all(exchange.decisive and exchange.curl for exchange in decisive.values())
    again = {each.fault: each.telling.repeated for each in alone}
    assert again == {fault: exchange.status for fault, exchange in decisive.items()}


def test_nothing_is_told_in_python(told):
    outcomes = {each.fault: each.telling.outcome for each in told if each.telling.outcome}
    texts = {
        (fault, text)
        for fault, outcome in outcomes.items()
        for text in (outcome.expected, outcome.observed, outcome.reason, outcome.several, outcome.check)
    }
    assert {(fault, text) for fault, text in texts if PYTHON.search(without_answers(text))} == set()


def test_what_was_expected_and_what_came_are_both_told(told):
    outcomes = {each.fault: each.telling.outcome for each in told if each.telling.outcome}
    assert [fault for fault, each in outcomes.items() if not (each.expected and each.observed and each.check)] == []


def without_answers(text):
    """The text without what the target said itself, which may hold anything."""
    return re.sub(r"\b[1-5]\d\d \S.*", "", text)
