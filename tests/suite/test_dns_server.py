"""The suite's DNS server, queried over UDP as a target would."""

from __future__ import annotations

import contextlib
import socket
import threading

import dns.flags
import dns.message
import dns.nameserver
import dns.query
import dns.rcode
import dns.resolver
import pytest

from conformance.errors import ConfigurationError
from conformance.servers.dns_server import DnsServer, Resolution
from conformance.sut.process import require_free_port

PERMITTED, FORBIDDEN = Resolution(("127.0.0.1",)), Resolution(("127.0.0.2",))
BOTH = Resolution(("127.0.0.2", "127.0.0.1", "::1"))
BOUND = 10.0  # seconds


@pytest.fixture
def server():
    with contextlib.closing(DnsServer()) as server, server:
        yield server


@pytest.fixture
def ask(server):
    """Asks one question and gives the whole reply."""
    address, _, port = server.address.rpartition(":")

    def asked(host, kind="A"):
        return dns.query.udp(dns.message.make_query(host, kind), address, port=int(port), timeout=BOUND)

    return asked


def resolver(*servers):
    found = dns.resolver.Resolver(configure=False)
    found.nameservers = [dns.nameserver.Do53Nameserver(*_place(each)) for each in servers]
    return found


def _place(server):
    address, _, port = server.address.rpartition(":")
    return address, int(port)


def addresses(reply):
    return [record.address for record in reply.resolve_chaining().answer or ()]


@pytest.mark.parametrize(("kind", "found"), [("A", ["127.0.0.2", "127.0.0.1"]), ("AAAA", ["::1"])])
def test_addresses_come_in_the_order_in_which_they_were_given(server, ask, kind, found):
    assert [addresses(ask(server.new_name(BOTH).host, kind)) for _ in range(8)] == [found] * 8


def test_no_answer_may_be_cached(server, ask):
    reply = ask(server.new_name(PERMITTED).host)

    assert reply.flags & dns.flags.AA
    assert [found.ttl for found in reply.answer] == [0]


def test_a_name_without_records_of_a_type_exists(server, ask):
    replies = [ask(server.new_name(PERMITTED).host, kind) for kind in ("AAAA", "TXT", "HTTPS")]

    assert [(reply.rcode(), reply.answer) for reply in replies] == [(dns.rcode.NOERROR, [])] * 3


def test_an_alias_leads_to_the_addresses_in_one_answer_or_in_two(server, ask):
    name = server.new_name(Resolution(("127.0.0.2",), alias=True))
    reply = ask(name.host)

    assert addresses(reply) == ["127.0.0.2"]
    assert reply.resolve_chaining().canonical_name.to_text() == f"alias.{name.host}."
    assert addresses(ask(f"alias.{name.host}")) == ["127.0.0.2"]


def test_resolutions_take_turns_separately_for_each_record_type(server, ask):
    name = server.new_name(BOTH, PERMITTED)
    kinds = ["A", "AAAA", "A", "A", "AAAA"]

    assert [addresses(ask(name.host, kind)) for kind in kinds] == [
        ["127.0.0.2", "127.0.0.1"],
        ["::1"],
        ["127.0.0.1"],
        ["127.0.0.2", "127.0.0.1"],
        [],
    ]


def test_queries_are_counted_since_the_last_change(server, ask):
    name = server.new_name(PERMITTED)
    ask(name.host)
    name.resolve_to(FORBIDDEN)
    counts = [name.wait_for_queries(1, within=0)]
    threading.Timer(0.05, ask, [name.host]).start()
    counts.append(name.wait_for_queries(1, within=BOUND))

    assert counts == [0, 1]
    assert addresses(ask(name.host)) == ["127.0.0.2"]


def test_names_are_known_in_any_case(server, ask):
    reply = ask(server.new_name(PERMITTED).host.upper())

    assert addresses(reply) == ["127.0.0.1"]


def test_unknown_names_are_nxdomain_and_other_zones_refused(server, ask):
    zone = server.new_name(PERMITTED).host.partition(".")[2]

    assert ask(f"nobody.{zone}").rcode() == dns.rcode.NXDOMAIN
    assert ask("partner.example").rcode() == dns.rcode.REFUSED


def test_a_resolver_asks_the_next_server_after_refused():
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(DnsServer()) for _ in range(2)]
        for server in servers:
            stack.callback(server.close)
        names = [server.new_name(Resolution((f"127.0.0.{number}",))) for number, server in enumerate(servers, start=1)]

        assert [list(resolver(*servers).resolve_name(name.host).addresses()) for name in names] == [
            ["127.0.0.1"],
            ["127.0.0.2"],
        ]


def test_malformed_packets_are_ignored(server, ask):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for packet in (b"", b"hello", bytes(12), b"\xff" * 512):
            sender.sendto(packet, _place(server))

    assert addresses(ask(server.new_name(PERMITTED).host)) == ["127.0.0.1"]


def test_names_are_in_the_given_zone():
    with contextlib.closing(DnsServer(zone="hooks.example")) as server:
        assert server.new_name(PERMITTED).host.endswith(".hooks.example")


def test_a_port_that_is_taken_is_named():
    with (
        contextlib.closing(DnsServer()) as other,
        pytest.raises(ConfigurationError, match=r"\[resolver\]: nothing can listen"),
    ):
        require_free_port(*_place(other), "[resolver]", datagrams=True)
