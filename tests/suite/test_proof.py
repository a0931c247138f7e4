"""A sample of the proof: `make prove` judges every fault of every configured target."""

from __future__ import annotations

import random
import shutil
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
PLAIN = ROOT / "tests" / "plain"


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


LATE = """
import runpy, sys
from pathlib import Path

sys.path.insert(0, {plain!r})
starts = Path(__file__).with_name("starts")
if "--fault" in sys.argv:
    with starts.open("a") as file:
        file.write("x")
    if len(starts.read_text()) <= 2:
        place = sys.argv.index("--fault")
        del sys.argv[place : place + 2]
runpy.run_path({plain!r} + "/server.py", run_name="__main__")
"""


@pytest.mark.slow
def test_a_fault_that_is_not_seen_side_by_side_is_looked_for_once_more_alone(tmp_path):
    (tmp_path / "late.py").write_text(LATE.format(plain=str(PLAIN)))
    settings = (PLAIN / "conformance.toml").read_text().replace("server.py", "late.py")
    (tmp_path / "conformance.toml").write_text(settings)
    shutil.copy(PLAIN / "openapi.yaml", tmp_path)
    told = []

    late = configuration.read(tmp_path / "conformance.toml")
    result = Proof((late,), Options(), frozenset({"SpellsIdAsText"})).run(workers=2, progress=told.append)

    assert [row["outcome"] for row in result["rows"]] == ["killed"]
    assert (tmp_path / "starts").read_text() == "xxx"
    assert "silent" in told[0]
    assert told[1:2] == ["  Once more, one after the other:\n"]
