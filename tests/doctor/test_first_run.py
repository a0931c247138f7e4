"""docs/first-run.md for FastAPI, word by word: its commands say what it quotes, on a service with the same document."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from bad_input import command
from loopback import serving_app

from doctor.notes_service import application

GUIDE = (Path(__file__).parents[2] / "docs/first-run.md").read_text(encoding="utf-8")
SECTION = GUIDE.partition("## FastAPI")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^conformance (.*)$", SECTION, re.MULTILINE)
QUOTED = [
    re.sub(r"^> ", "", block, flags=re.MULTILINE).splitlines()
    for block in re.findall(r"(?:^> .*\n)+", SECTION, re.MULTILINE)
]
DISABLED = re.search(r"```\n((?:  #.*\n)+)```", SECTION)[1]
EXPORTED = re.search(r"^export (.*)$", SECTION, re.MULTILINE)[1]
ENVIRONMENT = dict(pair.split("=") for pair in EXPORTED.split())


@pytest.fixture
def walked(tmp_path):
    """What each command of the guide says, in its order, of such a service."""

    def walk(**settings):
        with serving_app(application(**settings)) as url:
            return [step(line.replace("http://127.0.0.1:8000", url)) for line in COMMANDS]

    def step(line):
        overlay = tmp_path / "promises.overlay.yaml"
        if line.startswith("run"):
            text = overlay.read_text(encoding="utf-8")
            assert DISABLED in text
            overlay.write_text(text.replace(DISABLED, DISABLED.replace("#", "")), encoding="utf-8")
        return command.conformance(*shlex.split(line), folder=tmp_path, environment=ENVIRONMENT)

    return walk


def test_the_guide_leads_from_the_url_to_the_first_finding(walked):
    told = walked(mended=False)

    assert [each.code for each in told] == [0, 0, 1], [each.words for each in told]
    for said, quoted in zip(told, QUOTED, strict=True):
        assert [line for line in quoted if line.rstrip() not in said.out] == []
    assert [key for key, verdict in told[-1].verdicts.items() if verdict == "failed"] == ["OBJ-READ-FOREIGN"]


def test_once_it_is_mended_nothing_is_found(walked):
    told = walked(mended=True)

    assert [each.code for each in told] == [0, 0, 0], [each.words for each in told]
    assert told[-1].verdicts["OBJ-READ-FOREIGN"] == "passed"
