"""Credentials of the right kind and place that were never issued."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.identity.credential_sources import CredentialSource


@dataclass(frozen=True, kw_only=True)
class InvalidCredentials(CredentialSource):
    """A token, a client id with secret, and API keys, none of which was ever issued."""

    def token(self, scopes: frozenset[str]) -> str:
        del scopes
        return "conformance.never.issued"

    def client_credentials(self) -> tuple[str, str]:
        return "conformance-nobody", "never-issued"

    def key(self, scheme: str) -> str:
        del scheme
        return "conformance-never-issued"
