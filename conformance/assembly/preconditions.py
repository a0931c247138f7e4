"""Checks that configuration, contract and command line fit each other, before anything is started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from conformance.errors import ConfigurationError
from conformance.http.client import require_certificate
from conformance.sut.configuration import check_url
from conformance.sut.process import require_free_port

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.sut.configuration import Configuration


def check_preconditions(configuration: Configuration, contract: Contract, *, workers: int, receiver_url: str) -> None:
    """Raises ConfigurationError if they do not fit, or an address that they name cannot be used."""
    target = configuration.target
    for name in (*target.never_call, *target.may_change, *target.public):
        if name not in {operation.id for operation in contract.operations}:
            raise ConfigurationError(f"[target] names the operation {name!r}, which the contract lacks. Mend it.")
    if target.ca:
        require_certificate(configuration.path(target.ca))
    servers = {"receiver": configuration.receiver, "issuer": configuration.issuer, "resolver": configuration.resolver}
    for place, settings in servers.items():
        if settings and settings.port and workers > 1:
            raise ConfigurationError(f"[{place}] has a fixed port, good for one worker. Run with --workers 1.")
        if settings:
            require_free_port(settings.host, settings.port, f"[{place}]", datagrams=place == "resolver")
    if workers > 1 and not are_workers_isolated(configuration, contract):
        name = configuration.identities[0].name
        raise ConfigurationError(
            f"[identities.{name}] is the same person in every worker, so that the receivers of one would be told what "
            f'another one does. Run with --workers 1, or give it the kind "issuer" without a subject.',
        )
    urls = [settings.url for settings in (configuration.receiver, configuration.issuer) if settings]
    for url in filter(None, (*urls, receiver_url)):
        check_url(url)


def are_workers_isolated(configuration: Configuration, contract: Contract) -> bool:
    """No webhook of one worker goes to the receiver of another: the first principal is another one in each check."""
    same_principal = any(known.kind != "issuer" or known.subject for known in configuration.identities[:1])
    return contract.subscription is None or not same_principal


def default_workers(configuration: Configuration, contract: Contract, *, elsewhere: bool) -> int:
    """Two if the suite starts the target, no server has a fixed address, and workers are isolated; else one."""
    fixed = any(section and (section.port or section.url) for section in (configuration.receiver, configuration.issuer))
    fixed |= bool(configuration.resolver and configuration.resolver.port)
    managed = bool(configuration.target.command) and not elsewhere
    return 2 if managed and not fixed and are_workers_isolated(configuration, contract) and hasattr(os, "fork") else 1
