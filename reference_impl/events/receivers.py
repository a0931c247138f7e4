"""Which addresses may be called: none inside our own network, however it is spelled (SSRF)."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import dns.exception
import dns.nameserver
import dns.resolver

if TYPE_CHECKING:
    from collections.abc import Sequence

Address = IPv4Address | IPv6Address
HOST_FORM = re.compile(r"[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+")
LOCALHOST = re.compile(r"(.+\.)?localhost")  # this machine, whatever a name server says (RFC 6761, section 6.3)
LOOPBACK = IPv4Address("127.0.0.1")
PORTS = {"http": 80, "https": 443}
EMBEDDING = (ip_network("64:ff9b::/96"), ip_network("::/96"))  # NAT64 (RFC 6052), IPv4-compatible (RFC 4291)


class ForbiddenReceiverError(ValueError):
    """Why an address must not be called, in words that may be shown."""


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Where a delivery goes; `target` is path and query, `authority` the Host field, both as registered."""

    scheme: str
    host: str
    port: int
    target: str
    authority: str

    @property
    def origin(self) -> str:
        return origin(self.host, self.port)


def origin(host: object, port: int) -> str:
    """Host and port as the operator names them."""
    return f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"


class Resolver:
    """Finds the addresses of a host: by name servers of the operator's choice, else as the operating system does."""

    patience = 0.5  # seconds for the answer of one server

    def __init__(self, servers: Sequence[str]) -> None:
        """Takes "ADDRESS:PORT" of each server, asked in this order; raises ValueError for what is none."""
        self.servers = [dns.nameserver.Do53Nameserver(*address_and_port(each)) for each in servers]

    def addresses(self, host: str, port: int) -> list[Address]:
        """None for a host that does not resolve."""
        host = host.rstrip(".")
        if LOCALHOST.fullmatch(host):
            return [LOOPBACK]
        if not self.servers:
            return self.system(host, port)
        return self.system(host, port, socket.AI_NUMERICHOST) or self.asked(host)

    def system(self, host: str, port: int, flags: int = 0) -> list[Address]:
        """The operating system reads every spelling of an address."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
        except (OSError, UnicodeError):
            return []
        return [ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]

    def asked(self, host: str) -> list[Address]:
        """What the first server says that knows the name, IPv4 first."""
        try:
            return [ip_address(record.address) for answer in self.answers(host) for record in answer.rrset or ()]
        except dns.exception.DNSException:
            return []

    def answers(self, host: str) -> list[dns.resolver.Answer]:
        """One for each version of IP. Raises DNSException if nobody knows the name, or not in time."""
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = list(self.servers)
        resolver.timeout, resolver.lifetime = self.patience, self.patience * (len(self.servers) + 1)
        return [resolver.resolve(host, kind, raise_on_no_answer=False) for kind in ("A", "AAAA")]


def address_and_port(server: str) -> tuple[str, int]:
    """Of a name server, which must be known by its address."""
    address, _, port = server.rpartition(":")
    try:
        return str(ip_address(address.strip("[]"))), int(port)
    except ValueError:
        raise ValueError(f"{server!r} cannot be asked for names: give ADDRESS:PORT, such as 127.0.0.1:53.") from None


class ReceiverPolicy:
    """Decides where deliveries may go; asked at registration, and again for each connection."""

    schemes = ("http", "https")

    def __init__(self, resolver: Resolver, allowed: frozenset[str]) -> None:
        self.resolver = resolver
        self.allowed = allowed  # "host:port"; an address may be called under each name that stands for it

    def check(self, url: str) -> None:
        """Raises `ForbiddenReceiverError` for a URL that must not be registered."""
        self.admit(self.parse(url))

    def admit(self, receiver: Receiver) -> list[Address]:
        """The addresses of the host, every one of them allowed; none if it does not resolve."""
        found = self.resolver.addresses(receiver.host, receiver.port)
        if not all(self.permitted(receiver, address) for address in found):
            raise ForbiddenReceiverError("is an address that must not be called")
        return found

    def callable(self, receiver: Receiver) -> Address:
        """The one address to connect to now."""
        found = self.admit(receiver)
        if not found:
            raise ConnectionError("The host does not resolve.")
        return found[0]

    def parse(self, url: str) -> Receiver:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ForbiddenReceiverError("is not a URL that can be called") from error
        if parts.scheme not in self.schemes:
            raise ForbiddenReceiverError("is not an http or https URL")
        self.refuse_userinfo(parts.netloc)
        self.refuse_fragment(url)
        if port == 0 or not HOST_FORM.fullmatch(parts.hostname or ""):
            raise ForbiddenReceiverError("has no host that can be called")
        return Receiver(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=port or PORTS[parts.scheme],
            target=self.target(url, parts),
            authority=parts.netloc,
        )

    def target(self, url: str, parts: SplitResult) -> str:
        """Path and query; an empty query is one too (RFC 3986, section 3.4)."""
        return (parts.path or "/") + (f"?{parts.query}" if "?" in url else "")

    def refuse_userinfo(self, authority: str) -> None:
        if "@" in authority:
            raise ForbiddenReceiverError("holds user information")

    def refuse_fragment(self, url: str) -> None:
        if "#" in url:
            raise ForbiddenReceiverError("holds a fragment")

    def permitted(self, receiver: Receiver, address: Address) -> bool:
        return self.exempt(receiver, address) or not self.forbidden(address)

    def exempt(self, receiver: Receiver, address: Address) -> bool:
        """Whether the operator allowed exactly this host and port, or what it stands for now and the port."""
        return not self.allowed.isdisjoint({receiver.origin, origin(address, receiver.port)})

    def forbidden(self, address: Address) -> bool:
        """Whether it is anything but a public unicast address."""
        address = self.embedded(address) or address
        return not address.is_global or address.is_multicast

    def embedded(self, address: Address) -> IPv4Address | None:
        """The IPv4 address inside an IPv6 address, if it holds one."""
        if isinstance(address, IPv4Address):
            return None
        if any(address in network for network in EMBEDDING):
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
