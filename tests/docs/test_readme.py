"""What the README and CONTRIBUTING show is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("spec/requirements/scopes.yaml", "conformance/checks/scopes.py", "reference_impl/faults/scopes.py")


def test_the_three_diffs_are_those_of_the_repository():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:yaml|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)

    assert len(blocks) == len(FILES)
    for block, name in zip(blocks, FILES, strict=True):
        assert name in text
        assert block in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "docs/README.md"])
def test_files_that_are_referred_to_are_there(name):
    path = ROOT / name
    referred = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))

    assert referred
    assert [target for target in referred if not (path.parent / target).is_file()] == []


def test_the_commands_of_the_readme_are_targets_of_make():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert commands >= {"demo", "test"}
    assert all(re.search(rf"^{command}:", makefile, re.MULTILINE) for command in commands)
