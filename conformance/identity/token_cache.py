"""Tokens that were granted, kept for the next check: nobody logs in for each request."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.client import Record

KEPT = 30.0  # seconds; a token is good for longer, but what becomes of it on the target is not known here
FORM = "application/x-www-form-urlencoded"
Kind = tuple[str, frozenset[str]]  # the name of an identity, and scopes


@dataclass(frozen=True, kw_only=True)
class CachedToken:
    """An access token; `lifetime` is in seconds, None where the authorization server does not tell."""

    token: str
    lifetime: float | None


@dataclass
class TokenCache:
    """One token for each identity and set of scopes."""

    _held: dict[Kind, tuple[str, float]] = field(default_factory=dict)  # with the time until which it is used

    def token(self, name: str, scopes: frozenset[str], ask: Callable[[], CachedToken]) -> str:
        """The token that is held, or one that is asked for now."""
        token, until = self._held.get((name, scopes), ("", 0.0))
        if time.monotonic() < until:
            return token
        asked, grant = time.monotonic(), ask()
        kept = KEPT if grant.lifetime is None else min(KEPT, grant.lifetime / 2)
        self._held[name, scopes] = (grant.token, asked + kept)
        return grant.token

    def drop(self, name: str, scopes: frozenset[str]) -> None:
        """Forgets one token, so that the next one is another."""
        self._held.pop((name, scopes), None)

    def clear(self) -> None:
        """Forgets all, where they may have been taken back."""
        self._held.clear()

    def settle(self, records: list[Record]) -> None:
        """Forgets all if a check has sent forms: to revoke, to use a code or a refresh token twice, to log out."""
        if any(record.label == "attempt" and record.request.header("Content-Type") == FORM for record in records):
            self.clear()
