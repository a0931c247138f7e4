"""Which addresses may be called: none inside our own network, however it is spelled (SSRF)."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
HOST_FORM = re.compile(r"[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+")
PORTS = {"http": 80, "https": 443}
NAT64 = ip_network("64:ff9b::/96")


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
        return f"{self.host}:{self.port}"


class Resolver:
    """Finds the addresses of a host; the operating system reads every spelling of them."""

    def addresses(self, host: str, port: int) -> list[Address]:
        """None for a host that does not resolve."""
        try:
            found = socket.getaddrinfo(host.rstrip("."), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        return [ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]


class ReceiverPolicy:
    """Decides where deliveries may go; asked at registration, and again for each connection."""

    schemes = ("http", "https")

    def __init__(self, resolver: Resolver, allowed: frozenset[str]) -> None:
        self.resolver = resolver
        self.allowed = allowed  # "host:port"

    def check(self, url: str) -> None:
        """Raises `ForbiddenReceiverError` for a URL that must not be registered."""
        self.admit(self.parse(url))

    def admit(self, receiver: Receiver) -> list[Address]:
        """The addresses of the host, every one of them allowed; none if it does not resolve."""
        found = self.resolver.addresses(receiver.host, receiver.port)
        if not self.exempt(receiver) and any(map(self.forbidden, found)):
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
            target=self.target(parts),
            authority=parts.netloc,
        )

    def target(self, parts: SplitResult) -> str:
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def refuse_userinfo(self, authority: str) -> None:
        if "@" in authority:
            raise ForbiddenReceiverError("holds user information")

    def refuse_fragment(self, url: str) -> None:
        if "#" in url:
            raise ForbiddenReceiverError("holds a fragment")

    def exempt(self, receiver: Receiver) -> bool:
        """Whether the operator allowed exactly this host and port."""
        return receiver.origin in self.allowed

    def forbidden(self, address: Address) -> bool:
        """Whether it is anything but a public unicast address."""
        address = self.embedded(address) or address
        return not address.is_global or address.is_multicast

    def embedded(self, address: Address) -> IPv4Address | None:
        """The IPv4 address inside an IPv6 address, if it holds one."""
        if isinstance(address, IPv4Address):
            return None
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
