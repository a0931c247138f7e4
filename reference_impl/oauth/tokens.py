"""Access tokens that this server issues: JWTs as RFC 9068 describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from joserfc.jwk import KeySet

from reference_impl.domain.ids import random_base62

if TYPE_CHECKING:
    from reference_impl.domain.entities import User
    from reference_impl.oauth.clients import Client, Clients
    from reference_impl.oauth.keys import SigningKeys


class AccessTokens(JWTBearerTokenGenerator):
    """Makes access tokens; Authlib adds iss, iat, exp, jti, client_id and scope."""

    def __init__(self, issuer: str, audience: str, lifetime: int, keys: SigningKeys, clients: Clients) -> None:
        super().__init__(
            issuer, alg="ES256", expires_generator=self.lifetime, refresh_token_generator=self.refresh_token
        )
        self.audience = audience
        self.seconds = lifetime
        self.keys = keys
        self.clients = clients

    def lifetime(self, _client: Client, _grant_type: str) -> int:
        """How long a token is valid, in seconds."""
        return self.seconds

    def refresh_token(self, **_known: object) -> str:
        """Opaque, so that it can be taken for nothing else."""
        return random_base62(43)

    def get_jwks(self) -> KeySet:
        # Authlib signs with a random one of several keys, and names no kid for a bare key.
        return KeySet([self.keys.signing])

    def get_audiences(self, _client: Client, _user: object, _scope: str) -> str:
        return self.audience

    def get_extra_claims(self, client: Client, _grant_type: str, user: User | None, _scope: str) -> dict[str, Any]:
        if user is None:
            return {"sub": self.clients.subject(client)} | ({"tenant": client.tenant} if client.tenant else {})
        return {"roles": sorted(user.roles), "tenant": user.tenant}
