"""Checks that configuration, contract and command line fit each other, before anything is started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from conformance.assembly.given_names import require_known
from conformance.assembly.transport import require_fit_headers
from conformance.errors import ConfigurationError
from conformance.http.client import require_certificate
from conformance.http.connections import ClientCertificate
from conformance.sut.configuration import check_url
from conformance.sut.process import require_free_port

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.sut.configuration import Configuration


def check_preconditions(configuration: Configuration, contract: Contract, *, workers: int, receiver_url: str) -> None:
    """Raises ConfigurationError if they do not fit, or an address that they name cannot be used."""
    target = configuration.target
    _require_operations(configuration, contract)
    require_known(configuration, contract)
    _require_usable_by(workers, configuration, contract)
    require_fit_headers(configuration, contract)
    _require_certificates(configuration)
    if target.ca:
        require_certificate(configuration.path(target.ca))
    servers = {"receiver": configuration.receiver, "issuer": configuration.issuer, "resolver": configuration.resolver}
    for place, settings in servers.items():
        if settings and settings.port and workers > 1:
            raise ConfigurationError(f"[{place}] has a fixed port, good for one worker. Run with --workers 1.")
        if settings:
            require_free_port(settings.host, settings.port, f"[{place}]", datagrams=place == "resolver")
    urls = [settings.url for settings in (configuration.receiver, configuration.issuer) if settings]
    for url in filter(None, (*urls, receiver_url)):
        check_url(url)


def _require_certificates(configuration: Configuration) -> None:
    """Raises ConfigurationError for a certificate that cannot be shown; a passphrase is tried when it is used."""
    target, identities = configuration.target, configuration.identities
    files = [(each.certificate, each.private_key) for each in identities if not each.passphrase]
    files += [] if target.passphrase else [(target.certificate, target.private_key)]
    for certificate, private_key in files:
        shown = ClientCertificate.within(configuration.folder, certificate, private_key, "")
        if shown:
            shown.require_usable()


def _require_operations(configuration: Configuration, contract: Contract) -> None:
    """Raises ConfigurationError for an operation that is named and is not there."""
    target = configuration.target
    named = [("[target]", name) for name in (*target.never_call, *target.may_change, *target.public)]
    named += [(f"[identities.{each.name}]", name) for each in configuration.identities for name in each.operations]
    known = {operation.id for operation in contract.operations}
    for place, name in named:
        if name not in known:
            raise ConfigurationError(f"{place} names the operation {name!r}, which the contract lacks. Mend it.")


def _require_usable_by(workers: int, configuration: Configuration, contract: Contract) -> None:
    """Raises ConfigurationError if several workers would get in the way of each other."""
    for name in (each.name for each in configuration.identities if each.kind == "refresh-token"):
        if workers > 1:
            told = f"[identities.{name}] has a refresh token, which one worker alone can use"
            raise ConfigurationError(f"{told}. Run with --workers 1.")
    if workers > 1 and not are_workers_isolated(configuration, contract):
        name = configuration.principals[0].name
        raise ConfigurationError(
            f"[identities.{name}] is the same person in every worker, so that the receivers of one would be told what "
            f'another one does. Run with --workers 1, or give it the kind "issuer" without a subject.',
        )


def are_workers_isolated(configuration: Configuration, contract: Contract) -> bool:
    """No webhook of one worker goes to the receiver of another: the first principal is another one in each check."""
    same_principal = any(known.kind != "issuer" or known.subject for known in configuration.principals[:1])
    return contract.subscription is None or not same_principal


def default_workers(configuration: Configuration, contract: Contract, *, elsewhere: bool) -> int:
    """Two if the suite starts the target, no server has a fixed address, and workers are isolated; else one."""
    fixed = any(section and (section.port or section.url) for section in (configuration.receiver, configuration.issuer))
    fixed |= bool(configuration.resolver and configuration.resolver.port)
    fixed |= any(identity.kind == "refresh-token" for identity in configuration.identities)
    managed = bool(configuration.target.command) and not elsewhere
    return 2 if managed and not fixed and are_workers_isolated(configuration, contract) and hasattr(os, "fork") else 1
