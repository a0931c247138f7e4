"""The way to the target: header fields of every request, a proxy, and how many requests there are a second."""

from __future__ import annotations

import json
import time

import pytest
import urllib3
from bad_input import command
from loopback import serving_app
from werkzeug.wrappers import Request, Response

from identities.library import Library, document

IDENTITIES = "".join(
    f'[identities.{name}]\nkind = "api-key"\nkey = "env:{name.upper()}"\nroles = []\n' for name in ("ann", "ben")
)
ENVIRONMENT = {
    "ANN": "key-of-ann-1f7c20",
    "BEN": "key-of-ben-93d0b1",
    "EDGE": "edge-secret-5501",
    "WAY": "me:pass-5502",
}


class BehindAnEdge(Library):
    """Keeps when each request came, and which did not come by the edge."""

    def __init__(self):
        super().__init__("key")
        self.times, self.strays = [], []

    def __call__(self, environ, start_response):
        self.times.append(time.monotonic())
        if environ.get("HTTP_X_EDGE") != "edge-secret-5501" or environ.get("HTTP_X_VERSION") != "2":
            self.strays.append(environ["PATH_INFO"])
        return super().__call__(environ, start_response)


def judged(folder, lines, *only, library=None):
    (folder / "openapi.json").write_text(json.dumps(document("key")), encoding="utf-8")
    with serving_app(library or Library("key")) as url:
        target = f"[target]\nurl = '{url}'\ncontract = 'openapi.json'\ndeadline = 30\n{lines}\n{IDENTITIES}"
        (folder / "conformance.toml").write_text(target, encoding="utf-8")
        words = [word for clause in only for word in ("--only", clause)]
        return command.conformance("run", *words, folder=folder, environment=ENVIRONMENT)


def test_every_request_has_the_header_fields(tmp_path):
    library = BehindAnEdge()
    lines = 'headers = {X-Edge = "env:EDGE", X-Version = "2"}'
    told = judged(tmp_path, lines, "gateway", "robustness", "OBJ-READ-FOREIGN", library=library)

    assert library.strays == []
    assert told.verdicts["OBJ-READ-FOREIGN"] == "passed", told.words
    report = (tmp_path / "report" / "report.json").read_text(encoding="utf-8")
    assert "edge-secret" not in report + told.words
    assert "X-Version: 2" in report


@pytest.mark.parametrize(
    ("name", "words"),
    [("Authorization", "tells who asks"), ("x-key", "tells who asks"), ("Content-Type", "each request has its own")],
)
def test_a_header_field_that_is_no_ones_to_add_is_refused(tmp_path, name, words):
    told = judged(tmp_path, f'headers = {{{name} = "a"}}', "OBJ-READ-FOREIGN")

    assert (told.code, told.err.count("\n")) == (2, 1)
    assert words in told.err


def test_requests_are_sent_no_faster_than_may_be(tmp_path):
    library = BehindAnEdge()
    told = judged(tmp_path, "max-requests-per-second = 20", "OBJ-READ-FOREIGN", library=library)

    assert told.verdicts == {"OBJ-READ-FOREIGN": "passed"}, told.words
    assert len(library.times) > 4
    assert library.times[-1] - library.times[0] >= (len(library.times) - 1) / 20 - 0.05


class Proxy:
    """Forwards what it is asked for by a whole URL (RFC 9112, section 3.2.2)."""

    def __init__(self):
        self.asked = []

    def __call__(self, environ, start_response):
        request = Request(environ)
        self.asked.append((environ["RAW_URI"], request.headers.get("Proxy-Authorization")))
        fields = {name: value for name, value in request.headers if not name.lower().startswith("proxy-")}
        body = request.get_data() or None
        reply = urllib3.request(request.method, environ["RAW_URI"], headers=fields, body=body, redirect=False)
        kept = [(name, value) for name, value in reply.headers.items() if name not in {"Connection", "Date", "Server"}]
        return Response(reply.data, reply.status, headers=kept)(environ, start_response)


def test_requests_go_by_the_proxy(tmp_path):
    proxy = Proxy()
    with serving_app(proxy) as url:
        told = judged(tmp_path, f'proxy = "{url}"\nproxy-login = "env:WAY"', "OBJ-READ-FOREIGN")

    assert told.verdicts == {"OBJ-READ-FOREIGN": "passed"}, told.words
    assert len(proxy.asked) > 4
    assert {login for _, login in proxy.asked} == {"Basic bWU6cGFzcy01NTAy"}
    assert all(asked.startswith("http://127.0.0.1:") for asked, _ in proxy.asked)
    assert "pass-5502" not in (tmp_path / "report" / "report.json").read_text(encoding="utf-8")
