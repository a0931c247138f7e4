"""The suite's own servers, bound to their ports before the target starts, so that it can be told of them."""

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
        """Gives the ports back; what listens in a forked worker has ended by then."""
        for server in (self.receiver, self.canary, *self.canaries, self.issuer, self.resolver):
            if server is not None:
                server.close()


def bind_servers(
    configuration: Configuration, algorithms: Sequence[str], keys: IssuerKeys, receiver_url: str, consent: Answer | None
) -> SuiteServers:
    """What the configuration asks for.

    `receiver_url` is the public address of the receiver, if it has one; `consent` its answer to handshakes, if the
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
        canaries=_listening(receiver.port) if names else (),
        issuer=_issuer(configuration, algorithms, keys),
        resolver=DnsServer(host=names.host, port=names.port, zone=names.zone) if names else None,
    )


def _listening(port: int) -> tuple[Receiver, ...]:
    """A canary at each address that can be had; there is none without IPv6, or where loopback is a single address."""
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
    """The target's arguments, with the addresses of every worker's servers in the place of their placeholders."""
    return tuple(argument for word in words for argument in _for_each(word, suite_servers))


def _for_each(argument: str, suite_servers: tuple[SuiteServers, ...]) -> list[str]:
    """The argument once for each worker's server that it names, so that the target knows them all."""
    if "{issuer}" in argument:
        return [argument.replace("{issuer}", each.issuer.url) for each in suite_servers if each.issuer]
    if "{receiver}" in argument:
        return [argument.replace("{receiver}", each.receiver.address) for each in suite_servers]
    if "{resolver}" in argument:
        return [argument.replace("{resolver}", each.resolver.address) for each in suite_servers if each.resolver]
    return [argument]
