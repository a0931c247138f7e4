"""Clients that show a certificate, each its own or all the same one."""

from __future__ import annotations

import json

import pytest
from bad_input import command
from loopback import serving_app

from identities.certificates import Authority
from identities.library import Library, document

CLAUSES = ("AUTH-REQUIRED-EVERY-OPERATION", "GRID-ADMITTED", "OBJ-READ-FOREIGN")
TARGET = "[target]\nurl = '{url}'\ncontract = 'openapi.json'\nca = 'authority.pem'\ndeadline = 30\n"
IDENTITY = '[identities.{name}]\nkind = "certificate"\ncertificate = "{name}.pem"\nprivate-key = "{name}-key.pem"\n'
PASSPHRASE = "phrase-of-ada-41d9"


@pytest.fixture
def authority(tmp_path):
    found = Authority(tmp_path)
    for name in ("server", "ann", "ben"):
        found.issue(name)
    found.issue("ada", passphrase=PASSPHRASE)
    (tmp_path / "openapi.json").write_text(json.dumps(document("tls")), encoding="utf-8")
    return found


def judged(folder, library, authority, text, *arguments, demanding=False):
    with serving_app(library, ssl_context=authority.server_context(demanding=demanding)) as url:
        (folder / "conformance.toml").write_text(text.replace("{url}", url), encoding="utf-8")
        return command.conformance(*arguments, folder=folder, environment={"ADA": PASSPHRASE})


@pytest.fixture
def whole():
    ada = 'passphrase = "env:ADA"\nroles = ["librarian"]\noperations = ["openRoom", "closeRoom"]\n'
    people = [IDENTITY.format(name=name) + "roles = []\n" for name in ("ann", "ben")]
    return TARGET + "".join(people) + IDENTITY.format(name="ada") + ada


def test_a_certificate_is_good_for_every_room(tmp_path, authority, whole):
    library = Library("tls")
    doctor = judged(tmp_path, library, authority, whole, "doctor")
    only = [word for clause in CLAUSES for word in ("--only", clause)]
    told = judged(tmp_path, library, authority, whole, "run", *only)

    assert "✓ identity ann" in doctor.words
    assert told.verdicts == dict.fromkeys(CLAUSES, "passed"), told.words
    assert (library.books, library.rooms) == ({}, {}), "all is cleaned up"
    assert {who for _, _, who in library.seen} == {"ann", "ben", "ada"}
    assert PASSPHRASE not in told.words + (tmp_path / "report" / "report.json").read_text(encoding="utf-8")


class OneForAll(Library):
    """Takes every certificate for that of the same person."""

    def by_certificate(self, request, scope):
        return super().by_certificate(request, scope) and "ann"


def test_certificates_that_are_not_told_apart_are_missed(tmp_path, authority, whole):
    told = judged(tmp_path, OneForAll("tls"), authority, whole, "run", "--only", "OBJ-READ-FOREIGN")

    assert told.verdicts == {"OBJ-READ-FOREIGN": "failed"}, told.words
    line = next(line for line in told.words.splitlines() if line.strip().startswith("repeat"))
    assert "--cert" in line.split()
    assert "ben-key.pem" in line


def test_one_certificate_may_be_shown_with_every_request(tmp_path, authority):
    library = Library("key")
    (tmp_path / "openapi.json").write_text(json.dumps(document("key")), encoding="utf-8")
    identities = "".join(f'[identities.{name}]\nkind = "api-key"\nkey = "file:{name}.key"\n' for name in ("ann", "ben"))
    for name, key in (("ann", "key-of-ann-1f7c20"), ("ben", "key-of-ben-93d0b1")):
        (tmp_path / f"{name}.key").write_text(key, encoding="utf-8")
    shown = 'certificate = "ann.pem"\nprivate-key = "ann-key.pem"\n'
    without = judged(tmp_path, library, authority, TARGET + identities, "doctor", demanding=True)
    told = judged(
        tmp_path, library, authority, TARGET + shown + identities, "run", "--only", "OBJ-READ-FOREIGN", demanding=True
    )

    assert "Name one as `certificate` under [target]" in without.words
    assert told.verdicts == {"OBJ-READ-FOREIGN": "passed"}, told.words


@pytest.mark.parametrize(
    "lines", ["certificate = 'gone.pem'", "certificate = 'ann.pem'", "certificate = 'openapi.json'"]
)
def test_a_certificate_that_cannot_be_shown_is_told(tmp_path, authority, lines):
    told = judged(tmp_path, Library("tls"), authority, f"{TARGET}{lines}\n", "run")

    assert (told.code, told.err.count("\n")) == (2, 1), told.words
    assert "cannot be shown" in told.err
