"""Where a browser may end at the authorization endpoint: things that a landing is equal to, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.oauth.login_pages import Destination

if TYPE_CHECKING:
    from collections.abc import Callable

TOKENS = {"access_token", "id_token", "code"}


class ExpectedDestination:
    """A described set of landings."""

    def __init__(self, words: str, holds: Callable[[Destination], bool]) -> None:
        self._words = words
        self._holds = holds

    def __eq__(self, landing: object) -> bool:
        return isinstance(landing, Destination) and self._holds(landing)

    def __hash__(self) -> int:
        return hash(self._words)

    def __repr__(self) -> str:
        return self._words


without_code = ExpectedDestination("no code", lambda landing: "code" not in landing.parameters | landing.fragment)
without_token = ExpectedDestination(
    "neither a token nor a code in a fragment",
    lambda landing: not TOKENS & landing.fragment.keys() and "access_token" not in landing.parameters,
)


def told(error: str) -> ExpectedDestination:
    """An error at the redirect URI, in the query, and no code (RFC 6749, section 4.1.2.1)."""
    return ExpectedDestination(
        f"error {error} at the redirect URI, and no code",
        lambda landing: landing.parameters.get("error") == error and "code" not in landing.parameters,
    )


def elsewhere_than(address: str) -> ExpectedDestination:
    """Anywhere but at this address."""
    return ExpectedDestination(f"not sent to {address}", lambda landing: not landing.location.startswith(address))
