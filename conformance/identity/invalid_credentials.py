"""Somebody whose credentials are none: of the right kind and place, and worth nothing."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from conformance.identity.accounts import CredentialSource


@dataclass(frozen=True, kw_only=True)
class InvalidCredentials(CredentialSource):
    """Credentials of every kind that nobody has been given."""

    def token(self, scopes: frozenset[str]) -> str:
        del scopes
        return "conformance.never.issued"

    def basic(self) -> str:
        return base64.b64encode(b"conformance-nobody:never-issued").decode()

    def key(self, scheme: str) -> str:
        del scheme
        return "conformance-never-issued"
