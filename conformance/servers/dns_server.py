"""The suite's own name server: host names that stand for what a check says, and a count of who asked."""

from __future__ import annotations

import contextlib
import secrets
import threading
from dataclasses import dataclass, field
from ipaddress import ip_address
from socketserver import BaseRequestHandler, UDPServer
from typing import TYPE_CHECKING

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from conformance.servers.lifecycle import LocalServer

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSIONS = {dns.rdatatype.A: 4, dns.rdatatype.AAAA: 6}
ALIAS = "alias"  # label before the name that an alias leads to
TTL = 0  # seconds; nobody should keep an answer


@dataclass(frozen=True)
class Resolution:
    """What a name stands for in one answer: these addresses in this order, by way of another name if it is an alias."""

    addresses: tuple[str, ...]
    alias: bool = False

    def of_version(self, version: int | None) -> list[str]:
        """The addresses of this version of IP."""
        return [address for address in self.addresses if ip_address(address).version == version]


@dataclass(kw_only=True)
class HostName:
    """One host name. Its resolutions are given in turn for ever, counted apart for IPv4 and IPv6."""

    host: str
    _resolutions: Sequence[Resolution] = ()
    _queries: dict[int, int] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def resolve_to(self, *turns: Resolution) -> None:
        """The answers from now on; with several, each question gets the next of them."""
        with self._changed:
            self._turns = turns
            self._queries.clear()

    def wait_for_queries(self, count: int, *, within: float) -> int:
        """How often the name was asked for (IPv4) since it stands for this, once that is `count`, or after seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._queries.get(4, 0) >= count, within)
            return self._queries.get(4, 0)

    def next_resolution(self, version: int) -> Resolution:
        """The answer to the next question."""
        with self._changed:
            number = self._queries.get(version, 0)
            self._queries[version] = number + 1
            self._changed.notify_all()
            return self._turns[number % len(self._turns)]


class DnsServer(LocalServer):
    """Answers over UDP for a zone of its own and refuses all other names, so that another server can be asked."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, zone: str = "conformance.test") -> None:
        self._zone = dns.name.from_text(f"{secrets.token_hex(4)}.{zone}")
        self._names: dict[str, HostName] = {}
        server = UDPServer((host, port), self._handler())
        super().__init__(server)
        self.address = f"{host}:{server.server_address[1]}"

    def new_name(self, *turns: Resolution) -> HostName:
        """A fresh name that stands for this."""
        found = HostName(host=f"{secrets.token_hex(8)}.{self._zone.to_text(omit_final_dot=True)}")
        found.resolve_to(*turns)
        self._names[found.host] = found
        return found

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        """The reply to a question: the records, none, no such name, or a refusal outside of the zone."""
        reply = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        if not question.name.is_subdomain(self._zone):
            reply.set_rcode(dns.rcode.REFUSED)
            return reply
        reply.flags |= dns.flags.AA
        alias, _, rest = question.name.to_text(omit_final_dot=True).lower().partition(".")
        name = self._names.get(rest if alias == ALIAS else f"{alias}.{rest}")
        if name is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif question.rdtype in VERSIONS:
            version = VERSIONS[question.rdtype]
            reply.answer = _records(question, name.next_resolution(version), version, aliased=alias == ALIAS)
        return reply

    def _handler(self) -> type[BaseRequestHandler]:
        answer = self.answer

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                packet, connection = self.request
                with contextlib.suppress(dns.exception.DNSException, IndexError):  # no question: nobody waits
                    connection.sendto(
                        answer(dns.message.from_wire(packet)).to_wire(want_shuffle=False), self.client_address
                    )

        return Handler


def _records(question: dns.rrset.RRset, found: Resolution, version: int, *, aliased: bool) -> list[dns.rrset.RRset]:
    """The alias, if there is one, and the addresses of what it leads to."""
    owner, records = question.name, []
    if found.alias and not aliased:
        target = dns.name.from_text(ALIAS, owner)
        records = [dns.rrset.from_text(owner, TTL, "IN", "CNAME", target.to_text())]
        owner = target
    addresses = found.of_version(version)
    return [*records, *([dns.rrset.from_text(owner, TTL, "IN", question.rdtype, *addresses)] if addresses else [])]
