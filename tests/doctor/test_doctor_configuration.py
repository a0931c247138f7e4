"""The reference with one thing misconfigured: the doctor names it, and what depends on it does not pass."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass

import pytest

from doctor import reference

SECRET = """[identities.partner]
kind = "client-credentials"
tenant = "acme"
client-id = "partner"
client-secret = "{secret:partner}\""""
BOB = 'username = "bob"\npassword = "{secret:bob}"'
CLIENT = '[identities.%s]\nkind = "client-credentials"\nclient-id = "partner"\nclient-secret = "{secret:partner}"\n'
SUBJECT = reference.PEOPLE.replace('kind = "issuer"', 'kind = "issuer"\nsubject = "ann"')
NOWHERE = '[receiver]\nurl = "http://127.0.0.1:9"\n'


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is changed, who is found wrong, in which words, and clauses that depend on it."""

    changes: tuple[tuple[str, str], ...]
    subject: str
    words: str
    dependent: tuple[str, ...]
    name: str = "conformance"  # the configuration that is changed


CASES = {
    "a wrong client secret": Case(
        changes=((SECRET, SECRET.replace("{secret:partner}", "{secret:other}")),),
        subject="identity partner",
        words="refused the client of [identities.partner] with 401 invalid_client. Check client-id and client-secret",
        dependent=("OAUTH-TOKEN-RESPONSE-SHAPE", "OAUTH-CLIENT-AUTH-FAILURE", "OAUTH-CC-NO-REFRESH"),
    ),
    "a scope that the client has not": Case(
        changes=(('scopes = ["links:read"]', 'scopes = ["links:read", "links:write"]'), (SECRET, "")),
        subject="identity reader",
        words="with 400 invalid_scope. Name only what the client is registered for as `scopes` under",
        dependent=("OAUTH-TOKEN-RESPONSE-SHAPE", "OAUTH-TOKEN-EMPTY-PARAMETER"),
    ),
    "two identities with one client": Case(
        changes=((reference.PEOPLE, CLIENT % "alice" + CLIENT % "bob"),),
        subject="principals",
        words="[identities.bob] and [identities.alice] have the same client partner",
        dependent=("OBJ-READ-FOREIGN", "OBJ-LIST-ISOLATION", "OBJ-CLIENT-TOKEN-BOUNDARY"),
    ),
    "two identities with one subject": Case(
        changes=((reference.PEOPLE, SUBJECT),),
        subject="principals",
        words="[identities.bob] and [identities.alice] have the same subject ann",
        dependent=("OBJ-READ-FOREIGN", "OBJ-NO-EXISTENCE-ORACLE", "OBJ-LIST-ISOLATION"),
    ),
    "two identities with one user": Case(
        changes=((BOB, BOB.replace("bob", "alice")),),
        subject="principals",
        words="[identities.bob] and [identities.alice] have the same user alice",
        dependent=("OBJ-READ-FOREIGN", "OBJ-NO-EXISTENCE-ORACLE"),
        name="ordinary",
    ),
    "a wrong password": Case(
        changes=((BOB, BOB.replace("{secret:bob}", "{secret:other}")),),
        subject="identity bob",
        words="Check client-id, redirect-uri, username, password and scopes of [identities.bob]",
        dependent=("OBJ-READ-FOREIGN", "OBJ-NO-EXISTENCE-ORACLE"),
        name="ordinary",
    ),
    "an issuer that the target does not trust": Case(
        changes=((' "--trust={issuer}",', ""),),
        subject="issuer",
        words="nobody asked there for its keys: the target does not trust this issuer, or cannot reach it.",
        dependent=("JWT-EXPIRED", "JWT-ISSUER", "JWT-AUDIENCE"),
    ),
    "an audience that the target is not": Case(
        changes=(('audience = "{url}"', 'audience = "https://elsewhere.example"'),),
        subject="issuer",
        words="although its keys were asked for. Mend `audience` (now https://elsewhere.example)",
        dependent=("JWT-EXPIRED", "JWT-AUDIENCE"),
    ),
    "a receiver that the target may not call": Case(
        changes=((' "--allow-receiver={receiver}",', ""),),
        subject="receiver",
        words="Let the target call exactly this host and port, or set `url` under [receiver].",
        dependent=("WHD-POST-JSON-CONTRACT", "WHD-TIMEOUT"),
    ),
    "a receiver whose URL leads nowhere": Case(
        changes=(("[receiver]\n", NOWHERE), ("[bounds]\n", "[bounds]\nevent = 2\njob = 2\n")),
        subject="receiver",
        words="nothing came within 2 s. Nor does it lead to the receiver from here. Name as `url` under [receiver]",
        dependent=("WHD-POST-JSON-CONTRACT", "WHD-TIMEOUT"),
    ),
}

SAMPLE = {  # of an identity, of the issuer, of the receiver
    "a wrong client secret",
    "an audience that the target is not",
    "a receiver that the target may not call",
}


@pytest.fixture(params=CASES)
def case(request, tmp_path):
    found = CASES[request.param]
    reference.configure(tmp_path, *found.changes, name=found.name)
    return found


def test_the_doctor_says_what_is_wrong_and_what_to_do(case, tmp_path):
    told = reference.conformance(tmp_path, "doctor")

    assert told.code == 2, told.words
    assert [each for each in reference.wrong(told) if not each.startswith(f"✗ {case.subject}: ")] == [], "nothing else"
    assert case.words in reference.line(told, case.subject)
    assert told.err == ""


@pytest.mark.parametrize("case", ["a wrong client secret", "an issuer that the target does not trust"], indirect=True)
def test_a_run_stops_before_it_has_begun(case, tmp_path):
    told = reference.conformance(tmp_path, "run", "--workers", 2)

    assert (told.code, told.out, told.report) == (2, "", None)
    assert case.words in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    "case", [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.slow) for name in CASES], indirect=True
)
def test_without_the_doctor_nothing_passes_that_depends_on_it(case, tmp_path):
    chosen = [word for clause in case.dependent for word in ("--only", clause)]
    told = reference.conformance(tmp_path, "run", "--no-doctor", "--workers", 1, *chosen)

    assert set(told.verdicts) == set(case.dependent)
    assert set(told.verdicts.values()) <= {"blocked", "untestable"}, told.words


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


EXPIRED = f"{part({'alg': 'ES256'})}.{part({'exp': 1_700_000_000, 'sub': 'ann'})}.c2lnbmF0dXJl"
TWICE = '[identities.alice]\nkind = "token"\ntoken = "env:ANN"\n[identities.bob]\nkind = "token"\ntoken = "env:BEN"\n'


@pytest.fixture
def doctor(tmp_path, served):
    """What the doctor, a run, and a run without the doctor say of the tokens of Alice and of Bob."""

    def said(ann, ben, *arguments):
        contract = f'[target]\nurl = "{served}"\ncontract = "{reference.ROOT}/spec/openapi.yaml"\n'
        (tmp_path / "conformance.toml").write_text(contract + TWICE)
        return reference.conformance(tmp_path, *arguments, ANN=ann, BEN=ben)

    return said


def test_an_expired_token_is_told_with_its_date(doctor, token):
    told = doctor(EXPIRED, token, "doctor")

    assert told.code == 2, told.words
    words = "its token expired on 2023-11-14 22:13 UTC. Put a fresh one where [identities.alice] takes it from."
    assert reference.wrong(told) == [f"✗ identity alice: {words}"]
    assert EXPIRED not in told.words


def test_a_token_that_nobody_can_read_is_told_by_its_refusal(doctor, served, token):
    told = doctor("gone-with-the-wind", token, "doctor")

    assert told.code == 2, told.words
    expected = f"✗ identity alice: GET {served}/v1/links answered 401, so its credentials are not accepted. Give it"
    assert reference.line(told, "identity alice").startswith(expected)
    assert "gone-with-the-wind" not in told.words


def test_one_token_twice_is_one_principal(doctor, token):
    told = doctor(token, token, "doctor")

    assert told.code == 2, told.words
    assert "[identities.bob] and [identities.alice] have the same credential" in reference.line(told, "principals")
    assert token not in told.words


@pytest.mark.parametrize("expired", [True, False])
def test_without_the_doctor_such_tokens_pass_nothing_of_strangers(doctor, token, expired):
    chosen = ("--only", "OBJ-READ-FOREIGN", "--only", "OBJ-UPDATE-FOREIGN")
    told = doctor(EXPIRED if expired else token, token, "run", "--no-doctor", *chosen)

    assert set(told.verdicts.values()) == {"blocked"}, told.words


def test_a_sound_configuration_is_fine_throughout(tmp_path):
    reference.configure(tmp_path)
    told = reference.conformance(tmp_path, "doctor")

    assert (told.code, told.err) == (0, "")
    signs = {each[0] for each in told.out.splitlines()}
    assert signs == {"✓", "–"}, told.out
    assert "accepted on GET /v1/links, refused without credentials; scopes links:read" in told.out
    assert "was registered and called" in reference.line(told, "receiver")
    assert not re.search(r"eyJ|whsec_", told.out)
