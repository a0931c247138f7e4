"""Contracts of another kind get their checks without a line written for them."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("name", "least"),
    [
        pytest.param("clinic", 40, marks=pytest.mark.slow),
        pytest.param("plain", 10, marks=pytest.mark.xdist_group("plain")),
    ],
)
def test_the_good_server_is_conformant(judge, troubles, name, least):
    report = judge(f"tests/{name}/conformance.toml")

    assert troubles(report) == {}
    assert report.counts["passed"] >= least
