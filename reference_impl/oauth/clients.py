"""OAuth clients: applications that get tokens in their own name, or in that of a person who consented."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749 import ClientMixin

from reference_impl.domain.ids import random_base62

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.settings import FixedClient
    from reference_impl.storage.clients import ClientRows

SUBJECT_PREFIX = "client:"
CLIENT_ID_FORM = re.compile(r"[!-~]{1,64}")


def digest(secret: str) -> str:
    # SHA-256 is sound here: secrets are 256 random bits made by a machine, so there is nothing to guess slowly.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Client(ClientMixin):
    """A registered client; `scope` is space-delimited, and a public client has no secret."""

    id: str
    secret_digest: str | None
    scope: str
    tier: str
    redirect_uris: Sequence[str] = ()
    pkce: str = "required"  # or "optional", which only confidential clients may have
    tenant: str = ""  # whose things it shares; without one it is a tenant of its own

    @property
    def public(self) -> bool:
        return self.secret_digest is None

    def get_client_id(self) -> str:
        return self.id

    def get_allowed_scope(self, scope: Any) -> str:
        """What is granted of the scopes asked for; without any, all that is registered."""
        registered = self.scope.split()
        return " ".join(each for each in (scope or self.scope).split() if each in registered)

    def get_default_redirect_uri(self) -> str:
        """None: every request names one (OAuth 2.1, section 4.1.1)."""
        return ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether it is registered, to the letter (RFC 9700 section 2.1)."""
        return redirect_uri in self.redirect_uris

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and bool(self.redirect_uris)

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(self.secret_digest or "", digest(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        if self.public:
            return method == "none" and endpoint in {"token", "revocation"}
        return method in {"client_secret_basic", "client_secret_post"}

    def check_grant_type(self, grant_type: str) -> bool:
        if grant_type == "client_credentials":
            return not self.public
        return bool(self.redirect_uris)


class Clients:
    """All clients: those of the settings, and those of the database."""

    def __init__(self, rows: ClientRows, fixed: tuple[FixedClient, ...], issuer: str) -> None:
        self.rows = rows
        self.issuer = issuer
        self.fixed = {each.id: self._of(each) for each in fixed}

    def _of(self, fixed: FixedClient) -> Client:
        return self.client(
            id=fixed.id,
            secret_digest=digest(fixed.secret) if fixed.secret else None,
            scope=fixed.scope,
            tier=fixed.tier,
            redirect_uris=fixed.redirect_uris,
            pkce=fixed.pkce,
            tenant=fixed.tenant,
        )

    def find(self, client_id: str) -> Client | None:
        if client_id in self.fixed:
            return self.fixed[client_id]
        row = self.rows.find(client_id) if CLIENT_ID_FORM.fullmatch(client_id) else None
        return self.client(**row) if row else None

    def client(self, **columns: Any) -> Client:
        return Client(**columns)

    def add(
        self, name: str, scope: str, tier: str = "standard", redirect_uris: Sequence[str] = (), tenant: str = ""
    ) -> str:
        """Registers a confidential client; its secret is returned, and kept nowhere."""
        secret = random_base62(43)
        kept = digest(secret)
        self.rows.add(
            client_id=name, secret_digest=kept, scope=scope, tier=tier, redirect_uris=redirect_uris, tenant=tenant
        )
        return secret

    def add_public(self, name: str, scope: str, redirect_uris: Sequence[str]) -> None:
        """Registers a client that can keep no secret."""
        self.rows.add(client_id=name, secret_digest=None, scope=scope, tier="standard", redirect_uris=redirect_uris)

    def subject(self, client: Client) -> str:
        """The `sub` of the client's tokens; no user's subject looks like it."""
        return SUBJECT_PREFIX + client.id

    def tier(self, issuer: str, subject: str) -> str:
        """The quota that a subject has."""
        if issuer != self.issuer or not subject.startswith(SUBJECT_PREFIX):
            return "standard"
        client = self.find(subject.removeprefix(SUBJECT_PREFIX))
        return client.tier if client else "standard"
