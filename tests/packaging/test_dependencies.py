"""What each room imports is what its users install."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"conformance", "reference_impl"}
BY_URL = {"psycopg", "redis"}  # named by the URL of a database or a storage, imported by others
TYPES = {"_typeshed"}


def imported(room):
    """The distributions from which the files of a room import, by their normalized names."""
    modules = {
        name.partition(".")[0]
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in names(node)
    }
    known = packages_distributions()
    return {normalized(known[module][0]) for module in modules - OURS - TYPES - sys.stdlib_module_names}


def names(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def normalized(requirement):
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")


SUITE = {normalized(each) for each in PROJECT["dependencies"]}
EXTRA = {normalized(each) for each in PROJECT["optional-dependencies"]["reference"]}


def test_the_suite_depends_on_what_it_imports():
    assert imported("conformance") == SUITE


def test_the_extra_adds_what_the_reference_imports_and_the_suite_does_not():
    assert imported("reference_impl") - SUITE == EXTRA - BY_URL
