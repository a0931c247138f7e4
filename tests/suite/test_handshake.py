"""The suite's receiver consents in handshakes if the contract has them, and keeps them apart from deliveries."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from conformance.servers.webhook_handshake import consent_for
from conformance.servers.webhook_receiver import Receiver


@pytest.fixture
def asked():
    """Sends OPTIONS to an endpoint of a receiver; gives the endpoint and the answer."""

    def ask(origin):
        with Receiver(consent=consent_for(origin)) as receiver:
            endpoint = receiver.open("/hook")
            caller = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=10)
            caller.request("OPTIONS", urlsplit(endpoint.url).path, headers={"WebHook-Request-Origin": "shop.example"})
            answer = caller.getresponse()
            caller.close()
        receiver.close()
        return endpoint, answer

    return ask


def test_consent_is_given_where_it_is_asked_for(asked):
    endpoint, answer = asked("shop.example")

    assert (answer.status, answer.headers["WebHook-Allowed-Origin"]) == (200, "shop.example")
    assert ([call.method for call in endpoint.handshakes], endpoint.received) == (["OPTIONS"], [])


def test_without_a_handshake_options_is_a_delivery(asked):
    endpoint, answer = asked("")

    assert "WebHook-Allowed-Origin" not in answer.headers
    assert (endpoint.handshakes, [call.method for call in endpoint.received]) == ([], ["OPTIONS"])
