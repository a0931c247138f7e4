"""Contracts of another kind get their checks without a line written for them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = {"clinic": 40, "plain": 10}


def faults(name):
    listed = subprocess.run(
        [sys.executable, "server.py", "faults"], cwd=ROOT / "tests" / name, capture_output=True, text=True, check=True
    )
    return [(name, fault["id"], fault["clause"]) for fault in json.loads(listed.stdout)]


@pytest.mark.parametrize(("name", "least"), CONTRACTS.items())
def test_the_good_server_is_conformant(judge, troubles, name, least):
    report = judge(f"tests/{name}/conformance.toml")

    assert troubles(report) == {}
    assert report.counts["passed"] >= least


@pytest.mark.parametrize(("name", "fault", "clause"), [*faults("clinic"), *faults("plain")])
def test_its_faults_are_found(judge, name, fault, clause):
    report = judge(f"tests/{name}/conformance.toml", chosen=frozenset({clause}), fault=fault, fast=True)

    assert [found.id for found in report.clauses if found.verdict == "failed"] == [clause]
