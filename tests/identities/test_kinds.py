"""Every kind of identity in every room: doctor, arranging, authentication, grid, clean-up, report."""

from __future__ import annotations

import json

import pytest
from bad_input import command
from loopback import serving_app

from identities.library import KEYS, PASSWORDS, SCOPES, Library, document

CLAUSES = (
    "AUTH-REQUIRED-EVERY-OPERATION",
    "GRID-ADMITTED",
    "GRID-REFUSED",
    "OBJ-READ-FOREIGN",
    "SCOPE-ROLE-INTERSECTION",
)
PEOPLE = ("ann", "ben")
# How each kind of identity is written, for a contract that asks for credentials of this scheme.
KINDS = {
    "basic": ("login", 'username = "{name}"\npassword = "env:{NAME}"'),
    "api-key": ("key", 'key = "file:{name}.key"'),
    "password": ("oauth", 'username = "{name}"\npassword = "env:{NAME}"'),
    "refresh-token": ("oauth", 'refresh-token = "file:{name}.refresh"'),
    "command": ("oauth", 'command = ["{python}", "{name}.py", "{scopes}"]'),
    "token": ("oauth", 'token = "env:{NAME}_TOKEN"'),
}


def configured(folder, library, url, kind, *, more=""):
    """Writes contract, secrets and configuration; gives the environment."""
    scheme, lines = KINDS[kind]
    (folder / "openapi.json").write_text(json.dumps(document(scheme)), encoding="utf-8")
    environment, tables = {}, []
    for name, password in PASSWORDS.items():
        key = next(text for text, held in KEYS.items() if held == name)
        grant, fewer = library.granted(name, " ".join(SCOPES)), library.granted(name, SCOPES[0])
        (folder / f"{name}.key").write_text(f"{key}\n", encoding="utf-8")
        (folder / f"{name}.refresh").write_text(grant["refresh_token"], encoding="utf-8")
        (folder / f"{name}.py").write_text(PRINTING.format(url=url, name=name, password=password), encoding="utf-8")
        environment |= {name.upper(): password, f"{name.upper()}_TOKEN": grant["access_token"]}
        environment |= {f"{name.upper()}_LESS": fewer["access_token"]}
        filled = lines.replace("{NAME}", name.upper()).replace("{name}", name)
        roles = '["librarian"]\noperations = ["openRoom", "closeRoom"]' if name not in PEOPLE else "[]"
        tables.append(f'[identities.{name}]\nkind = "{kind}"\n{filled}\nroles = {roles}\n{more}')
    text = f"[target]\nurl = '{url}'\ncontract = 'openapi.json'\ndeadline = 30\n" + "\n".join(tables)
    (folder / "conformance.toml").write_text(text, encoding="utf-8")
    return environment


