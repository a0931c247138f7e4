"""Access tokens that the target grants for the password of a person, or for a refresh token that somebody was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import Request
from conformance.identity.credential_sources import REMEDIES, CredentialSource
from conformance.identity.token_cache import CachedToken, TokenCache

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.http.client import Client
    from conformance.http.redaction import Redaction
    from conformance.oauth.authorization_code import RegisteredClient


@dataclass(frozen=True, kw_only=True)
class GrantedTokens(CredentialSource):
    """Tokens of the resource owner password credentials grant (RFC 6749, section 4.3), or of refreshing (section 6).

    `grant` gives the parameters that a token request has beside its scope; `rotated` is told of a new refresh token.
    """

    client: Client
    token_path: str
    registered_client: RegisteredClient
    all_scopes: frozenset[str]
    grant: Callable[[], Mapping[str, str]]
    rotated: Callable[[str], None]
    redaction: Redaction
    token_cache: TokenCache
    person: str = ""

    @property
    def principal(self) -> str:
        return f"user {self.person}" if self.person else ""

    def token(self, scopes: frozenset[str]) -> str:
        if self.all_scopes and not scopes:
            # RFC 6749 section 3.3: to name no scope is to ask for the default, which may be all.
            raise UntestableError(f"{self.name} cannot ask for a token without any scope.")
        return self.token_cache.token(self.name, scopes, lambda: self._granted(scopes))

    def new_token(self, scopes: frozenset[str]) -> str:
        self.token_cache.drop(self.name, scopes)
        return self.token(scopes)

    def _granted(self, scopes: frozenset[str]) -> CachedToken:
        scope = {"scope": " ".join(sorted(scopes))} if scopes else {}
        request = Request(method="POST", path=self.token_path)
        request = self.registered_client.authenticated(request, {**self.grant(), **scope})
        reply = self.client.send(request, identity=self.name, label="arrangement")
        token, following = reply.member("access_token"), reply.member("refresh_token")
        if not isinstance(token, str):
            error = str(reply.member("error") or "")
            remedy = REMEDIES.get(error, "Check its credentials and scopes")
            raise BlockedError(
                f"The token endpoint refused [identities.{self.name}] with {f'{reply.status} {error}'.strip()}. "
                f"{remedy} under [identities.{self.name}].",
                blame="configuration",
            )
        if isinstance(following, str):
            self.rotated(self.redaction.learn(following))
        return CachedToken(token=self.redaction.learn(token), lifetime=reply.number("expires_in"))
