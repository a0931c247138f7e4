"""A target that is to blame: exit code 4 from the doctor, and only what makes judging senseless stops a run."""

from __future__ import annotations

import datetime as dt
import json
from email.utils import format_datetime

import pytest
from bad_input import command, servers
from bad_input.servers import answer

from doctor import reference

METADATA = "/.well-known/oauth-authorization-server"
OPENAPI = f"""
openapi: 3.1.0
info: {{title: Things, version: "1"}}
paths:
  {METADATA}:
    get: {{operationId: getMetadata, security: [], responses: {{"200": {{description: It.}}}}}}
  /things:
    get:
      operationId: listThings
      security: [{{token: []}}]
      responses: {{"200": {{description: All.}}, "401": {{description: Who?}}}}
components: {{securitySchemes: {{token: {{type: http, scheme: bearer}}}}}}
"""


def ahead(seconds):
    """A Date that is so many seconds ahead of now."""
    return f"Date: {format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds), usegmt=True)}"


def things(documents=None, *, date=0, loose=False):
    """A server of the contract above, with these documents; a loose one asks nobody for credentials."""

    def behave(server, connection, head):
        path = head.split()[1].decode()
        known = {name: json.dumps(value).replace("URL", server.url) for name, value in (documents or {}).items()}
        if path in known:
            connection.sendall(answer(200, known[path], "application/json", ahead(date)))
        elif path != "/things":
            connection.sendall(answer(404))
        elif loose or b"\r\nauthorization: bearer token-of-" in head.lower():
            connection.sendall(answer(200, "[]", "application/json", ahead(date)))
        else:
            connection.sendall(answer(401, "{}", "application/json", ahead(date)))

    return behave


@pytest.fixture
def told(tmp_path):
    """What a command says of such a server."""

    def said(behave, *, words=("doctor",), tls=None, target="", more=command.IDENTITIES):
        (tmp_path / "openapi.yaml").write_text(OPENAPI)
        with servers.serving(behave, tls) as url:
            command.configure(tmp_path, target=f'url = "{url}"\n{target}', identities=more)
            return command.conformance(*words, folder=tmp_path, environment=command.TOKENS)

    return said


SOUND = {METADATA: {"issuer": "URL", "jwks_uri": "URL/keys"}, "/keys": {"keys": [{"kty": "OKP"}]}}


def test_metadata_that_lead_to_keys_are_fine(told):
    said = told(things(SOUND))

    assert said.code == 0, said.words
    assert reference.line(said, f"authorization server, {METADATA}").endswith(", 1 keys")


@pytest.mark.parametrize(
    ("documents", "words"),
    [
        ({}, "answers 404 without metadata"),
        (
            {METADATA: {"issuer": "https://other.example"}},
            "it calls itself https://other.example, but was read as http",
        ),
        (SOUND | {"/keys": {"keys": []}}, "answers 200 without a key set"),
        (SOUND | {"/keys": {"keys": 3}}, "answers 200 without a key set"),
        ({METADATA: {"issuer": "URL", "jwks_uri": "http://127.0.0.1:9/"}}, "refused the connection"),
        ({METADATA: {"issuer": "URL", "jwks_uri": "nonsense:"}}, "its jwks_uri nonsense: is no URL"),
        ({METADATA: {"issuer": "URL", "jwks_uri": "http://[half"}}, "its jwks_uri http://[half is no URL"),
    ],
)
def test_metadata_that_mislead_are_the_targets_fault(told, documents, words):
    said = told(things(documents))

    assert said.code == 4, said.words
    assert [words in each for each in reference.wrong(said)] == [True], said.words
    assert "identity ann: accepted on GET /things" in said.out, "the rest is looked at all the same"


def test_a_run_leaves_such_faults_to_the_clauses(told):
    said = told(things({}), words=("run", "--only", "AUTH-401-STATUS"))

    assert said.err == ""
    assert said.report["verdict"] != "not judged"


def test_what_is_open_to_everybody_is_no_proof_of_an_identity(told):
    said = told(things(SOUND, loose=True))

    assert said.code == 4
    assert "is answered 200 without credentials too, so that it is accepted proves nothing." in said.out
    assert "or name listThings as `public` under [target]." in said.out


@pytest.mark.parametrize(("seconds", "words"), [(600, "600 s ahead of"), (-600, "600 s behind")])
def test_a_clock_that_is_wrong_matters_where_tokens_are_made(told, seconds, words):
    said = told(things(SOUND, date=seconds), more="[issuer]\n")
    line = reference.line(said, "clock")

    assert said.code == 2
    assert line.startswith("✗")
    assert any(each in line for each in (words, words.replace("600", "599"), words.replace("600", "601"))), line


def test_a_clock_that_is_wrong_is_a_note_where_no_token_is_made(told):
    said = told(things(SOUND, date=600))

    assert said.code == 0
    assert reference.line(said, "clock").startswith("!")


@pytest.mark.parametrize("trust", ["verify = false", "ca = 'certificate.pem'"])
def test_a_certificate_that_ends_soon_is_a_note(told, tmp_path, trust):
    tls, _ = servers.self_signed(tmp_path)
    said = told(things(SOUND), tls=tls, target=trust)

    assert said.code == 0, said.words
    assert reference.line(said, "certificate").startswith("! certificate: it is valid, but only until 2")


def test_a_certificate_that_nobody_trusts_ends_the_round(told, tmp_path):
    tls, _ = servers.self_signed(tmp_path)
    said = told(things(SOUND), tls=tls)

    assert said.code == 4
    assert len(said.out.splitlines()) == 1
    assert "name its CA as `ca` under [target]" in reference.line(said, "URL")


def test_a_target_that_is_not_ready_is_not_judged(told):
    def behave(server, connection, head):
        if head.startswith(b"GET /readyz"):
            connection.sendall(answer(503))
        else:
            things(SOUND)(server, connection, head)

    for words in (("doctor",), ("run",)):
        said = told(behave, target='ready = "/readyz"', words=words)

        assert said.code == 4
        assert "/readyz answers 503: it is not ready." in said.out


def test_the_path_that_tells_that_it_is_ready_is_below_the_url_with_its_path(tmp_path):
    (tmp_path / "openapi.yaml").write_text(OPENAPI.replace("\npaths:", "\nservers: [{url: /v1}]\npaths:"))

    def behave(_server, connection, head):
        connection.sendall(answer(503 if head.startswith(b"GET /v1/readyz ") else 404))

    with servers.serving(behave) as url:
        command.configure(tmp_path, target=f'url = "{url}/v1"\nready = "/readyz"', identities=command.IDENTITIES)
        said = command.conformance("doctor", folder=tmp_path, environment=command.TOKENS)

    assert "/v1/readyz answers 503: it is not ready." in said.out, said.words


def test_every_variable_that_is_missing_is_named_before_anything_is_asked(tmp_path):
    command.configure(tmp_path, target="url = 'http://127.0.0.1:9'", identities=command.IDENTITIES)
    said = command.conformance("doctor", folder=tmp_path)

    assert said.code == 2
    assert [each[:14] for each in said.out.splitlines()] == ["✗ identity ann", "✗ identity ben"]
    assert "needs the environment variable BEN, which is not set. Set it." in said.out


def test_a_target_that_hangs_is_told_within_its_deadline(told):
    said = told(servers.hang)

    assert said.code == 4
    assert said.out.count("did not finish answering within 1 s") == 1
