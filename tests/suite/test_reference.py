"""The sound reference fails nothing, in whatever order, by however many workers."""

from __future__ import annotations

import re

import pytest

from conformance.reports.json_report import to_json

REFERENCE = "reference_impl/conformance.toml"


@pytest.mark.parametrize(("workers", "shuffle"), [(1, False), (2, True)])
def test_the_sound_reference_is_conformant(judge, troubles, workers, shuffle):
    report = judge(REFERENCE, workers=workers, shuffle=shuffle, seed=20 + workers)

    assert troubles(report) == {}
    assert report.verdict == "conformant"
    assert report.counts["passed"] >= 70


def test_no_token_and_no_signing_secret_is_in_the_report(judge):
    report = judge(REFERENCE, chosen=frozenset({"OAUTH-TOKEN-RESPONSE-SHAPE", "WHS-SECRET-FORM", "WHR-ROTATE-SECRET"}))
    text = to_json(report)

    assert report.counts["passed"] == 3
    assert not re.search(r"eyJ[\w-]{20,}\.", text)
    assert not re.search(r"whsec_[\w+/]{8,}", text)
