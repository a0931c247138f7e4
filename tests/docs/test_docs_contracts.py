"""The site of contracts that have less than ours: no summary, no events, no extensions, no journeys."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from references import broken, pages

pytestmark = pytest.mark.xdist_group("sites of contracts")

TESTS = Path(__file__).parents[1]
BARE = {
    "openapi": "3.1.0",
    "info": {"title": "Bare", "version": "1"},
    "paths": {"/": {"get": {"responses": {"200": {"description": "Here."}}}}},
}


def built(folder, *arguments):
    command = [sys.executable, "-m", "conformance.cli", "docs", "build", "site", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="module", params=["bare", "plain", "clinic", "senders"])
def site(request, tmp_path_factory):
    """The site of a contract of this name: one that is written here, or one with a folder among the tests."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "bare":
        (folder / "openapi.json").write_text(json.dumps(BARE), encoding="utf-8")
        return built(folder, "--contract", "openapi.json")
    return built(folder, "--contract", TESTS / request.param / "openapi.yaml")


def test_references_resolve_whatever_the_contract_leaves_out(site):
    assert broken(site) == []


def test_there_is_no_page_about_events_where_there_are_none(site):
    assert "spec/openapi.html" in pages(site)
    assert "spec/asyncapi.html" not in pages(site)
    assert 'href="spec/asyncapi.html"' not in (site / "index.html").read_text(encoding="utf-8")


def test_events_are_shown_where_there_are_any(tmp_path):
    contract = TESTS / "clinic" / "openapi.yaml"
    site = built(tmp_path, "--contract", contract, "--asyncapi", contract.with_name("asyncapi.yaml"))

    assert broken(site) == []
    assert 'href="spec/asyncapi.html"' in (site / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(BARE), encoding="utf-8")
    (tmp_path / "site").write_text("A file.", encoding="utf-8")
    command = [sys.executable, "-m", "conformance.cli", "docs", "build", "site", "--contract", "openapi.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 2
    assert done.stderr.startswith("conformance: Nothing can be written into site")
