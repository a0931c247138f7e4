"""The line that repeats a request, as bash reads it."""

from __future__ import annotations

import subprocess

import pytest

from conformance.engine.evidence.curl import Curl
from conformance.engine.evidence.repetitions import repetitions
from conformance.http.client import Record
from conformance.http.messages import Request
from conformance.http.redaction import Redaction

URL = "http://127.0.0.1/v1/things"
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLWJ5dGVzLXRoYXQtYXJlLWxvbmc"
HEAD, CLAIMS, SIGNATURE = TOKEN.split(".")
READ = """
curl() {
  for word in "$@"; do
    case $word in @*) cat "${word#@}" ;; *) printf %s "$word" ;; esac
    printf "\\0\\n"
  done
}"""


def curl(request, url=URL):
    redaction = Redaction()
    for secret, name in request.credentials:
        redaction.learn(secret, name)
    return Curl(record=Record(label="attempt", identity="alice", request=request, url=url), redaction=redaction)


def words(request, url=URL):
    """What curl would be given, with the secrets put back."""
    written = curl(request, url)
    line = written.line()
    done = subprocess.run(
        ["bash", "-c", f"{READ}\n{line}"], env=written.variables, capture_output=True, timeout=20, check=True
    )
    return [word.decode("utf-8", "surrogateescape") for word in done.stdout.split(b"\0\n")][:-1]


def bearing(token):
    request = Request(method="GET", path="/v1/things").with_bearer_token(token)
    return request.with_credential(TOKEN, "TOKEN_ALICE")


def test_a_valid_token_is_named_by_its_identity():
    assert curl(bearing(TOKEN)).line() == f"""curl -i -X GET {URL} -H 'Authorization: Bearer '"${{TOKEN_ALICE}}\""""


@pytest.mark.parametrize(
    "token",
    [
        TOKEN,
        f"{HEAD}.{CLAIMS}.",
        f"{HEAD}.{CLAIMS}",
        f"eyJhbGciOiJub25lIn0.{CLAIMS}.{SIGNATURE}",
        f"{HEAD}.{CLAIMS}.{SIGNATURE[:-1]}A",
        f"{HEAD}.{CLAIMS}.{SIGNATURE[:30]}X{SIGNATURE[31:]}",
        f"{HEAD}.eyJzdWIiOiJib2IifQ.{SIGNATURE}",
        f" {TOKEN}",
        f"{TOKEN}, x",
        f"x{TOKEN[1:]}",
        "not.a.token",
    ],
)
def test_a_manipulated_token_is_sent_again_as_it_was_and_shows_no_valid_one(token):
    line = curl(bearing(token)).line()
    assert words(bearing(token))[-1] == f"Authorization: Bearer {token}"
    assert SIGNATURE[:20] not in line
    assert SIGNATURE[-20:] not in line


def test_a_token_that_is_itself_the_manipulation_is_shown():
    assert "not.a.token" in curl(bearing("not.a.token")).line()


@pytest.mark.parametrize("scheme", ["Basic", "basic"])
def test_client_credentials_are_put_together_again(scheme):
    request = Request(method="POST", path="/v1/things").with_basic_auth("partner", "s3cr3t-of-partner")
    sent = request.header("Authorization").partition(" ")[2]
    request = request.with_header("Authorization", f"{scheme} {sent}")
    request = request.with_credential("s3cr3t-of-partner", "SECRET_PARTNER")

    assert sent not in curl(request).line()
    user = ["-u", "partner:s3cr3t-of-partner"]
    assert words(request)[-2:] == (user if scheme == "Basic" else ["-H", f"Authorization: basic {sent}"])


@pytest.mark.parametrize(
    "body",
    [
        b'{"title": "it\'s \\"quoted\\" $HOME `id`"}',
        b"a\r\nb\tc\\",
        b"\x00\x01\xff\xfe",
        b"[" * 20_000 + b"]" * 20_000,
        b'{"title": "' + b"ab" * 5_000 + b"\x00%s" + b'"}',
        "Zoë – 𝄞".encode(),
    ],
)
def test_a_body_is_sent_again_byte_for_byte(body):
    request = Request(method="POST", path="/v1/things").with_body(body, "application/json")
    assert words(request)[-1].encode("utf-8", "surrogateescape") == body
    assert len(curl(request).line()) < 2_000


def test_a_body_that_is_too_long_is_said_to_be():
    body = bytes(number * number % 251 for number in range(50_000))
    assert "# a body of 50,000 bytes" in curl(Request(method="POST", path="/").with_body(body, "x/y")).line()


def test_odd_requests_stay_odd():
    request = Request(method="HEAD", path="/", headers=(("X-Empty", ""), ("X-Latin", "\xfc")))
    found = words(request, f"{URL}/../[x]")
    assert found[:3] == ["-i", "--path-as-is", "-g"]
    assert found[3:] == ["--head", f"{URL}/../[x]", "-H", "X-Empty;", "-H", "X-Latin: \udcfc"]


@pytest.mark.parametrize("unit", [b"a", b"ab", b"0123456789abcdef"])
@pytest.mark.parametrize("times", [63, 64, 65, 127, 128, 129, 100_000])
def test_what_comes_again_and_again_is_found_as_a_whole(unit, times):
    found = repetitions(b"{" + unit * times + b"}")

    assert [(each.start, each.end, each.unit) for each in found] == [(1, 1 + len(unit) * times, unit)] * (times > 63)


def test_repetitions_stand_in_their_order():
    found = repetitions(b"x" * 70 + b"-" + b"yz" * 70)

    assert [(each.unit, each.times) for each in found] == [(b"x", 70), (b"yz", 70)]
