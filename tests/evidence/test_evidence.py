"""What a report tells of the known faults: in words, and so that it can be repeated."""

from __future__ import annotations

import re

import pytest

from tests.evidence.walk import chapters, faults_of_chapter, one_of_each_family, walk

PYTHON = re.compile(
    r"(?<!-)\b(?:None|True|False)\b(?! of)|\bassert \w|frozenset\(|\bset\(\)|<class |\w+\(\w+=|Traceback|\[\]|\{\}|"
    r"(?:^|[\s(\[,])b['\"]|\b[A-Z]\w+(?:Error|Exception)\b|<[\w.]+ object at|'\w+': "
)
SHARED = pytest.mark.xdist_group("sample of the faults")


@pytest.fixture(scope="module")
def sample():
    """What is told of a fault of each family of chapters."""
    return list(walk(one_of_each_family()))


def untold(told):
    return [each.fault for each in told if each.telling.outcome is None]


def not_shown_again(told):
    """The faults of which the line of the decisive exchange alone gets another status than it got."""
    alone = [each for each in told if each.telling.outcome and not each.telling.outcome.several]
    decisive = {each.fault: (each.telling, each.telling.outcome.exchanges[0]) for each in alone}
    return [
        fault
        for fault, (telling, exchange) in decisive.items()
        if not (exchange.decisive and exchange.curl and telling.repeated == exchange.status)
    ]


def told_in_python(told):
    texts = {
        (each.fault, text)
        for each in told
        for clause in each.report.clauses
        for outcome in clause.outcomes
        for text in (
            *(outcome.expected, outcome.observed, outcome.reason, outcome.several, outcome.check),
            *(f"{line.channel}; {line.expected}; {line.seen}" for line in outcome.statement),
        )
    }
    return {(fault, text) for fault, text in texts if PYTHON.search(without_answers(text))}


def told_in_part(told):
    """The faults of which it is not told what was done, what was expected, or what came."""
    outcomes = {each.fault: each.telling.outcome for each in told if each.telling.outcome}
    return [fault for fault, each in outcomes.items() if not (each.expected and each.observed and each.check)]


@SHARED
def test_every_fault_is_told(sample):
    assert untold(sample) == []


@SHARED
def test_the_line_of_the_decisive_exchange_shows_the_failure_again(sample):
    assert not_shown_again(sample) == []


@SHARED
def test_nothing_is_told_in_python(sample):
    assert told_in_python(sample) == set()


@SHARED
def test_what_was_expected_and_what_came_are_both_told(sample):
    assert told_in_part(sample) == []


@pytest.mark.slow
@pytest.mark.parametrize("chapter", chapters())
def test_every_fault_of_a_chapter_is_told_in_words_and_shown_again(chapter):
    told = list(walk(faults_of_chapter(chapter)))
    assert (untold(told), not_shown_again(told), told_in_python(told), told_in_part(told)) == ([], [], set(), [])


def without_answers(text):
    """The text without what the target said itself, which may hold anything."""
    return re.sub(r"\b[1-5]\d\d \S.*", "", text)
