"""The security schemes of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialects.operations import READ, WRITE, operations, requirements

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json

PLACES = {"key-in-query": ("query", "key"), "key-in-cookie": ("cookie", "session-key")}


def key_place(dialect: Dialect) -> tuple[str, str]:
    """Where the API key goes, and under which name."""
    return PLACES.get(dialect.credentials, ("header", "X-Key"))


def security_schemes(dialect: Dialect) -> dict[str, Json]:
    """The schemes that some operation asks for."""
    place, name = key_place(dialect)
    scopes = {READ: "to read", WRITE: "to write"}
    flow = {"tokenUrl": "https://login.invalid/token", "scopes": scopes}
    known: dict[str, Json] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "login": {"type": "http", "scheme": "basic"},
        "key": {"type": "apiKey", "in": place, "name": name},
        "oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}},
    }
    return {name: scheme for name, scheme in known.items() if name in asked_for(dialect)}


def asked_for(dialect: Dialect) -> set[str]:
    """The names of the schemes of all operations."""
    alternatives = (each for known in operations(dialect) for each in requirements(dialect, known))
    return {name for alternative in alternatives for name in alternative}