PRINTING = """
import json, sys, urllib.parse, urllib.request
form = dict(grant_type="password", username="{name}", password="{password}", scope=sys.argv[1])
reply = urllib.request.urlopen("{url}/token", urllib.parse.urlencode(form).encode())
print(json.load(reply)["access_token"])
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_good_for_every_room(tmp_path, kind):
    library = Library(KINDS[kind][0])
    with serving_app(library) as url:
        environment = configured(tmp_path, library, url, kind)
        doctor = command.conformance("doctor", folder=tmp_path, environment=environment)
        only = [word for clause in CLAUSES for word in ("--only", clause)]
        told = command.conformance("run", *only, folder=tmp_path, environment=environment)

    assert [name for name in PEOPLE if f"✓ identity {name}" not in doctor.words] == [], doctor.words
    assert told.verdicts == dict.fromkeys(CLAUSES, "passed"), told.words
    assert (library.books, library.rooms) == ({}, {}), "all is cleaned up"
    assert {who for method, path, who in library.seen if method == "DELETE" and "room" in path} >= {"ada"}
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "report").iterdir() if path.is_file())
    secrets = [*PASSWORDS.values(), *KEYS, *library.tokens, *library.refresh_tokens]
    assert [secret for secret in secrets if secret in written + told.words + doctor.words] == []


class OpensForAnybody(Library):
    """Takes whoever shows credentials for a librarian."""

    def admin(self, request):
        return self.caller(request, "books.write")


@pytest.mark.parametrize("kind", ["basic", "token"])
def test_a_role_that_nobody_asks_for_is_missed(tmp_path, kind):
    library = OpensForAnybody(KINDS[kind][0])
    with serving_app(library) as url:
        environment = configured(tmp_path, library, url, kind)
        told = command.conformance("run", "--only", "SCOPE-ROLE-INTERSECTION", folder=tmp_path, environment=environment)

    assert told.verdicts == {"SCOPE-ROLE-INTERSECTION": "failed"}, told.words


def test_several_tokens_are_used_by_their_exact_scopes(tmp_path):
    library = Library("oauth")
    less = '[[identities.{0}.tokens]]\ntoken = "env:{1}_LESS"\nscopes = ["books.read"]\n'
    with serving_app(library) as url:
        environment = configured(tmp_path, library, url, "token")
        text = (tmp_path / "conformance.toml").read_text(encoding="utf-8")
        text += less.format("ann", "ANN")
        (tmp_path / "conformance.toml").write_text(text, encoding="utf-8")
        told = command.conformance("run", "--only", "SCOPE-MISSING-403", folder=tmp_path, environment=environment)

    assert told.verdicts == {"SCOPE-MISSING-403": "passed"}, told.words
    assert "POST /books" not in {f"{method} {path}" for method, path, who in library.seen if who == "ben"}


def test_a_refresh_token_that_is_rotated_is_kept_in_its_file(tmp_path):
    library = Library("oauth")
    with serving_app(library) as url:
        environment = configured(tmp_path, library, url, "refresh-token")
        given = (tmp_path / "ann.refresh").read_text(encoding="utf-8")
        told = command.conformance("doctor", folder=tmp_path, environment=environment)
        following = (tmp_path / "ann.refresh").read_text(encoding="utf-8")

    assert "✓ identity ann" in told.words
    assert library.refresh_tokens.get(following) == "ann" != library.refresh_tokens.get(given)


WRONG = {
    "no user": ('kind = "password"\npassword = "env:ANN"', "lacks username, which the kind password needs"),
    "no key": ('kind = "api-key"', "lacks key, which the kind api-key needs"),
    "a key too much": ('kind = "basic"\nusername = "a"\npassword = "env:A"\ntoken = "env:A"', "makes nothing of token"),
    "a secret itself": ('kind = "api-key"\nkey = "opensesame"', "[identities.ann]: key holds a secret in plain text"),
    "roles as a text": ('kind = "api-key"\nkey = "env:A"\nroles = "admin"', "roles must be a list"),
    "a file that is not there": ('kind = "api-key"\nkey = "file:gone"', "which cannot be read: No such file"),
    "another way in": (
        'kind = "basic"\nusername = "a"\npassword = "env:ANN"',
        "asks for such credentials. Mend the kind",
    ),
    "an unknown operation": ('kind = "api-key"\nkey = "env:A"\noperations = ["x"]', "names the operation 'x'"),
    "no command": ('kind = "command"\ncommand = ["./gone"]', "The command ./gone could not be run"),
}


@pytest.mark.parametrize(("lines", "words"), WRONG.values(), ids=WRONG)
def test_an_identity_that_is_wrong_is_told_by_its_line(tmp_path, lines, words):
    library = Library("key")
    with serving_app(library) as url:
        environment = configured(tmp_path, library, url, "api-key")
        text = f"[target]\nurl = '{url}'\ncontract = 'openapi.json'\n[identities.ann]\n{lines}\n"
        (tmp_path / "conformance.toml").write_text(text, encoding="utf-8")
        told = command.conformance("run", "--only", "GRID-ADMITTED", folder=tmp_path, environment=environment)

    assert (told.code, told.err.count("\n")) == (2, 1), told.words
    assert words in told.err
    assert "opensesame" not in told.words


def test_one_worker_alone_uses_a_refresh_token(tmp_path):
    library = Library("oauth")
    with serving_app(library) as url:
        environment = configured(tmp_path, library, url, "refresh-token")
        told = command.conformance("run", "--workers", 2, folder=tmp_path, environment=environment)

    assert told.code == 2
    assert "Run with --workers 1" in told.err
