"""The notes server answers as its contract says, and each fault is one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3

SERVER = Path(__file__).with_name("server.py")
TOKENS = {"t-ann": {"user": "ann"}, "t-ben": {"user": "ben"}}
FAULTS = json.loads(subprocess.check_output([sys.executable, SERVER, "faults"]))
NOTE = {"text": "Water the plants."}


@contextmanager
def serving(*options):
    environment = {**os.environ, "NOTES_TOKENS": json.dumps(TOKENS)}
    command = [sys.executable, SERVER, *options]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield re.fullmatch(r"serving at (\S+)\n", process.stdout.readline())[1] + "/api"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def url():
    with serving() as address:
        yield address


def call(method, url, *, token="t-ann", body=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    if content is not None:
        headers["Content-Type"] = "application/json"
    return urllib3.request(method, url, headers=headers, body=content, retries=False, timeout=10)


def test_a_note_lives_and_dies(url):
    """What is written is read, listed, rewritten and thrown away."""
    note = call("POST", f"{url}/notes", body=NOTE).json()
    own = f"{url}/notes/{note['id']}"

    assert call("GET", own).json() == {**NOTE, "id": note["id"]}
    assert call("PUT", own, body={"text": "Anew."}).json()["text"] == "Anew."
    assert note["id"] in [each["id"] for each in call("GET", f"{url}/notes").json()]
    assert (call("DELETE", own).status, call("GET", own).status) == (204, 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_stranger_finds_nothing(url, method):
    """Somebody else's note is answered as one that nobody wrote."""
    note = call("POST", f"{url}/notes", body=NOTE).json()
    foreign = call(method, f"{url}/notes/{note['id']}", token="t-ben", body=NOTE)
    nobody = call(method, f"{url}/notes/{note['id'] + 10**6}", token="t-ben", body=NOTE)

    assert (foreign.status, foreign.data) == (404, nobody.data)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/notes", b"{", 400),
        ("POST", "/notes", b'{"text": NaN}', 400),
        ("POST", "/notes", b'{"text": "\\ud800"}', 400),
        ("POST", "/notes", b"[" * 50000, 400),
        ("POST", "/notes", b" " * 65537, 413),
        ("POST", "/notes", {"text": ""}, 400),
        ("PATCH", "/notes", NOTE, 405),
        ("GET", "/notes/" + "9" * 5000, None, 404),
        ("GET", "/notes/one", None, 404),
        ("GET", "/nothing", None, 404),
    ],
)
def test_what_is_wrong_is_refused(url, method, path, body, status):
    """Broken requests are refused as declared, with a message."""
    answer = call(method, url + path, body=body)

    assert (answer.status, list(answer.json())) == (status, ["message"])


def writes_only_with_a_token(url):
    return call("POST", f"{url}/notes", token=None, body=NOTE).status == 401


def refuses_broken_json(url):
    return call("POST", f"{url}/notes", body=b"{").status == 400


def shows_a_number(url):
    return isinstance(call("POST", f"{url}/notes", body=NOTE).json()["id"], int)


def answers_a_deletion(url):
    note = call("POST", f"{url}/notes", body=NOTE).json()
    return call("DELETE", f"{url}/notes/{note['id']}").status < 500


HOLDS = {
    "AUTH-REQUIRED-EVERY-OPERATION": writes_only_with_a_token,
    "ERR-MALFORMED-JSON-400": refuses_broken_json,
    "REST-RESPONSE-CONFORMS-SCHEMA": shows_a_number,
    "ROB-NO-5XX-ON-INPUT": answers_a_deletion,
}


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["id"] for fault in FAULTS])
def test_a_fault_breaks_what_the_sound_server_holds(url, fault):
    holds = HOLDS[fault["clause"]]

    with serving("--fault", fault["id"]) as faulty:
        assert (holds(url), holds(faulty)) == (True, False)
