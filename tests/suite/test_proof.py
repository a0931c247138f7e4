"""Every fault of the reference is killed by the check of its own clause."""

from __future__ import annotations

from pathlib import Path

from conformance.engine.opening import Options
from conformance.engine.proof import Proof
from conformance.target import configuration

ROOT = Path(__file__).parents[2]


def test_every_fault_is_killed_by_its_own_check():
    settings = configuration.read(ROOT / "reference_impl/conformance.toml")

    result = Proof(settings, Options()).run(workers=None, progress=str)

    assert [row for row in result["rows"] if row["outcome"] != "killed"] == []
    assert result["faults"] > 70
