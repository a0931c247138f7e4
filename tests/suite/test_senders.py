"""Webhook senders that share no code with the reference are judged rightly, each clause on at least one of them."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conformance.contract.requirements import catalogue

pytestmark = pytest.mark.xdist_group("senders")

TESTS = Path(__file__).parents[1]
SCHEMES = sorted(path.parent for path in TESTS.glob("senders/*/conformance.toml"))
SENDERS = [*SCHEMES, TESTS / "clinic"]
MODULES = [*TESTS.glob("senders/*.py"), *TESTS.glob("clinic/*.py")]
SOURCES = [path for path in MODULES if not path.name.startswith(("test_", "conftest"))]
CHAPTERS = [chapter for chapter in catalogue().chapters if chapter.name.startswith("webhooks/")]
AT_ONCE = len(SENDERS)  # they wait for most of the time


def judged(folder, reports):
    """The clauses of a run of the suite on the sound sender in this folder, by id."""
    words = [word for chapter in CHAPTERS for word in ("--only", chapter.name)]
    place = reports / folder.name
    command = [sys.executable, "-m", "conformance.cli", "run", "--config", folder / "conformance.toml"]
    command = [*command, *words, "--report-dir", place, "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    report = json.loads((place / "report.json").read_text(encoding="utf-8"))
    return {clause["id"]: clause for clause in report["clauses"]}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """What the suite says of each sound sender."""
    reports = tmp_path_factory.mktemp("reports")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda folder: judged(folder, reports), SENDERS)
    return dict(zip([folder.name for folder in SENDERS], found, strict=True))


@pytest.mark.parametrize("name", [folder.name for folder in SENDERS])
def test_a_sound_sender_is_conformant(verdicts, name):
    good = {"passed", "inapplicable", "untestable"}

    assert {clause: found for clause, found in verdicts[name].items() if found["verdict"] not in good} == {}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_every_clause_is_judged_on_a_sender_of_its_own_making(verdicts, chapter):
    clauses = [clause.id for clause in chapter.clauses if not clause.untestable]
    found_by = {
        clause: {name: found[clause] for name, found in verdicts.items() if clause in found} for clause in clauses
    }
    passed = {clause for clause in clauses if any(each["verdict"] == "passed" for each in found_by[clause].values())}

    assert {
        clause: {name: f"{each['verdict']}: {each['reason']}" for name, each in found_by[clause].items()}
        for clause in clauses
        if clause not in passed
    } == {}


def test_a_contract_that_does_not_state_its_overlap_is_warned_about(judge, tmp_path):
    silent = tmp_path / "senders"
    shutil.copytree(TESTS / "senders", silent)
    document = silent / "github/asyncapi.yaml"
    document.write_text(document.read_text(encoding="utf-8").replace(", overlap: 0", ""), encoding="utf-8")

    report = judge(silent / "github/conformance.toml", chosen=frozenset({"WHS-REPLAY-WINDOW-DOCUMENTED"}))

    [judged_clause] = [clause for clause in report.clauses if clause.id == "WHS-REPLAY-WINDOW-DOCUMENTED"]
    assert judged_clause.verdict == "warned"


def test_the_faults_of_every_sender_are_proven():
    """By the test of the proof, which reads the same list."""
    named = tomllib.loads((TESTS.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["conformance"]["proof"]

    assert {TESTS.parent / path for path in named} >= {folder / "conformance.toml" for folder in SENDERS}


@pytest.mark.parametrize("folder", SCHEMES, ids=lambda folder: folder.name)
def test_every_scheme_has_three_faults(folder):
    listed = subprocess.check_output([sys.executable, folder.parent / "server.py", "faults", "--scheme", folder.name])

    assert len(json.loads(listed)) >= 3


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_sender_imports_what_is_tested(path):
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}

    assert {name.partition(".")[0] for name in named} & {"reference_impl", "conformance", "tests"} == set()
