"""Credentials of the right kind and place that were never issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import UntestableError
from conformance.identity.credential_sources import CredentialSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.operation import Scheme
    from conformance.http.connections import ClientCertificate

TOKEN, SECRET, KEY = "conformance.never.issued", "never-issued", "conformance-never-issued"
NEVER_ISSUED = {TOKEN, SECRET, KEY}


@dataclass(frozen=True, kw_only=True)
class InvalidCredentials(CredentialSource):
    """A token, a client id with secret, and API keys, none of which was ever issued."""

    def token(self, scopes: frozenset[str]) -> str:
        del scopes
        return TOKEN

    def name_and_password(self, scheme: str) -> tuple[str, str]:
        del scheme
        return "conformance-nobody", SECRET

    def key(self, scheme: str) -> str:
        del scheme
        return KEY

    def certificate(self, scheme: str) -> ClientCertificate:
        raise UntestableError(f"whoever shows a certificate for {scheme} that nobody trusts gets no answer over TLS.")

    def issued(self, credential: str) -> bool:
        return credential not in NEVER_ISSUED


@dataclass(frozen=True, kw_only=True)
class OneInvalidCredential(InvalidCredentials):
    """The credentials of another source, but for one security scheme those that were never issued."""

    source: CredentialSource
    scheme: Scheme

    def token(self, scopes: frozenset[str]) -> str:
        return self._source(invalid=self.scheme.kind == "bearer").token(scopes)

    def name_and_password(self, scheme: str) -> tuple[str, str]:
        return self._source(invalid=self.scheme.name == scheme).name_and_password(scheme)

    def key(self, scheme: str) -> str:
        return self._source(invalid=self.scheme.name == scheme).key(scheme)

    def companions(self, scheme: str) -> tuple[str, ...]:
        return self._source(invalid=self.scheme.name == scheme).companions(scheme)

    def certificate(self, scheme: str) -> ClientCertificate:
        return self._source(invalid=self.scheme.name == scheme).certificate(scheme)

    def _source(self, *, invalid: bool) -> CredentialSource:
        return InvalidCredentials(name=self.name) if invalid else self.source


@dataclass(frozen=True, kw_only=True)
class AlteredPassword(CredentialSource):
    """The credentials of another source, but for the passwords of its names, which are altered."""

    source: CredentialSource
    alter: Callable[[str], str]

    def token(self, scopes: frozenset[str]) -> str:
        return self.source.token(scopes)

    def key(self, scheme: str) -> str:
        return self.source.key(scheme)

    def companions(self, scheme: str) -> tuple[str, ...]:
        return self.source.companions(scheme)

    def certificate(self, scheme: str) -> ClientCertificate:
        return self.source.certificate(scheme)

    def name_and_password(self, scheme: str) -> tuple[str, str]:
        name, password = self.source.name_and_password(scheme)
        return name, self.alter(password)

    def issued(self, credential: str) -> bool:
        """What tells most of a password is as secret as that."""
        return bool(credential) and credential not in NEVER_ISSUED
