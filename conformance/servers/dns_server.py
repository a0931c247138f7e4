"""The suite's DNS server: host names that resolve to what a check decides, and a count of queries."""

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
ALIAS = "alias"  # first label of the canonical name of an alias
TTL = 0  # seconds, so that no resolver caches an answer


@dataclass(frozen=True)
class Resolution:
    """One answer for a name: these addresses in this order, behind a CNAME record if it is an alias."""

    addresses: tuple[str, ...]
    alias: bool = False

    def of_version(self, version: int | None) -> list[str]:
        """The addresses of this version of IP."""
        return [address for address in self.addresses if ip_address(address).version == version]


@dataclass(kw_only=True)
class HostName:
    """One host name. Its resolutions are answered in turn, over and over, separately for A and AAAA queries."""

    host: str
    _resolutions: Sequence[Resolution] = ()
    _queries: dict[int, int] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def resolve_to(self, *resolutions: Resolution) -> None:
        """Sets the resolutions, which successive queries get in turn, and resets the count of queries."""
        with self._changed:
            self._resolutions = resolutions
            self._queries.clear()

    def wait_for_queries(self, count: int, *, within: float) -> int:
        """The number of A queries since the resolutions were set, once it is `count`, else after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._queries.get(4, 0) >= count, within)
            return self._queries.get(4, 0)

    def next_resolution(self, version: int) -> Resolution:
        """The resolution for the next query of this version of IP."""
        with self._changed:
            number = self._queries.get(version, 0)
            self._queries[version] = number + 1
            self._changed.notify_all()
            return self._resolutions[number % len(self._resolutions)]


class DnsServer(LocalServer):
    """Answers over UDP for a zone of its own, and REFUSED for all other names, so that resolvers ask another server."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, zone: str = "conformance.test") -> None:
        self._zone = dns.name.from_text(f"{secrets.token_hex(4)}.{zone}")
        self._names: dict[str, HostName] = {}
        server = UDPServer((host, port), self._handler())
        super().__init__(server)
        self.address = f"{host}:{server.server_address[1]}"

    def new_name(self, *resolutions: Resolution) -> HostName:
        """A new name in the zone with these resolutions."""
        found = HostName(host=f"{secrets.token_hex(8)}.{self._zone.to_text(omit_final_dot=True)}")
        found.resolve_to(*resolutions)
        self._names[found.host] = found
        return found

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        """The reply to a query: records, no records, NXDOMAIN, or REFUSED outside of the zone."""
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
                with contextlib.suppress(dns.exception.DNSException, IndexError):  # not a query
                    connection.sendto(
                        answer(dns.message.from_wire(packet)).to_wire(want_shuffle=False), self.client_address
                    )

        return Handler


def _records(question: dns.rrset.RRset, found: Resolution, version: int, *, aliased: bool) -> list[dns.rrset.RRset]:
    """The CNAME record, if the name is an alias, and the address records."""
    owner, records = question.name, []
    if found.alias and not aliased:
        target = dns.name.from_text(ALIAS, owner)
        records = [dns.rrset.from_text(owner, TTL, "IN", "CNAME", target.to_text())]
        owner = target
    addresses = found.of_version(version)
    return [*records, *([dns.rrset.from_text(owner, TTL, "IN", question.rdtype, *addresses)] if addresses else [])]
