"""Access tokens that a user grants to a client, by the code flow with a scripted login."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.errors import UntestableError
from conformance.identity.credential_sources import CredentialSource
from conformance.identity.token_cache import CachedToken, TokenCache

if TYPE_CHECKING:
    from conformance.oauth.authorization_code import AuthorizationCodeFlow


@dataclass(frozen=True, kw_only=True)
class ConsentedTokens(CredentialSource):
    """Access tokens of code flows, one for each set of scopes that the client is registered for."""

    flow: AuthorizationCodeFlow
    token_cache: TokenCache

    @property
    def principal(self) -> str:
        return f"user {self.flow.resource_owner.username}"

    def token(self, scopes: frozenset[str]) -> str:
        if not scopes:
            # RFC 6749 section 3.3: to name no scope is to ask for the default, which may be all.
            raise UntestableError(f"a client such as that of {self.name} cannot ask for a token without any scope.")
        return self.token_cache.token(self.name, scopes, lambda: self._consented(scopes))

    def new_token(self, scopes: frozenset[str]) -> str:
        self.token_cache.drop(self.name, scopes)
        return self.token(scopes)

    def _consented(self, scopes: frozenset[str]) -> CachedToken:
        tokens = replace(self.flow, scopes=scopes, label="arrangement").obtain_tokens()
        return CachedToken(token=tokens.access_token, lifetime=tokens.reply.number("expires_in"))
