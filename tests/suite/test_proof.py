"""Every fault of every configured target is killed by the check of its own clause."""

from __future__ import annotations

import tomllib
from pathlib import Path

from conformance.assembly.options import Options
from conformance.proof.proof import Proof
from conformance.sut import configuration

ROOT = Path(__file__).parents[2]


def test_every_fault_is_killed_by_its_own_check():
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["conformance"]["proof"]
    settings = tuple(configuration.read(ROOT / each) for each in named)

    result = Proof(settings, Options()).run(workers=None, progress=str)

    assert [row for row in result["rows"] if row["outcome"] != "killed"] == []
    assert result["faults"] > 70
