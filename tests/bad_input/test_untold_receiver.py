"""A target that calls no address of the suite, as nobody told it to: what needs deliveries waits for a [receiver]."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from bad_input import command

CLINIC = Path(__file__).parents[1] / "clinic"
SCOPES = ["patient.view", "patient.edit", "appointment.view", "appointment.edit", "observer.manage"]
PEOPLE = {
    command.TOKENS["ANN"]: {"user": "ann", "scopes": SCOPES},
    command.TOKENS["BEN"]: {"user": "ben", "scopes": SCOPES},
}
STARTED = f"""
command = {json.dumps([sys.executable, str(CLINIC / "server.py"), "--port", "{port}"])}
asyncapi = "asyncapi.yaml"

[target.environment]
CLINIC_TOKENS = '{json.dumps(PEOPLE)}'
CLINIC_KEYS = '["{{secret:office}}"]'
"""


def test_a_refused_registration_is_not_held_against_a_target_that_was_told_of_no_receiver(tmp_path):
    for name in ("openapi.yaml", "asyncapi.yaml"):
        shutil.copy(CLINIC / name, tmp_path)
    settings = {"target": STARTED, "identities": command.IDENTITIES, "deadline": 30}

    told = command.judge(tmp_path, "--only", "WHR-CREATE", **settings)

    assert told.verdicts["WHR-CREATE"] == "blocked", told.words
    assert "[receiver]" in told.words
