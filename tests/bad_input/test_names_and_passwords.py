"""Names with passwords for HTTP Basic, where no token endpoint grants anything for them."""

from __future__ import annotations

import pytest
from flask import request

from bad_input import command
from bad_input.variants import Notes, RefusalError, serving_notes

LOGINS = {"ANN": "ann:pass-of-ann-5e1d", "BEN": "ben:pass-of-ben-8c40"}
IDENTITIES = "\n".join(f'[identities.{name.lower()}]\nkind = "token"\nkeys.token = "env:{name}"\n' for name in LOGINS)
OVERLAY = """
overlay: 1.0.0
info: {title: Names and passwords, version: "1"}
actions: [{target: $.components.securitySchemes.token, update: {scheme: basic}}]
"""


class Basic(Notes):
    """Asks for name and password."""

    def user(self, _operation):
        given = request.authorization
        login = f"{given.username}:{given.password}" if given and given.type == "basic" else ""
        if login not in LOGINS.values():
            raise RefusalError(401, "Say who you are.")
        return login.partition(":")[0]


class Anybody(Basic):
    """Takes everybody who has a name for the same one."""

    def user(self, operation):
        return "ann" if request.authorization else super().user(operation)


@pytest.mark.parametrize(("notes", "verdict"), [(Basic, "passed"), (Anybody, "failed")])
def test_they_are_tried_like_any_credential_and_told_nowhere(folder, notes, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(notes) as url:
        target = f"url = '{url}'\noverlays = ['overlay.yaml']"
        command.configure(folder, target=target, identities=IDENTITIES, deadline=5)
        told = command.conformance("run", "--only", "GRID-REFUSED", folder=folder, environment=LOGINS)

    assert told.verdicts == {"GRID-REFUSED": verdict}, told.words
    written = "".join(path.read_text(encoding="utf-8") for path in (folder / "report").iterdir() if path.is_file())
    assert "pass-of-ann" not in written + told.words


def test_what_holds_no_colon_is_no_login(folder):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(Basic) as url:
        target = f"url = '{url}'\noverlays = ['overlay.yaml']"
        command.configure(folder, target=target, identities=IDENTITIES, deadline=5)
        told = command.conformance("doctor", folder=folder, environment=command.TOKENS)

    assert "– identity ann: not tried" in told.words
