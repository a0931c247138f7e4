"""Documents on disk, read as contracts."""

from __future__ import annotations

import textwrap

import pytest

from conformance.contract import openapi


@pytest.fixture
def written(tmp_path):
    """Writes files, each by its name, and returns their folder."""

    def write(files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def read(written):
    """The contract in a text."""
    return lambda text: openapi.read(written({"openapi.yaml": text}) / "openapi.yaml")
