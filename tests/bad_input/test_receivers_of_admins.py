"""A target where receivers are registered by an admin alone, and whose contract says nothing of redirects."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from bad_input import command

CLINIC = Path(__file__).parents[1] / "clinic"
SCOPES = ["patient.view", "patient.edit", "appointment.view", "appointment.edit"]
PEOPLE = {
    command.TOKENS["ANN"]: {"user": "ann", "scopes": SCOPES},
    command.TOKENS["BEN"]: {"user": "ben", "scopes": SCOPES},
    "token-of-maud-5b1e": {"user": "maud", "scopes": [*SCOPES, "observer.manage"]},
}
STARTED = f"""
command = {json.dumps([sys.executable, str(CLINIC / "server.py"), "--port", "{port}", "--receiver={receiver}"])}
asyncapi = "asyncapi.yaml"

[target.environment]
CLINIC_TOKENS = '{json.dumps(PEOPLE)}'
CLINIC_KEYS = '["{{secret:office}}"]'

[receiver]
"""
KEPT = f"""
[identities.maud]
kind = "token"
token = "file:maud"
scopes = {json.dumps([*SCOPES, "observer.manage"])}
operations = ["enrol_observer", "list_observers", "get_observer", "dismiss_observer"]
"""
IDENTITIES = command.IDENTITIES.replace('token = "env', f'scopes = {json.dumps(SCOPES)}\ntoken = "env')


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("admins")
    shutil.copy(CLINIC / "openapi.yaml", folder)
    (folder / "maud").write_text("token-of-maud-5b1e", encoding="utf-8")
    events = (CLINIC / "asyncapi.yaml").read_text(encoding="utf-8")
    (folder / "asyncapi.yaml").write_text(re.sub(r"redirects: \w+,? ?", "", events), encoding="utf-8")
    settings = {"target": STARTED, "identities": IDENTITIES + KEPT, "deadline": 30}
    chosen = ("WHR-CREATE", "WHR-SSRF-REDIRECT", "OBJ-LIST-ISOLATION")
    return command.judge(folder, *(word for clause in chosen for word in ("--only", clause)), **settings)


def test_a_registration_is_asked_for_by_the_admin(told):
    assert told.verdicts["WHR-CREATE"] == "passed", told.words


def test_redirects_of_which_nothing_is_said_are_not_judged(told):
    assert told.verdicts["WHR-SSRF-REDIRECT"] == "inapplicable", told.words


def test_what_only_an_admin_lists_is_awaited_by_the_admin(told):
    assert told.verdicts["OBJ-LIST-ISOLATION"] == "passed", told.words
    assert "does not show what was made" not in told.words
