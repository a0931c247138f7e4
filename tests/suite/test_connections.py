"""A connection is used again at once, but not after a rest or a large body, when a server may be closing it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conformance.http import connections
from conformance.http.client import Client
from conformance.http.messages import Request


class Answering(BaseHTTPRequestHandler):
    """Keeps connections alive and notes from which port each request came."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def do_GET(self):
        self.server.ports.add(self.client_address[1])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        return


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.ports = set()
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(("rest", "connected"), [(60.0, 1), (0.0, 2)])
def test_only_a_connection_that_did_not_rest_is_used_again(server, monkeypatch, rest, connected):
    monkeypatch.setattr(connections, "MAX_IDLE", rest)
    client = Client(f"http://127.0.0.1:{server.server_port}")

    client.exchange(Request(method="GET", path="/"))
    client.exchange(Request(method="GET", path="/"))
    client.close()

    assert len(server.ports) == connected


@pytest.mark.parametrize(("size", "connected"), [(100, 1), (100_000, 2)])
def test_only_a_connection_that_bore_no_large_body_is_used_again(server, size, connected):
    client = Client(f"http://127.0.0.1:{server.server_port}")

    client.exchange(Request(method="POST", path="/", body=b"x" * size))
    client.exchange(Request(method="GET", path="/"))
    client.close()

    assert len(server.ports) == connected
