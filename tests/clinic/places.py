"""Where notices may go: to the addresses that the operator lists, whatever they are called."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import dns.exception
import dns.nameserver
import dns.resolver

DEFAULT_PORTS = {"http": 80, "https": 443}
PATIENCE = 1.0  # seconds for which a name server may think


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a callback comes to: the address to connect to, and how it is written."""

    scheme: str
    host: str
    address: str
    port: int
    authority: str  # for the Host field
    target: str  # path and query


class Places:
    """Everything is forbidden but what is listed. Names are resolved each time, and must stand for nothing else."""

    def __init__(self, listed: frozenset[str], servers: tuple[str, ...]) -> None:
        self._listed = listed  # "address:port"
        self._servers = servers  # "address:port"

    def find(self, callback: str) -> Place | None:
        """Where to connect now, None if that is nowhere or forbidden."""
        try:
            parts = urlsplit(callback)
            port = parts.port or DEFAULT_PORTS[parts.scheme]
        except (ValueError, KeyError):
            return None
        found = [] if "@" in parts.netloc or not parts.hostname else self.addresses(parts.hostname)
        if not found or not self.listed(found, port):
            return None
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Place(
            scheme=parts.scheme,
            host=parts.hostname or "",
            address=self.chosen(callback, found),
            port=port,
            authority=parts.netloc,
            target=target,
        )

    def chosen(self, _callback: str, found: list[str]) -> str:
        """One of those that were looked at."""
        return found[0]

    def listed(self, addresses: list[str], port: int) -> bool:
        return all(f"{address}:{port}" in self._listed for address in addresses)

    def addresses(self, host: str) -> list[str]:
        """The addresses of IPv4, the only ones that are ever called."""
        try:
            return [str(ip_address(host))]
        except ValueError:
            return self.asked(host)

    def asked(self, name: str) -> list[str]:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [self._server(*each.split(":")) for each in self._servers]
        resolver.timeout = resolver.lifetime = PATIENCE
        try:
            return [record.address for record in resolver.resolve(name, "A")]
        except (dns.exception.DNSException, UnicodeError):
            return []

    def _server(self, address: str, port: str) -> dns.nameserver.Nameserver:
        return dns.nameserver.Do53Nameserver(address, int(port))
