"""The way to the target as the configuration tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.name_validation import asked_for
from conformance.errors import ConfigurationError
from conformance.http.connections import ClientCertificate
from conformance.http.transport import Pace, Transport
from conformance.sut.secret_values import INVENTED, is_reference, secret

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.http.redaction import Redaction
    from conformance.sut.configuration import Configuration
    from conformance.sut.process import Placeholders

FRAMING = {"host", "content-length", "content-type", "transfer-encoding", "connection"}  # each request has its own


def transport_of(
    configuration: Configuration, placeholders: Placeholders, redaction: Redaction, workers: int
) -> Transport:
    """The way to the target for one of so many workers. Raises ConfigurationError if a secret is not there."""
    target = configuration.target

    def filled(value: str, key: str) -> str:
        if not is_reference(value):
            return value
        found = placeholders(value) if value.startswith(INVENTED) else secret(value, f"[target]: {key}", folder)
        return redaction.learn(found, key)

    folder = configuration.folder
    return Transport(
        verify=str(configuration.path(target.ca)) if target.ca else target.verify,
        certificate=ClientCertificate.within(
            folder, target.certificate, target.private_key, filled(target.passphrase, "passphrase")
        ),
        proxy=target.proxy,
        proxy_login=filled(target.proxy_login, "proxy-login"),
        headers=tuple((name, filled(value, f"headers.{name}")) for name, value in target.headers.items()),
        pace=Pace(per_second=target.max_requests_per_second / workers),
    )


def require_fit_headers(configuration: Configuration, contract: Contract) -> None:
    """Raises ConfigurationError for a header field of every request that would make somebody of everybody."""
    taken = {scheme.parameter.lower() for scheme in asked_for(contract.operations) if scheme.place == "header"}
    for name in configuration.target.headers:
        if name.lower() in taken | {"authorization", "cookie"}:
            raise ConfigurationError(
                f"[target]: headers has {name}, which tells who asks. Give it to those who ask, under [identities]."
            )
        if name.lower() in FRAMING:
            raise ConfigurationError(f"[target]: headers has {name}, of which each request has its own. Take it out.")
