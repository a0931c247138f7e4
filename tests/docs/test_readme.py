"""What the README and CONTRIBUTING show is what there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from conformance.contract.requirements import catalogue

ROOT = Path(__file__).parents[2]
FILES = (
    "spec/requirements/authorization/scopes.yaml",
    "conformance/checks/authorization/scopes.py",
    "reference_impl/faults/authorization/scopes/scope_claims.py",
)

TEXTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "spec").rglob("*.md")]


def test_the_three_diffs_are_those_of_the_repository():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:yaml|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)

    assert len(blocks) == len(FILES)
    for block, name in zip(blocks, FILES, strict=True):
        assert name in text
        assert block in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_referred_to_are_there(path):
    referred = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))

    assert [target for target in referred if not (path.parent / target).is_file()] == []


def test_the_commands_of_the_readme_are_targets_of_make():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert commands >= {"demo", "test"}
    assert all(re.search(rf"^{command}:", makefile, re.MULTILINE) for command in commands)


def test_clauses_that_are_named_are_in_the_catalogue():
    known = {clause.id for clause in catalogue()}
    texts = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    beginnings = "|".join(sorted({name.partition("-")[0] for name in known}))
    named = {
        (path.name, name)
        for path in texts
        for name in re.findall(rf"\b(?:{beginnings})-[A-Z0-9-]+\b", path.read_text(encoding="utf-8"))
    }

    assert named
    assert [(path, name) for path, name in sorted(named) if name not in known] == []


ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("contract", "package"),
    [
        ("Inside conformance, data flows one way", "conformance"),
        ("Inside the reference, requests flow one way", "reference_impl"),
    ],
)
def test_the_rooms_are_told_in_the_order_that_is_checked(contract, package):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["name"]: each for each in project["tool"]["importlinter"]["contracts"]}
    layers = [
        ", ".join(f"`{room.strip().removeprefix(f'{package}.')}`" for room in layer.split("|"))
        for layer in contracts[contract]["layers"]
    ]
    rooms = re.findall(r"^\| (`.*?`) \| ", ARCHITECTURE, re.MULTILINE)

    assert layers in [rooms[start : start + len(layers)] for start in range(len(rooms))]


def test_every_path_of_the_architecture_is_there():
    named = re.findall(r"`((?:conformance|reference_impl|spec|tests)/[a-z_0-9./-]+)`", ARCHITECTURE)
    planned = {"conformance/streams/"}

    assert len(named) > 30
    assert [path for path in named if path not in planned and not (ROOT / path).exists()] == []
