"""What arrives: well-formed, of the right type, within its schema; and what every answer has."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket

import pytest
import requests

from .support import BOUND

DESTINATION = '"destination": "https://shop.example/"'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"destination": "\xff"}',
        b'{"destination": NaN}',
        f'{{{DESTINATION}, "title": "\\ud800"}}'.encode(),
        f"{{{DESTINATION}, {DESTINATION}}}".encode(),
        b"[" * 30000,
        b"1" * 5000,
        b"{} {}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_not_json_is_400(alice, body):
    problem = alice.call("POST", "/v1/links", body, Content_Type="application/json")

    assert (problem.status_code, problem.json()["type"]) == (400, "https://links.example/problems/malformed-request")
    assert alice.call("GET", "/v1/links").json()["items"] == []


def test_each_offending_member_is_named(alice):
    body = {"destination": "ftp://x", "title": 7, "code": "a", "extra/~": 1, "id": "lnk_x"}
    problem = alice.call("POST", "/v1/links", body)
    pointers = {error["pointer"] for error in problem.json()["errors"]}

    assert problem.status_code == 422
    assert pointers == {"/destination", "/title", "/code", "/extra~1~0", "/id"}
    assert alice.call("POST", "/v1/links", {}).json()["errors"][0]["pointer"] == "/destination"
    assert alice.call("POST", "/v1/links", []).status_code == 422


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/merge-patch+json"]
)
def test_another_media_type_is_415(alice, media_type):
    assert alice.call("POST", "/v1/links", b"{}", Content_Type=media_type).status_code == 415


def test_too_much_is_413_also_in_chunks(alice, platform):
    large = json.dumps({"destination": "https://shop.example/", "title": "x" * 70000}).encode()
    assert alice.call("POST", "/v1/links", large).status_code == 413

    connection = http.client.HTTPConnection(platform.url.removeprefix("http://"), timeout=BOUND)
    headers = {"Authorization": f"Bearer {alice.token}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/links", iter([large[:40000], large[40000:]]), headers)
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("chunks", [False, True])
def test_a_connection_says_when_it_ends_with_a_body_that_was_too_much(alice, platform, chunks):
    large = b" " * 300_000
    connection = http.client.HTTPConnection(platform.url.removeprefix("http://"), timeout=BOUND)
    headers = {"Authorization": f"Bearer {alice.token}", "Content-Type": "application/json"}
    with contextlib.closing(connection):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may be closed before all was sent
            connection.request("POST", "/v1/links", iter([large]) if chunks else large, headers)
        refused = connection.getresponse()

    assert (refused.status, refused.getheader("Connection")) == (413, "close")


def test_odd_characters_are_kept_as_they_are(alice):
    title = 'nul \0 quote " emoji 😀 ü'
    link = alice.link(title=title)

    assert alice.call("GET", f"/v1/links/{link['id']}").json()["title"] == title


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/links", "GET, HEAD, POST"),
        ("HEAD", "/oauth/token", "POST"),
        ("OPTIONS", "/v1/links", "GET, HEAD, POST"),
        ("GET", "/oauth/token", "POST"),
        ("POST", "/abcd", "GET, HEAD"),
    ],
)
def test_another_method_is_405(platform, method, path, allow):
    answer = requests.request(method, platform.url + path, timeout=BOUND)

    assert (answer.status_code, answer.headers["Allow"]) == (405, allow)
    assert method == "HEAD" or answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/links/", "/v1//links", "/v1/%2e%2e/healthz", "/V1/links", "/v2/links"]
)
def test_another_path_is_404(platform, path):
    connection = http.client.HTTPConnection(platform.url.removeprefix("http://"), timeout=BOUND)
    connection.request("GET", path)
    answer = connection.getresponse()
    problem = json.loads(answer.read())
    connection.close()

    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert problem["request_id"] == answer.headers["X-Request-Id"]


def test_every_answer_has_a_request_id_of_its_own_and_is_not_sniffed(alice, platform):
    answers = [
        alice.call("GET", "/v1/links", X_Request_Id="mine"),
        alice.call("GET", "/v1/links", X_Request_Id="mine"),
        requests.get(f"{platform.url}/healthz", timeout=BOUND),
        requests.get(f"{platform.url}/readyz", timeout=BOUND),
        requests.get(f"{platform.url}/nothing/here", timeout=BOUND),
    ]

    assert len({answer.headers["X-Request-Id"] for answer in answers}) == len(answers)
    assert all(answer.headers["X-Request-Id"].startswith("req_") for answer in answers)
    assert all(answer.headers["X-Content-Type-Options"] == "nosniff" for answer in answers)
    assert answers[0].headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "sent",
    [
        b"GARBAGE\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70000 + b"\r\n\r\n",
        b"POST /v1/links HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    ],
    ids=["garbage", "nul", "long", "lengths"],
)
def test_what_is_no_http_request_is_a_problem_too(platform, sent):
    host, port = platform.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), BOUND) as connection, contextlib.suppress(ConnectionResetError):
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        problem = json.loads(answer.read())

    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert problem["request_id"] == answer.headers["X-Request-Id"]


def test_a_body_that_breaks_off_is_400(alice, platform):
    host, port = platform.url.removeprefix("http://").split(":")
    head = f"POST /v1/links HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n"
    head += "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection((host, int(port)), BOUND) as connection:
        connection.sendall(head.encode() + b"zz\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()

    assert answer.status == 400
