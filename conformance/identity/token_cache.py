"""A cache of access tokens, so that not every request needs a token request or a login."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.http.messages import FORM

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.client import Record

MAX_AGE = 30.0  # seconds; a token is valid for longer, but the target may revoke it
CacheKey = tuple[str, frozenset[str]]  # the name of an identity, and scopes


@dataclass(frozen=True, kw_only=True)
class CachedToken:
    """An access token; `lifetime` is in seconds, None where the authorization server does not tell."""

    token: str
    lifetime: float | None


@dataclass
class TokenCache:
    """One access token for each identity and set of scopes."""

    _tokens: dict[CacheKey, tuple[str, float]] = field(default_factory=dict)  # with the time when the entry expires

    def token(self, name: str, scopes: frozenset[str], request: Callable[[], CachedToken]) -> str:
        """The cached token, or one that is requested now; it is kept for half of its lifetime, MAX_AGE at most."""
        token, expires = self._tokens.get((name, scopes), ("", 0.0))
        if time.monotonic() < expires:
            return token
        requested, granted = time.monotonic(), request()
        age = MAX_AGE if granted.lifetime is None else min(MAX_AGE, granted.lifetime / 2)
        self._tokens[name, scopes] = (granted.token, requested + age)
        return granted.token

    def drop(self, name: str, scopes: frozenset[str]) -> None:
        """Drops one token, so that the next one is another."""
        self._tokens.pop((name, scopes), None)

    def clear(self) -> None:
        """Drops all tokens."""
        self._tokens.clear()

    def drop_after(self, records: list[Record]) -> None:
        """Drops all tokens if a check has sent forms, which may have revoked them: by revocation, reuse or logout."""
        if any(record.label == "attempt" and record.request.header("Content-Type") == FORM for record in records):
            self.clear()
