"""Whether configuration, contract and command line fit each other, asked before anything is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.target.client import insist_on_certificate
from conformance.target.configuration import check_url
from conformance.target.errors import ConfigurationError
from conformance.target.process import insist_on_free

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.target.configuration import Configuration


def insist_on_sense(configuration: Configuration, contract: Contract, *, workers: int, receiver_url: str) -> None:
    """Raises ConfigurationError at what would otherwise be noticed late, or by nobody."""
    target = configuration.target
    for name in (*target.never_call, *target.public):
        if name not in {operation.id for operation in contract.operations}:
            raise ConfigurationError(f"[target] names the operation {name!r}, which the contract lacks. Mend it.")
    if target.ca:
        insist_on_certificate(configuration.path(target.ca))
    for place, settings in (("receiver", configuration.receiver), ("issuer", configuration.issuer)):
        if settings and settings.port and workers > 1:
            raise ConfigurationError(f"[{place}] has a fixed port, good for one worker. Run with --workers 1.")
        if settings:
            insist_on_free(settings.host, settings.port, f"[{place}]")
    urls = [settings.url for settings in (configuration.receiver, configuration.issuer) if settings]
    for url in filter(None, (*urls, receiver_url)):
        check_url(url)
