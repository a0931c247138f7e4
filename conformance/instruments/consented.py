"""Tokens that a person grants to a client, by the code flow with a scripted login."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.instruments.identities import Lacking
from conformance.target.errors import UntestableError

if TYPE_CHECKING:
    from conformance.instruments.codeflow import CodeFlow


@dataclass(frozen=True, kw_only=True)
class Consented(Lacking):
    """A grant for each set of scopes that is asked for; only scopes that the client is registered for can be."""

    flow: CodeFlow
    granted: dict[frozenset[str], str] = field(default_factory=dict)

    @property
    def principal(self) -> str:
        return f"user {self.flow.person.username}"

    def token(self, scopes: frozenset[str]) -> str:
        if not scopes:
            # RFC 6749 section 3.3: to name no scope is to ask for the default, which may be all.
            raise UntestableError(f"a client such as that of {self.name} cannot ask for a token without any scope.")
        if scopes not in self.granted:
            self.granted[scopes] = replace(self.flow, scopes=scopes).granted().access
        return self.granted[scopes]

    def fresh(self, scopes: frozenset[str]) -> str:
        """A token that was not handed out before."""
        self.granted.pop(scopes, None)
        return self.token(scopes)
