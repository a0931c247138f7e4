"""Expectations of where the authorization endpoint sends a browser, to compare a Destination with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.oauth.login_pages import Destination

if TYPE_CHECKING:
    from collections.abc import Callable

TOKENS = {"access_token", "id_token", "code"}


class ExpectedDestination:
    """Is equal to every Destination for which a condition holds; its representation are words."""

    def __init__(self, words: str, holds: Callable[[Destination], bool]) -> None:
        self._words = words
        self._holds = holds

    def __eq__(self, destination: object) -> bool:
        return isinstance(destination, Destination) and self._holds(destination)

    def __hash__(self) -> int:
        return hash(self._words)

    def __repr__(self) -> str:
        return self._words


without_code = ExpectedDestination(
    "no code", lambda destination: "code" not in destination.parameters | destination.fragment
)
without_token = ExpectedDestination(
    "neither a token nor a code in a fragment",
    lambda destination: not TOKENS & destination.fragment.keys() and "access_token" not in destination.parameters,
)


def error_redirect(error: str) -> ExpectedDestination:
    """An error response at the redirect URI, without a code (RFC 6749, section 4.1.2.1)."""
    return ExpectedDestination(
        f"error {error} at the redirect URI, and no code",
        lambda destination: destination.parameters.get("error") == error and "code" not in destination.parameters,
    )


def code_at(address: str) -> ExpectedDestination:
    """A code at this redirect URI."""
    return ExpectedDestination(
        f"a code at {address}",
        lambda destination: (
            destination.location.partition("?")[0] == address.partition("?")[0] and "code" in destination.parameters
        ),
    )


def not_redirected_to(address: str) -> ExpectedDestination:
    """Any destination but this address."""
    return ExpectedDestination(
        f"not sent to {address}", lambda destination: not destination.location.startswith(address)
    )
