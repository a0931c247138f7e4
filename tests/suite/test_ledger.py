"""The ledger: statements, interrupted requests, lost responses, versions of an object."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import SimpleNamespace

import pytest

from conformance.effects.channels import nested_objects, refers_to
from conformance.effects.entity_tags import reused_tags
from conformance.effects.interrupted_requests import (
    below_content_length,
    disconnect_after_request,
    half_body,
    send_interrupted,
    without_last_chunk,
)
from conformance.effects.lossy_proxy import DISCONNECT, LossyProxy
from conformance.errors import BlockedError
from conformance.http.client import Client
from conformance.http.messages import Reply, Request
from conformance.ledger.ledger import Snapshot
from conformance.ledger.statement import Effects, Entry, Statement, no_effect, one_effect
from conformance.ledger.versions import History
from conformance.observations.told_values import differing_values

BODY = b'{"title": "canary"}'


def statement(*entries):
    return Statement(title="POST /things", entries=entries)


def test_a_statement_says_in_one_sentence_what_each_channel_shows():
    found = statement(
        Entry(channel="in the collection", seen=("thg_1",)), Entry(channel="thing.made", seen=("evt_1", "evt_2"))
    )

    assert repr(found) == "POST /things: 1 in the collection (thg_1), 2 thing.made (evt_1, evt_2)"
    assert found != one_effect
    assert [line.expected for line in one_effect.lines(found)] == ["1", "1"]
    assert [line.seen for line in one_effect.lines(found)] == ["1 (thg_1)", "2 (evt_1, evt_2)"]


@pytest.mark.parametrize(
    ("effects", "description"), [(0, "no effect on any"), (1, "one effect on every"), (3, "3 effects")]
)
def test_what_was_expected_is_said_in_words(effects, description):
    assert repr(Effects(effects)).startswith(description)


def test_a_state_shows_no_more_than_one_effect():
    twice = statement(Entry(channel="thing.changed", seen=("a", "b")), Entry(channel="object", seen=("b",), state=True))

    assert twice == Effects(2)
    assert twice != one_effect
    assert statement(Entry(channel="object", seen=(), state=True)) == no_effect


def test_members_that_differ_are_found_in_an_envelope_and_in_items():
    before = Snapshot(shown={"data": {"id": 1, "age": 3}}, entries=({"id": 1, "age": 3, "read": [7]},))
    after = Snapshot(shown={"data": {"id": 1, "age": 4}}, entries=({"id": 1, "age": 4, "read": [8]},))

    assert before.changed_members(after) == {"age", "read"}


def test_an_entry_is_known_by_marker_or_id():
    item = {"id": "thg_1", "inner": {"title": "canary-7"}, "parent": "thg_0"}

    assert refers_to(item, markers=("canary-7",), identifiers=())
    assert refers_to(item, markers=(), identifiers=("thg_1",))
    assert not refers_to(item, markers=("canary-8",), identifiers=("thg_2", "canary-7"))


def test_the_inner_objects_of_a_payload_come_first():
    assert [sorted(part) for part in nested_objects({"a": {"b": 1}, "c": [{"d": 2}]})] == [["b"], ["d"], ["a", "c"]]


@pytest.fixture
def listener():
    """A server that keeps what it receives, and answers complete requests with 201."""
    received = []

    def serve(server):
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                content = b""
                while not content.endswith((BODY, b"0\r\n\r\n")) and (some := connection.recv(4096)):
                    content += some
                received.append(content)
                answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
                connection.sendall(answer)
                connection.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        yield SimpleNamespace(url=f"http://127.0.0.1:{server.getsockname()[1]}/base", received=received)


@pytest.fixture
def account(listener):
    client = Client(listener.url)
    return Sender(client)


class Sender:
    """An account without credentials."""

    name = "alice"

    def __init__(self, client):
        self.client = client

    def authenticated(self, request):
        return request


def request():
    return Request(method="POST", path="/things", headers=(("Content-Type", "application/json"),), body=BODY)


@pytest.mark.parametrize(
    ("interruption", "ending", "framing"),
    [
        (disconnect_after_request(request(), await_response=False), BODY, b"Content-Length: 19"),
        (disconnect_after_request(request(), await_response=True), BODY, b"Content-Length: 19"),
        (half_body(request()), BODY[:9], b"Content-Length: 19"),
        (below_content_length(request()), BODY, b"Content-Length: 27"),
        (without_last_chunk(request()), b"13\r\n" + BODY + b"\r\n", b"Transfer-Encoding: chunked"),
    ],
)
def test_a_request_is_interrupted_where_it_should_be(listener, account, interruption, ending, framing):
    send_interrupted(account, request(), interruption)
    for _ in range(500):
        if listener.received:
            break
        threading.Event().wait(0.01)

    assert listener.received[0].startswith(b"POST /base/things HTTP/1.1\r\n")
    assert listener.received[0].endswith(ending)
    assert framing in listener.received[0]
    assert account.client.recorder.records[0].failure == interruption.description


def test_a_target_that_does_not_listen_is_named():
    with pytest.raises(BlockedError, match="could not be connected"):
        send_interrupted(Sender(Client("http://127.0.0.1:9")), request(), half_body(request()))


def test_a_proxy_replaces_the_response(listener):
    client = Client(listener.url)
    with LossyProxy(client, 502) as proxy:
        reply = Client(proxy.address).send(request())

    assert (reply.status, [answer.status for answer in proxy.target_replies]) == (502, [201])
    assert b"Via: 1.1 suite" in listener.received[0]


def test_a_proxy_cuts_the_response_off(listener):
    client = Client(listener.url)
    with LossyProxy(client, DISCONNECT) as proxy, pytest.raises(BlockedError, match="broke off"):
        Client(proxy.address).send(request())

    assert [answer.status for answer in proxy.target_replies] == [201]


def history(*announced):
    states = ({"version": 2, "title": "a"}, {"version": 3, "title": "b"})
    return History(version="version", text_members=("title",), states=states, announced=announced)


def test_an_event_is_compared_with_what_was_read_in_its_version():
    stale = history({"version": 3, "title": "a"}, {"version": 2, "title": "a"})

    assert stale.contradictions == ["an event of version 3 shows title “a” instead of “b”"]
    assert stale.unannounced == []


def test_an_event_that_shows_as_much_as_is_read_is_compared_as_a_whole():
    assert history({"version": 2, "title": "a"}).contradictions == []
    assert differing_values({"a": 1, "b": 2}, {"a": 1, "b": 3}, ["a"]) == []
    assert differing_values({"a": 1, "b": 2}, {"a": 1, "b": 3}, ["a", "b"]) == ["b 3 instead of 2"]


def tagged(tag, number):
    body = f'{{"number": {number}}}'.encode()
    return Reply(request=request(), status=200, headers=(("ETag", tag),), body=body, url="", seconds=0)


def test_a_strong_tag_names_one_content():
    first, same, other = tagged('"a"', 1), tagged('"a"', 1), tagged('"a"', 2)

    assert reused_tags([first, same, tagged('"b"', 2)]) == []
    assert reused_tags([first, same, other]) == [other]
    assert reused_tags([tagged('W/"a"', 1), tagged('W/"a"', 2), tagged("", 3), tagged("", 4)]) == []


def test_the_last_version_must_be_announced():
    assert history({"version": 2, "title": "a"}).unannounced == [3]
    assert history({"version": 2, "title": "a"}).contradictions == []
