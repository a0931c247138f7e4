"""Two identities of which nobody knows the tenants: neither is taken for a stranger to what a tenant shares."""

from __future__ import annotations

import json
import shutil
import sys

import pytest

from bad_input import command
from bad_input.test_one_identity import CLINIC, SCOPES

USERS = {token: {"user": name.lower(), "scopes": SCOPES} for name, token in command.TOKENS.items()}
STARTED = f"""
command = {json.dumps([sys.executable, str(CLINIC / "server.py"), "--port", "{port}", "--receiver={receiver}"])}
asyncapi = "asyncapi.yaml"

[target.environment]
CLINIC_TOKENS = '{json.dumps(USERS)}'
CLINIC_KEYS = '["{{secret:office}}"]'

[receiver]
"""


@pytest.fixture
def judged(tmp_path):
    """Judges the clinic as if whole hospitals owned their patients, with these tenants of Ann and Ben."""

    def judge(*tenants):
        shutil.copy(CLINIC / "asyncapi.yaml", tmp_path)
        text = (CLINIC / "openapi.yaml").read_text(encoding="utf-8")
        (tmp_path / "openapi.yaml").write_text(text.replace("visibility: private", "visibility: tenant"))
        identities = command.IDENTITIES
        for key, tenant in zip(("ANN", "BEN"), tenants, strict=False):
            identities = identities.replace(f'"env:{key}"', f'"env:{key}"\ntenant = "{tenant}"')
        return command.judge(tmp_path, "--only", "OBJ-READ-FOREIGN", target=STARTED, identities=identities)

    return judge


@pytest.mark.parametrize("tenants", [(), ("north",), ("north", "north")])
def test_without_two_tenants_it_is_untestable_and_says_what_to_add(judged, tenants):
    told = judged(*tenants)

    assert told.verdicts["OBJ-READ-FOREIGN"] == "untestable", told.words
    assert "tenant = in [identities.ann] and [identities.ben]" in told.out


def test_with_two_tenants_it_is_judged(judged):
    told = judged("north", "south")

    assert told.verdicts["OBJ-READ-FOREIGN"] == "passed", told.words
