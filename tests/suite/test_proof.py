"""A sample of the proof: `make prove` judges every fault of every configured target."""

from __future__ import annotations

import random
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from conformance.assembly.documents import catalogue_of
from conformance.assembly.options import Options
from conformance.proof.faults import faults_of
from conformance.proof.proof import Proof
from conformance.sut import configuration

ROOT = Path(__file__).parents[2]


def one_of_each_chapter(configurations):
    """The ids of faults, of the first of these that has any; pytest-randomly seeds the draw."""
    drawn = {}
    for each in configurations:
        clauses = catalogue_of(each, Options())
        chapters = defaultdict(list)
        for fault in faults_of(each):
            chapters[clauses[fault.clause].chapter].append(fault.id)
        drawn = {chapter: random.choice(faults) for chapter, faults in chapters.items()} | drawn
    return frozenset(drawn.values())


@pytest.mark.xdist_group("proof")
def test_a_fault_of_each_chapter_is_killed_by_its_own_check():
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["conformance"]["proof"]
    configurations = tuple(configuration.read(ROOT / each) for each in named)
    drawn = one_of_each_chapter(configurations)

    result = Proof(configurations, Options(), drawn).run(workers=2, progress=str)

    assert [row for row in result["rows"] if row["outcome"] != "killed"] == []
    assert {row["fault"] for row in result["rows"]} == drawn
