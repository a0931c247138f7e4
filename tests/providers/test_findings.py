"""The suite's reports on authorization servers of other makers, compared with docs/providers.md."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import environment

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "providers.md"
TITLES = {"node": "### oidc-provider", "django": "### django-oauth-toolkit"}
PROTOCOL = "oauth/"  # the family of chapters

pytestmark = pytest.mark.slow


def documented(title: str) -> tuple[set[str], set[str]]:
    """The clauses of the table below a title, and those of the warning after it."""
    section = PAGE.read_text(encoding="utf-8").split(title)[1].partition("\n###")[0]
    table, _, warning = section.partition("\nA warning")
    return set(re.findall(r"^\| ([A-Z0-9-]+) \|", table, re.MULTILINE)), set(
        re.findall(r"\b[A-Z]+-[A-Z0-9-]+\b", warning)
    )


@pytest.fixture(params=TITLES)
def judged(request, tmp_path):
    """The provider's name and the report on it."""
    command = [
        sys.executable,
        "-m",
        "conformance.cli",
        "run",
        "--config",
        str(HERE / request.param / "conformance.toml"),
    ]
    command += ["--report-dir", str(tmp_path)]
    done = subprocess.run(
        command, env=os.environ | environment(request.param), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    return request.param, json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))


def test_the_findings_are_those_that_were_checked_by_hand(judged):
    name, report = judged
    found = {
        verdict: {each["id"] for each in report["clauses"] if each["verdict"] == verdict}
        for verdict in ("failed", "warned")
    }

    assert (found["failed"], found["warned"]) == documented(TITLES[name])


def test_the_protocol_is_judged_and_not_passed_over(judged):
    _, report = judged
    chapters = [each for each in report["clauses"] if each["chapter"].startswith(PROTOCOL)]
    tried = [each for each in chapters if each["verdict"] in {"passed", "failed"}]

    assert len(tried) >= 60
    assert [each["id"] for each in report["clauses"] if each["verdict"] in {"blocked", "error"}] == []
