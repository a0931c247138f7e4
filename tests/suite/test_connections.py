"""A connection is reused at once, but not after an idle time or a large body, when a server may be closing it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conformance.errors import NoAnswerError
from conformance.http import connections
from conformance.http.client import Client
from conformance.http.messages import Request


class Handler(BaseHTTPRequestHandler):
    """Keeps connections alive, but one when /once is asked for on it; notes from which port each request came."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def do_GET(self):
        used_before = self.client_address[1] in self.server.ports
        self.server.ports.add(self.client_address[1])
        if used_before and self.path == "/once":
            self.close_connection = True
            return
        refused = self.path == "/refused"
        self.send_response(400 if refused else 204)
        if refused:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"wrong")

    def log_message(self, *_):
        return


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.ports = set()
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(("max_idle", "connections_made"), [(60.0, 1), (0.0, 2)])
def test_an_idle_connection_is_not_reused(server, monkeypatch, max_idle, connections_made):
    monkeypatch.setattr(connections, "MAX_IDLE", max_idle)
    client = Client(f"http://127.0.0.1:{server.server_port}")

    client.exchange(Request(method="GET", path="/"))
    client.exchange(Request(method="GET", path="/"))
    client.close()

    assert len(server.ports) == connections_made


@pytest.mark.parametrize(("size", "connections_made"), [(100, 1), (100_000, 2)])
def test_a_connection_is_not_reused_after_a_large_body(server, size, connections_made):
    client = Client(f"http://127.0.0.1:{server.server_port}")

    client.exchange(Request(method="POST", path="/", body=b"x" * size))
    client.exchange(Request(method="GET", path="/"))
    client.close()

    assert len(server.ports) == connections_made


@pytest.mark.parametrize(
    ("path", "method", "connections_made"), [("/", "POST", 1), ("/refused", "GET", 1), ("/refused", "POST", 2)]
)
def test_what_cannot_be_repeated_is_not_sent_on_a_connection_on_which_something_was_refused(
    server, path, method, connections_made
):
    client = Client(f"http://127.0.0.1:{server.server_port}")

    client.exchange(Request(method="POST", path=path, body=b"x"))
    client.exchange(Request(method=method, path="/", body=b"x" if method == "POST" else None))
    client.close()

    assert len(server.ports) == connections_made


@pytest.mark.parametrize(
    "request_",
    [Request(method="GET", path="/once"), Request(method="POST", path="/once", body=b"x", headers=(("Key", "1"),))],
    ids=["safe", "keyed"],
)
def test_what_may_be_repeated_is_sent_again_after_a_kept_connection_was_closed_and_told_so(server, request_):
    client = Client(f"http://127.0.0.1:{server.server_port}", key_headers=frozenset({"key"}))

    client.exchange(Request(method="GET", path="/"))
    reply = client.exchange(request_)
    client.close()

    assert reply.status == 204
    assert [record.resent for record in client.recorder.records] == [False, True]
    assert len(server.ports) == 2


def test_what_may_have_been_done_is_not_sent_again(server):
    client = Client(f"http://127.0.0.1:{server.server_port}", key_headers=frozenset({"key"}))

    client.exchange(Request(method="GET", path="/"))
    with pytest.raises(NoAnswerError, match="closed a connection that was kept open, without a byte of an answer"):
        client.exchange(Request(method="POST", path="/once", body=b"x"))
    client.close()


def test_a_body_that_follows_the_answer_to_head_is_not_the_next_answer(server):
    client = Client(f"http://127.0.0.1:{server.server_port}")

    replies = [client.exchange(Request(method=method, path="/")) for method in ("HEAD", "GET", "HEAD", "GET")]
    client.close()

    assert [reply.status for reply in replies] == [200, 204, 200, 204]
