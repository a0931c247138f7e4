"""Names with passwords for HTTP Basic, where no token endpoint grants anything for them."""

from __future__ import annotations

import pytest
from flask import request

from bad_input import command
from bad_input.variants import Notes, RefusalError, serving_notes

LOGINS = {"ANN": "ann:pass-of-ann-5e1d", "BEN": "ben:pass-of-ben-8c40"}
PASSWORDS = {name: login.partition(":")[2] for name, login in LOGINS.items()}
BY_KEY = "\n".join(f'[identities.{name.lower()}]\nkind = "token"\nkeys.token = "env:{name}"\n' for name in LOGINS)
BY_KIND = "\n".join(
    f'[identities.{name.lower()}]\nkind = "basic"\nusername = "{name.lower()}"\npassword = "env:{name}"\n'
    for name in LOGINS
)
GIVEN = {"keys": (BY_KEY, LOGINS), "kind": (BY_KIND, PASSWORDS)}
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


class KnownByName(Basic):
    """Looks for the name, and not at the password."""

    def user(self, operation):
        given = request.authorization
        known = given and given.type == "basic" and f"{given.username}".upper() in LOGINS
        return given.username if known else super().user(operation)


class BindsWithoutPassword(Basic):
    """An empty password is passed on to a directory, which lets in whoever brings none (RFC 4513, section 5.1.2)."""

    def user(self, operation):
        given = request.authorization
        return given.username if given and given.password == "" else super().user(operation)


class ComparesWhatFits(Basic):
    """Keeps the first characters of each password, and compares no more than these."""

    def user(self, operation):
        given = request.authorization
        login = f"{given.username}:{given.password}" if given else ""
        found = next((known for known in LOGINS.values() if login[:12] == known[:12]), "")
        return found.partition(":")[0] or super().user(operation)


def judged(folder, notes, clause, given="kind"):
    """What is told of such notes by this clause."""
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    identities, environment = GIVEN[given]
    with serving_notes(notes) as url:
        target = f"url = '{url}'\noverlays = ['overlay.yaml']"
        command.configure(folder, target=target, identities=identities, deadline=5)
        return command.conformance("run", "--only", clause, folder=folder, environment=environment)


def insist_on_silence(folder, told):
    written = "".join(path.read_text(encoding="utf-8") for path in (folder / "report").iterdir() if path.is_file())
    assert "pass-of-ann" not in written + told.words


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize(("notes", "verdict"), [(Basic, "passed"), (Anybody, "failed")])
def test_they_are_tried_like_any_credential_and_told_nowhere(folder, notes, verdict, given):
    told = judged(folder, notes, "GRID-REFUSED", given)

    assert told.verdicts == {"GRID-REFUSED": verdict}, told.words
    insist_on_silence(folder, told)


@pytest.mark.parametrize(
    ("notes", "places"),
    [
        (Basic, set()),
        (KnownByName, {"other", "shortened", "empty"}),
        (BindsWithoutPassword, {"empty"}),
        (ComparesWhatFits, {"shortened"}),
    ],
)
def test_a_wrong_password_is_tried(folder, notes, places):
    told = judged(folder, notes, "AUTH-BASIC-PASSWORD-COMPARED")

    [clause] = told.report["clauses"]
    failed = {each["place"].rpartition("-")[2] for each in clause["evidence"] if each["verdict"] == "failed"}
    assert (failed, clause["verdict"]) == (places, "failed" if places else "passed"), told.words
    insist_on_silence(folder, told)


@pytest.mark.parametrize(
    "line", ['username = "ann:b"\npassword = "env:ANN"', 'username = "ann"\npassword = "opensesame"']
)
def test_what_cannot_be_sent_or_is_no_secret_is_refused(folder, line):
    command.configure(
        folder, target="url = 'http://127.0.0.1:9'", identities=f'[identities.ann]\nkind = "basic"\n{line}'
    )
    told = command.conformance("run", folder=folder, environment=PASSWORDS)

    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "[identities.ann]: " in told.err
    assert "opensesame" not in told.words


def test_what_holds_no_colon_is_no_login(folder):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(Basic) as url:
        target = f"url = '{url}'\noverlays = ['overlay.yaml']"
        command.configure(folder, target=target, identities=BY_KEY, deadline=5)
        told = command.conformance("doctor", folder=folder, environment=command.TOKENS)

    assert "– identity ann: not tried" in told.words
