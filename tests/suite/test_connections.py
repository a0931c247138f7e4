"""A connection is reused at once, but not after an idle time or a large body, when a server may be closing it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conformance.http import connections
from conformance.http.client import Client
from conformance.http.messages import Request


class Handler(BaseHTTPRequestHandler):
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
