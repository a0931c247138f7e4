"""The suite's own servers, bound to their ports before the target starts, since it is given their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.servers.dns_server import DnsServer
from conformance.servers.token_issuer import TokenIssuer
from conformance.servers.webhook_receiver import Receiver
from conformance.webhooks.receiver_names import CANARIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.servers.token_issuer import IssuerKeys
    from conformance.servers.webhook_receiver import Answer
    from conformance.sut.configuration import Configuration

ALGORITHMS = ("RS256",)  # of tokens, where the contract names none


@dataclass(frozen=True, kw_only=True)
class SuiteServers:
    """The servers of one worker."""

    receiver: Receiver
    canary: Receiver
    canaries: tuple[Receiver, ...]  # at other loopback addresses, on the port of the receiver
    issuer: TokenIssuer | None
    resolver: DnsServer | None

    def close(self) -> None:
        """Closes the sockets; servers in a forked worker have ended with it."""
        for server in (self.receiver, self.canary, *self.canaries, self.issuer, self.resolver):
            if server is not None:
                server.close()


def bind_servers(
    configuration: Configuration, algorithms: Sequence[str], keys: IssuerKeys, receiver_url: str, consent: Answer | None
) -> SuiteServers:
    """The servers that the configuration asks for.

    `receiver_url` is the public address of the receiver, if it has one; `consent` is its answer to handshakes, if the
    contract declares them.
    """
    settings, names = configuration.receiver, configuration.resolver
    receiver = Receiver(
        host=settings.host if settings else "127.0.0.1",
        port=settings.port if settings else 0,
        public_url=receiver_url or (settings.url if settings else ""),
        consent=consent,
    )
    return SuiteServers(
        receiver=receiver,
        canary=Receiver(),
        canaries=_listening_canaries(receiver.port) if names else (),
        issuer=_issuer(configuration, algorithms, keys),
        resolver=DnsServer(host=names.host, port=names.port, zone=names.zone) if names else None,
    )


def _listening_canaries(port: int) -> tuple[Receiver, ...]:
    """A canary at each loopback address that exists here, on this port."""
    found = []
    for host in CANARIES:
        try:
            found.append(Receiver(host=host, port=port))
        except OSError:
            continue
    return tuple(found)


def _issuer(configuration: Configuration, algorithms: Sequence[str], keys: IssuerKeys) -> TokenIssuer | None:
    settings = configuration.issuer
    if settings is None:
        return None
    issuer = TokenIssuer(host=settings.host, port=settings.port, url=settings.url, keys=keys)
    for algorithm in algorithms:
        issuer.keys.key(algorithm)
    return issuer


def with_addresses(words: tuple[str, ...], suite_servers: tuple[SuiteServers, ...]) -> tuple[str, ...]:
    """The target's arguments, with the addresses of each worker's servers in the place of their placeholders."""
    return tuple(argument for word in words for argument in _for_each_worker(word, suite_servers))


def _for_each_worker(argument: str, suite_servers: tuple[SuiteServers, ...]) -> list[str]:
    """The argument once for each worker, with the address of the server that it names."""
    if "{issuer}" in argument:
        return [argument.replace("{issuer}", each.issuer.url) for each in suite_servers if each.issuer]
    if "{receiver}" in argument:
        return [argument.replace("{receiver}", each.receiver.address) for each in suite_servers]
    if "{resolver}" in argument:
        return [argument.replace("{resolver}", each.resolver.address) for each in suite_servers if each.resolver]
    return [argument]
