"""Which addresses a receiver's host stands for, and which of them may be called."""

from __future__ import annotations

import contextlib
from ipaddress import ip_address

import pytest

from conformance.servers.dns_server import DnsServer, Resolution
from reference_impl.events.receivers import ForbiddenReceiverError, ReceiverPolicy, Resolver

PORT = 8099


@pytest.fixture
def server():
    with contextlib.closing(DnsServer()) as server, server:
        yield server


@pytest.fixture
def silent():
    """A name server that takes questions and answers none."""
    with contextlib.closing(DnsServer()) as server:
        yield server


def found(host, *servers):
    return [str(address) for address in Resolver([each.address for each in servers]).addresses(host, PORT)]


def test_addresses_of_both_kinds_are_found_by_the_first_server_that_knows_the_name(server, silent):
    name = server.new_name(Resolution(("::1", "127.0.0.2"), alias=True))

    assert found(name.host, server) == ["127.0.0.2", "::1"]
    assert found(f"{name.host}.", silent, server) == ["127.0.0.2", "::1"]
    assert found("partner.example", server) == []


@pytest.mark.parametrize("servers", [0, 1])
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "localhost", "localhost.", "a.localhost"]
)
def test_spellings_and_this_machine_need_no_server(server, servers, host):
    assert found(host, *[server][:servers]) == ["127.0.0.1"]


@pytest.mark.parametrize("given", ["nowhere", "localhost:53", "127.0.0.1", "127.0.0.1:dns", ":53"])
def test_a_server_that_is_no_address_is_refused(given):
    with pytest.raises(ValueError, match="give ADDRESS:PORT"):
        Resolver([given])


@pytest.mark.parametrize(
    ("resolution", "allowed"),
    [
        (("127.0.0.1",), True),
        (("93.184.215.14",), True),
        (("127.0.0.1", "93.184.215.14"), True),
        (("127.0.0.2",), False),
        (("127.0.0.1", "127.0.0.2"), False),
        (("93.184.215.14", "::1"), False),
        (("::ffff:127.0.0.2",), False),
        (("64:ff9b::a00:1",), False),
        (("::10.0.0.1",), False),
    ],
)
def test_every_address_of_a_name_must_be_public_or_allowed(server, resolution, allowed):
    policy = ReceiverPolicy(Resolver([server.address]), frozenset({f"127.0.0.1:{PORT}"}))
    url = f"http://{server.new_name(Resolution(resolution)).host}:{PORT}/"
    expected = contextlib.nullcontext() if allowed else pytest.raises(ForbiddenReceiverError)

    with expected:
        assert ip_address(resolution[0]) in policy.admit(policy.parse(url))


def test_what_is_allowed_at_one_port_is_not_at_another(server):
    policy = ReceiverPolicy(Resolver([server.address]), frozenset({f"127.0.0.1:{PORT}"}))

    with pytest.raises(ForbiddenReceiverError):
        policy.check(f"http://{server.new_name(Resolution(('127.0.0.1',))).host}:{PORT + 1}/")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://shop.example", "/"),
        ("https://shop.example/in?", "/in?"),
        ("https://shop.example?a=b", "/?a=b"),
        ("https://shop.example/in?a=b%2Fc?d", "/in?a=b%2Fc?d"),
    ],
)
def test_a_receiver_is_called_at_the_path_and_query_that_it_registered(url, target):
    assert ReceiverPolicy(Resolver([]), frozenset()).parse(url).target == target
