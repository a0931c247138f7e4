"""Whether configuration, contract and command line fit each other, asked before anything is started."""

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
    """Raises ConfigurationError at what would otherwise be noticed late, or by nobody."""
    target = configuration.target
    for name in (*target.never_call, *target.public):
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
    if workers > 1 and not apart(configuration, contract):
        name = configuration.identities[0].name
        raise ConfigurationError(
            f"[identities.{name}] is the same person in every worker, so that the receivers of one would be told what "
            f'another one does. Run with --workers 1, or give it the kind "issuer" without a subject.',
        )
    urls = [settings.url for settings in (configuration.receiver, configuration.issuer) if settings]
    for url in filter(None, (*urls, receiver_url)):
        check_url(url)


def apart(configuration: Configuration, contract: Contract) -> bool:
    """What one worker does is told to no receiver of another: the first principal is somebody else in each check."""
    alike = any(known.kind != "issuer" or known.subject for known in configuration.identities[:1])
    return contract.subscription is None or not alike


def default_workers(configuration: Configuration, contract: Contract, *, elsewhere: bool) -> int:
    """Two where the suite starts the target, can tell it of the servers of both, and they do not meet; else one."""
    fixed = any(section and (section.port or section.url) for section in (configuration.receiver, configuration.issuer))
    fixed |= bool(configuration.resolver and configuration.resolver.port)
    managed = bool(configuration.target.command) and not elsewhere
    return 2 if managed and not fixed and apart(configuration, contract) and hasattr(os, "fork") else 1
