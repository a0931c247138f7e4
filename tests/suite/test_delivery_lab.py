"""The receivers of the delivery lab do what their scripts say."""

from __future__ import annotations

import http.client
import socket
import ssl
from email.utils import parsedate_to_datetime
from time import time
from urllib.parse import urlsplit

import pytest

from conformance.contract.vocabulary import Delivery
from conformance.servers.receiver_scripts import REQUESTED_PAUSE, SCRIPTS, ScriptContext
from conformance.servers.webhook_receiver import Receiver

CONTEXT = ScriptContext(timeout=0.6, forbidden_url="http://127.0.0.1:9/canary", clock_skew=100.0)
KNOWN = {script.name: script for script in SCRIPTS}
PLAIN = [name for name, script in KNOWN.items() if script.statuses[0] and not script.endless and not script.interim]


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver
    receiver.close()


@pytest.fixture
def called(receiver):
    """Sends a delivery to an endpoint that follows this script; gives the endpoint and the connection."""

    def call(name):
        endpoint = receiver.open("/hook")
        endpoint.answers = [lambda: KNOWN[name].first_answer(CONTEXT)]
        caller = socket.create_connection(("127.0.0.1", receiver.port), 10)
        path = urlsplit(endpoint.url).path
        caller.sendall(f"POST {path} HTTP/1.1\r\nHost: lab\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        return endpoint, caller

    return call


def whole(caller):
    with caller:
        return b"".join(iter(lambda: caller.recv(2**16), b""))


def test_there_are_as_many_scripts_as_names():
    assert len(KNOWN) == len(SCRIPTS) >= 12


@pytest.mark.parametrize("name", PLAIN)
def test_an_answer_has_its_status(called, name):
    _, caller = called(name)

    assert int(whole(caller).split()[1]) == KNOWN[name].statuses[0]


@pytest.mark.parametrize(("name", "sent"), [("half", b"HTTP/1.1 20"), ("mute", b"")])
def test_a_connection_is_closed_too_early(called, name, sent):
    _, caller = called(name)

    assert whole(caller) == sent


def test_a_connection_is_reset(called):
    _, caller = called("reset")

    with pytest.raises(ConnectionResetError):
        whole(caller)


@pytest.mark.parametrize(("name", "status"), [("continue", b"100"), ("early-hints", b"103")])
def test_an_interim_answer_comes_first(called, name, status):
    _, caller = called(name)
    heads = [head.split()[1] for head in whole(caller).split(b"\r\n\r\n") if head]

    assert heads == [status, b"204"]


@pytest.mark.parametrize("name", ["endless", "dripping", "silent"])
def test_a_caller_that_hangs_up_is_noticed(called, name):
    endpoint, caller = called(name)
    endpoint.wait(lambda _: True, within=10)
    caller.close()

    assert endpoint.wait_for_hang_up(within=10)


def test_an_endless_answer_goes_on(called):
    _, caller = called("endless")
    with caller:
        taken = sum(len(caller.recv(2**16)) for _ in range(100))

    assert taken > 2**16


def test_a_pause_is_asked_for_in_both_forms_by_the_clock_of_the_sender():
    (seconds, date) = (
        dict(KNOWN[name].first_answer(CONTEXT).headers)["Retry-After"] for name in ("busy", "unavailable")
    )
    distance = parsedate_to_datetime(date).timestamp() - time() - CONTEXT.clock_skew

    assert int(seconds) == REQUESTED_PAUSE
    assert REQUESTED_PAUSE < distance <= REQUESTED_PAUSE + 3


@pytest.mark.parametrize(("gone", "end", "state"), [("disabled", "disabled", "failed"), ("", "retried", "delivered")])
def test_the_policy_says_how_it_ends(gone, end, state):
    policy = Delivery(gone=gone)

    assert (KNOWN["gone"].outcome_under(policy), KNOWN["gone"].logged_state(policy)) == (end, state)


@pytest.mark.parametrize(
    ("name", "logged", "agrees"),
    [
        ("prompt", [200], True),
        ("failure", [500, 204], True),
        ("failure", [204], False),
        ("reset", [None, 204], True),
        ("reset", [200], False),
        ("endless", [None, 204], True),
        ("prompt", [], False),
    ],
)
def test_a_log_agrees_with_the_script(name, logged, agrees):
    assert KNOWN[name].agrees_with(logged) is agrees


def test_a_caller_that_verifies_certificates_sends_nothing(receiver):
    endpoint = receiver.open("/hook")
    path, before = urlsplit(endpoint.url).path, receiver.untrusted_tls.handshakes
    verifying = http.client.HTTPSConnection("127.0.0.1", receiver.port, timeout=10)
    trusting = http.client.HTTPSConnection("127.0.0.1", receiver.port, timeout=10, context=unverified())

    with pytest.raises(ssl.SSLCertVerificationError):
        verifying.request("POST", path, b"{}")
    assert receiver.untrusted_tls.wait_for_handshake(after=before, within=10)
    assert endpoint.received == []
    trusting.request("POST", path, b"{}")
    assert trusting.getresponse().status == 204
    trusting.close()
    assert len(endpoint.received) == 1


def unverified():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def test_a_receiver_behind_a_tunnel_is_not_called_itself():
    tunnelled = Receiver(public_url="https://tunnel.example")
    direct = Receiver()

    assert (tunnelled.direct, direct.direct) == (False, True)
    tunnelled.close()
    direct.close()
