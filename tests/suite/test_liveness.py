"""No answer is not no server: what one request does not get another one may."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conformance.errors import BlockedError, NoAnswerError
from conformance.http.client import Client
from conformance.http.messages import Request

FEW = 3


class Moody(BaseHTTPRequestHandler):
    """Answers 204, or hangs up without a byte where the path says so."""

    def do_GET(self):
        if self.path != "/hang-up":
            self.send_response(204)
            self.end_headers()

    def log_message(self, *_):
        return


def start(port=0):
    server = ThreadingHTTPServer(("127.0.0.1", port), Moody)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


def stop(server):
    server.shutdown()
    server.server_close()


@pytest.fixture
def server():
    server = start()
    yield server
    stop(server)


@pytest.fixture
def client(server):
    client = Client(f"http://127.0.0.1:{server.server_port}", deadline=0.5, max_unanswered=FEW)
    yield client
    client.close()


def get(path, operation=""):
    return Request(method="GET", path=path, operation=operation)


def lose(client, request, times=1):
    for _ in range(times):
        with pytest.raises(NoAnswerError):
            client.exchange(request)


def test_a_target_that_answers_others_is_not_given_up(client):
    lose(client, get("/hang-up"), 4 * FEW)

    assert client.exchange(get("/")).status == 204


def test_an_operation_that_never_answers_is_given_up_and_no_other(client):
    lose(client, get("/hang-up", "silent"), FEW)

    with pytest.raises(BlockedError, match="silent has not answered 3 requests in a row and is not asked again"):
        client.exchange(get("/hang-up", "silent"))
    assert client.exchange(get("/", "other")).status == 204


def test_an_answer_in_between_counts(client):
    for _ in range(2 * FEW):
        lose(client, get("/hang-up", "moody"), FEW - 1)
        assert client.exchange(get("/", "moody")).status == 204


def test_requests_that_are_lost_together_count_once(client):
    barrier = threading.Barrier(8)

    def lose_with_others(_):
        barrier.wait()
        try:
            client.exchange(get("/hang-up", "raced"))
        except NoAnswerError:
            return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lose_with_others, range(8)))
    assert client.exchange(get("/", "raced")).status == 204


def test_a_target_that_is_gone_is_not_asked_again_and_since_when_is_told(client, server):
    stop(server)
    lose(client, get("/first"))
    lose(client, get("/second"), FEW - 1)
    sent = client.sent

    with pytest.raises(BlockedError, match="not answered anything since GET /first and is not asked again"):
        client.exchange(get("/third"))
    assert client.sent == sent


def test_a_target_that_comes_back_is_asked_again(client, server):
    stop(server)
    back = threading.Timer(0.2, lambda: servers.append(start(server.server_port)))
    servers = []
    lose(client, get("/"), FEW - 1)
    back.start()
    lose(client, get("/"))  # waits until it is back
    back.join()

    assert client.exchange(get("/")).status == 204
    stop(servers[0])
