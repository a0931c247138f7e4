"""One identity only: what needs two principals is untestable and says what is missing, the rest is judged."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from bad_input import command

CLINIC = Path(__file__).parents[1] / "clinic"
SCOPES = ["patient.view", "patient.edit", "appointment.view", "appointment.edit", "observer.manage"]
STARTED = f"""
command = {json.dumps([sys.executable, str(CLINIC / "server.py"), "--port", "{port}", "--receiver={receiver}"])}
asyncapi = "asyncapi.yaml"

[target.environment]
CLINIC_TOKENS = '{json.dumps({command.TOKENS["ANN"]: {"user": "ann", "scopes": SCOPES}})}'
CLINIC_KEYS = '["{{secret:office}}"]'

[receiver]
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    for name in ("openapi.yaml", "asyncapi.yaml"):
        shutil.copy(CLINIC / name, folder)
    ann = command.IDENTITIES.partition("[identities.ben]")[0] + 'keys = {office = "{secret:office}"}'
    clauses = ("--only", "ownership", "--only", "AUTH-REQUIRED-EVERY-OPERATION")
    return command.judge(folder, *clauses, target=STARTED, identities=ann)


def test_what_needs_two_principals_is_untestable_and_says_what_to_add(told):
    ownership = [clause for clause in told.report["clauses"] if clause["chapter"] == "authorization/ownership"]
    alone = [clause for clause in ownership if "needs 2 principals" in clause["reason"]]

    assert alone
    assert {clause["verdict"] for clause in alone} == {"untestable"}
    assert all("Add [identities.bob]." in clause["reason"] for clause in alone)
    assert "Add [identities.bob]." in told.out


def test_nothing_about_strangers_passes_without_a_stranger(told):
    passed = [clause for clause in told.report["clauses"] if clause["verdict"] == "passed"]
    places = [place for clause in passed for place in clause["evidence"]]
    seen = {exchange["identity"] for place in places for exchange in place["exchanges"]}

    assert seen <= {"ann", "nobody"}


def test_the_rest_is_judged(told):
    assert told.code == 0, told.words
    assert told.verdicts["AUTH-REQUIRED-EVERY-OPERATION"] == "passed"
