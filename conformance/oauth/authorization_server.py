"""The authorization server: its metadata and its endpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from conformance.errors import InapplicableError
from conformance.http.messages import Request
from conformance.oauth.issued_tokens import path_on_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.http.client import Client


@dataclass(kw_only=True)
class AuthorizationServer:
    """The authorization server of the target; endpoints come from the contract's flows or from its metadata.

    The metadata are read once, at first use.
    """

    client: Client
    contract: Contract
    _document: dict[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> Mapping[str, Any]:
        """The metadata (RFC 8414, OpenID Connect Discovery); empty if none are served."""
        if not self._document:
            self._document = self._read() or {"": ""}
        return self._document

    def _read(self) -> dict[str, Any]:
        for path in self.contract.metadata_paths:
            found = self._fetched(path)
            if found:
                return (
                    {**self._fetched(_oauth_metadata_path(found)), **found}
                    if "revocation_endpoint" not in found
                    else found
                )
        return {}

    def _fetched(self, path: str) -> dict[str, Any]:
        found = self.client.send(Request(method="GET", path=path), label="arrangement").json if path else None
        return found if isinstance(found, dict) else {}

    def names(self, endpoint: str) -> bool:
        """The metadata, or a flow of the contract, name this endpoint."""
        return bool(self._url(endpoint))

    def path(self, endpoint: str) -> str:
        """The path of an endpoint. Raises InapplicableError if neither metadata nor contract name it."""
        url = self._url(endpoint)
        if not url:
            raise InapplicableError(
                f"neither the metadata of the authorization server nor the contract name a {endpoint}"
            )
        return path_on_target(self.client, urljoin(self.client.url + self.client.prefix + "/", url))

    def _url(self, endpoint: str) -> str:
        flows = {"token_endpoint": self.contract.token_path, "authorization_endpoint": self.contract.authorization_path}
        declared = flows.get(endpoint, "")
        return (self.client.prefix + declared if declared else "") or str(self.document.get(endpoint, ""))

    def listed(self, member: str) -> frozenset[str]:
        """The entries of a list in the metadata; empty if it is missing."""
        value = self.document.get(member, [])
        return frozenset(map(str, value)) if isinstance(value, list) else frozenset()

    @property
    def issuer(self) -> str:
        """The issuer identifier. Raises InapplicableError if the metadata name none."""
        if "issuer" not in self.document:
            raise InapplicableError("the authorization server serves no metadata that name it (issuer)")
        return str(self.document["issuer"])


def _oauth_metadata_path(metadata: Mapping[str, Any]) -> str:
    """The path of the issuer's metadata by RFC 8414, section 3.1; they may hold more than those of OpenID Connect."""
    issuer = urlsplit(str(metadata.get("issuer", "")))
    return f"/.well-known/oauth-authorization-server{issuer.path.rstrip('/')}" if issuer.netloc else ""
