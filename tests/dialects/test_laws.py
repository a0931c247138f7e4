"""The laws, for as many dialects as DIALECTS says, a dozen unless told: a thousand by `make dialects`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from dialects.drawing import dialects, faulty_dialects, spellings
from dialects.laws import insist_on_blame, insist_on_equality, insist_on_praise

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

DRAWN = int(os.environ.get("DIALECTS", "12"))  # servers that are judged in all
PART = 4  # of them are drawn by one test, so that several processes can share them
SHARES = {"sound": 0.5, "faulty": 0.4, "respelled": 0.1}


def parts(law: str) -> list[int]:
    return list(range(max(1, round(DRAWN * SHARES[law] / PART))))


def examples(law: str) -> int:
    """How many examples each part of a law draws."""
    return max(1, round(DRAWN * SHARES[law] / len(parts(law))))


def drawn(request: pytest.FixtureRequest, law: str, part: int, strategy: SearchStrategy[Any]) -> Callable[..., Any]:
    """Holds a function against what the strategy draws: always the same, unless --hypothesis-seed says otherwise."""
    chosen = settings(
        max_examples=examples(law),
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    number = f"{request.config.getoption('--hypothesis-seed') or 0} {law} {part}"
    return lambda function: seed(number)(chosen(given(strategy)(function)))()


@pytest.mark.parametrize("part", parts("sound"))
def test_a_sound_server_is_accused_of_nothing(suite, request, part):
    """Nothing fails, warns or is blocked, and what the dialect permits is tried."""

    @drawn(request, "sound", part, dialects())
    def _law(dialect):
        insist_on_praise(suite, dialect)


@pytest.mark.parametrize("part", parts("faulty"))
def test_a_fault_breaks_its_own_clause_in_every_dialect(suite, request, part):
    """The clause has the same name, however the service speaks."""

    @drawn(request, "faulty", part, faulty_dialects())
    def _law(pair):
        insist_on_blame(suite, *pair)


@pytest.mark.parametrize("part", parts("respelled"))
def test_the_same_contract_in_other_words_gets_the_same_verdicts(suite, request, part):
    """YAML or JSON, one file or two, `allOf` or in place: what is said decides, not how."""

    @drawn(request, "respelled", part, spellings())
    def _law(pair):
        insist_on_equality(suite, *pair)
