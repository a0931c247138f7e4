"""What a target issues as a credential stands in no report; what is evidence does."""

from __future__ import annotations

import io
import json

import pytest

from conformance.assembly.options import Options
from conformance.assembly.run import open_run
from conformance.engine.observers import NullObserver
from conformance.engine.runner import run
from conformance.engine.selected_checks import Selection
from conformance.reports.files import write_reports
from conformance.reports.terminal import Terminal
from conformance.sut import configuration
from tests.evidence.leaky import DOCUMENT, EVIDENCE, SECRETS, SHOWN_FIELDS, leaky

CLAUSES = frozenset({"AUTH-REQUIRED-EVERY-OPERATION", "REST-RESPONSE-CONFORMS-SCHEMA", "JWT-MALFORMED-TOLERANCE"})
SETTINGS = """
[target]
url = "{url}"
contract = "openapi.json"

[identities.ann]
kind = "token"
token = "env:TOKEN_OF_ANN"
"""
OWN = "token-of-ann-1f7c9b3d"


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """File name → text; what is told on a terminal beside them."""
    folder = tmp_path_factory.mktemp("leaky")
    (folder / "openapi.json").write_text(json.dumps(DOCUMENT))
    with leaky() as url, pytest.MonkeyPatch.context() as environment:
        environment.setenv("TOKEN_OF_ANN", OWN)
        (folder / "conformance.toml").write_text(SETTINGS.format(url=url))
        settings = configuration.read(folder / "conformance.toml")
        with open_run(settings, Options(seed=1)) as harnesses:
            report = run(harnesses, Selection(chosen=CLAUSES), 1, NullObserver())
    told = io.StringIO()
    Terminal(quiet=False, stream=told).finished(report, None)
    files = write_reports(report, folder / "report")
    return {name: path.read_text() for name, path in files.items()} | {"terminal": told.getvalue()}


def test_the_server_fails_so_that_its_answers_are_told(reports):
    document = json.loads(reports["report.json"])
    assert {clause["id"] for clause in document["clauses"] if clause["verdict"] == "failed"} >= {
        "AUTH-REQUIRED-EVERY-OPERATION",
        "REST-RESPONSE-CONFORMS-SCHEMA",
    }


def test_no_shape_of_a_credential_stands_in_any_report(reports):
    assert len(SECRETS) >= 30
    planted = {**SECRETS, "own": OWN}
    assert [(name, what) for name, text in reports.items() for what, secret in planted.items() if secret in text] == []


def test_what_is_evidence_is_not_masked(reports):
    shown = json.loads(reports["report.json"])
    exchanges = [
        exchange for clause in shown["clauses"] for place in clause["evidence"] for exchange in place["exchanges"]
    ]
    body = "".join(exchange["response_body"] for exchange in exchanges)
    assert [name for name, value in EVIDENCE.items() if value not in body] == []
    fields = {(name, value) for exchange in exchanges for name, value in exchange["response_headers"]}
    assert set(SHOWN_FIELDS.items()) <= fields
