"""The people whom the server knows, and their credentials."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from dialects.operations import READ, WRITE

VARIABLE = "DIALECT_PEOPLE"
GRANTS = {"token": (READ, WRITE), "reading": (READ,), "writing": (WRITE,), "nothing": ()}  # tokens of each person


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks; a person without a name is nobody."""

    name: str
    scopes: frozenset[str]


NOBODY = Caller(name="", scopes=frozenset())


@dataclass(frozen=True, kw_only=True)
class People:
    """Callers by token, and by key, which is their password where they log in with each request."""

    tokens: dict[str, Caller]
    keys: dict[str, Caller]


def people() -> People:
    """As the environment tells: a JSON object of persons, each with tokens by their name in GRANTS, and a key."""
    known = json.loads(os.environ[VARIABLE])
    tokens = {
        held[grant]: Caller(name=name, scopes=frozenset(scopes))
        for name, held in known.items()
        for grant, scopes in GRANTS.items()
    }
    keys = {held["key"]: Caller(name=name, scopes=frozenset({READ, WRITE})) for name, held in known.items()}
    return People(tokens=tokens, keys=keys)
