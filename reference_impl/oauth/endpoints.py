"""Giving tokens back (RFC 7009) and asking about them (RFC 7662), by Authlib."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from reference_impl.oauth.grants import CONFIDENTIAL
from reference_impl.oauth.verifier import InvalidTokenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authlib.oauth2 import OAuth2Request

    from reference_impl.oauth.clients import Client
    from reference_impl.oauth.grants import Issued, RefreshTokens
    from reference_impl.oauth.verifier import TokenVerifier
    from reference_impl.storage.grants import Grants


@dataclass(frozen=True, kw_only=True)
class Presented:
    """A token that a client sent: an access token with its claims, or a refresh token."""

    client_id: str
    claims: Mapping[str, Any]
    refresh: Issued | None = None
    good: bool = True

    def check_client(self, client: Client) -> bool:
        return self.client_id == client.id

    def is_expired(self) -> bool:
        return not self.good

    def is_revoked(self) -> bool:
        return not self.good


class PresentedTokens:
    """Tells what a text is, whatever hint came with it."""

    def __init__(self, verifier: TokenVerifier, grants: Grants, refresh_tokens: RefreshTokens) -> None:
        self.verifier = verifier
        self.grants = grants
        self.refresh_tokens = refresh_tokens

    def find(self, text: str, _hint: str | None) -> Presented | None:
        refresh = self.refresh_tokens.known(text)
        if refresh is not None:
            good = not refresh.used and not self.refresh_tokens.has_ended(refresh)
            return Presented(client_id=refresh.grant.client_id, claims={}, refresh=refresh, good=good)
        return self.access_token(text)

    def access_token(self, text: str) -> Presented | None:
        """One of ours that is still good; others are unknown."""
        try:
            claims = self.verifier.verify(text)
        except InvalidTokenError:
            return None
        client_id = self.grants.issued_to(str(claims.get("jti", "")))
        return Presented(client_id=client_id, claims=claims) if client_id else None


class Revocation(RevocationEndpoint):
    """A refresh token takes its grant with it, an access token only itself."""

    CLIENT_AUTH_METHODS = (*CONFIDENTIAL, "none")

    def __init__(self, tokens: PresentedTokens, grants: Grants) -> None:
        super().__init__()
        self.tokens = tokens
        self.grants = grants

    def check_params(self, request: OAuth2Request, _client: Client) -> None:
        """A hint that is not known is no error: it is only a hint."""
        if "token" not in request.form:
            raise InvalidRequestError("There is no token.")

    def query_token(self, token_string: str, token_type_hint: str | None) -> Presented | None:
        return self.tokens.find(token_string, token_type_hint)

    def revoke_token(self, token: Presented, _request: OAuth2Request) -> None:
        if token.refresh is not None:
            self.end(token.refresh)
        else:
            self.grants.revoke_access_token(str(token.claims["jti"]))

    def end(self, refresh: Issued) -> None:
        self.grants.end(refresh.grant.id)


class Introspection(IntrospectionEndpoint):
    """For confidential clients, about their own tokens."""

    CLIENT_AUTH_METHODS: tuple[str, ...] = CONFIDENTIAL
    told: tuple[str, ...] = ("scope", "client_id", "sub", "aud", "iss", "exp", "iat", "jti")

    def __init__(self, tokens: PresentedTokens) -> None:
        super().__init__()
        self.tokens = tokens

    check_params = Revocation.check_params

    def query_token(self, token_string: str, token_type_hint: str | None) -> Presented | None:
        return self.tokens.find(token_string, token_type_hint)

    def check_permission(self, token: Presented, client: Client, _request: OAuth2Request) -> bool:
        return token.check_client(client)

    def introspect_token(self, token: Presented) -> dict[str, Any]:
        if token.refresh is not None:
            grant = token.refresh.grant
            return {"scope": grant.scope, "client_id": grant.client_id, "sub": grant.user_id}
        return {"token_type": "Bearer", **{name: token.claims[name] for name in self.told if name in token.claims}}
