"""Tokens that a command of the user's prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import ConfigurationError, UntestableError
from conformance.identity.credential_sources import CredentialSource
from conformance.identity.token_cache import CachedToken, TokenCache

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.redaction import Redaction


@dataclass(frozen=True, kw_only=True)
class PrintedTokens(CredentialSource):
    """Tokens that a command prints: of any scopes if it is told which (`takes_scopes`), else of `all_scopes`."""

    printed: Callable[[str], str]  # what the command prints when it is told these scopes
    takes_scopes: bool
    all_scopes: frozenset[str]
    redaction: Redaction
    token_cache: TokenCache

    def token(self, scopes: frozenset[str]) -> str:
        if self.all_scopes and not scopes:
            # RFC 6749 section 3.3: to name no scope is to ask for the default, which may be all.
            raise UntestableError(f"the command of {self.name} cannot be asked for a token without any scope.")
        if not self.takes_scopes and scopes != self.all_scopes:
            raise UntestableError(
                f"needs a token of {self.name} with other scopes. Have the command of [identities.{self.name}] print "
                'one for the scopes that it is told, as {scopes} in "command".'
            )
        return self.token_cache.token(self.name, scopes, lambda: self._printed(scopes))

    def new_token(self, scopes: frozenset[str]) -> str:
        former = self.token(scopes)
        self.token_cache.drop(self.name, scopes)
        following = self.token(scopes)
        if following == former:
            raise UntestableError(f"needs a second token of {self.name}, and its command prints the same one again.")
        return following

    def _printed(self, scopes: frozenset[str]) -> CachedToken:
        token = self.printed(" ".join(sorted(scopes))).strip()
        if not token or len(token.split()) > 1:
            raise ConfigurationError(
                f"[identities.{self.name}]: the command must print one token and nothing else. Mend it."
            )
        return CachedToken(token=self.redaction.learn(token), lifetime=None)
