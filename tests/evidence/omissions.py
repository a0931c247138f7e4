"""What is missing, wrong or told in Python in what a report says of faults."""

from __future__ import annotations

import re

PYTHON = re.compile(
    r"(?<!-)\b(?:None|True|False)\b(?! of)|\bassert \w|frozenset\(|\bset\(\)|<class |\w+\(\w+=|Traceback|\[\]|\{\}|"
    r"(?:^|[\s(\[,])b['\"]|\b[A-Z]\w+(?:Error|Exception)\b|<[\w.]+ object at|'\w+': "
)


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


def without_answers(text):
    """The text without what the target said itself, which may hold anything."""
    return re.sub(r"\b[1-5]\d\d \S.*", "", text)
