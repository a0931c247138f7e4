"""What is known of an account's token: its claims, and the reply that granted it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.doctor.probes import permitted_reads
from conformance.errors import UntestableError
from conformance.identity.credential_sources import ClientCredentials
from conformance.identity.same_principal import claims_of

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.harness import Harness
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """The token of an account, its claims if it is a JWT, and what the token endpoint said of it."""

    harness: Harness
    account: Account

    @property
    def place(self) -> str:
        return f"[identities.{self.account.name}]"

    @cached_property
    def claims(self) -> dict[str, Any]:
        return claims_of(self.account)

    @cached_property
    def token_reply(self) -> Reply | None:
        """The reply of the target's token endpoint that granted the token; None if it came from elsewhere."""
        try:
            token = self.account.token
        except UntestableError:
            return None
        replies = [record.reply for record in self.harness.client.recorder.records if record.reply]
        return next((reply for reply in replies if reply.member("access_token") == token), None)

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The scopes in the token, else in the reply that granted it; empty if none is one of the contract's."""
        named = _names(self.claims.get("scope", self.claims.get("scp")))
        named = named or (_names(self.token_reply.member("scope")) if self.token_reply else named)
        return named if named & self.harness.contract.scopes else frozenset()

    @property
    def operations(self) -> list[Operation]:
        """The GET operations that the token must be accepted for."""
        found = [each for each in permitted_reads(self.harness, self.account) if not self._tells_of_people(each)]
        return [each for each in found if not self.scopes or each.scopes <= self.scopes]

    def _tells_of_people(self, operation: Operation) -> bool:
        """It is the userinfo endpoint, which has nothing to tell of a client (OpenID Connect Core 1.0, section 5.3)."""
        server, prefix = self.harness.authorization_server, self.harness.client.prefix
        if not isinstance(self.account.source, ClientCredentials) or not server.names("userinfo_endpoint"):
            return False
        return operation.matches(server.path("userinfo_endpoint").removeprefix(prefix)) is not None

    @property
    def defect(self) -> str:
        """Why the token is not as the configuration says: expired, or without a scope; "" if it is."""
        until = self.claims.get("exp")
        if isinstance(until, int | float) and until < time.time():
            date = time.strftime("%Y-%m-%d %H:%M", time.gmtime(max(until, 0)))
            return f"its token expired on {date} UTC. Put a fresh one where {self.place} takes it from."
        lacking = " ".join(sorted(self.account.scopes - self.scopes))
        if not (self.token_reply and self.scopes and lacking):
            return ""  # no scopes can be named for a token that somebody made
        return f"it was granted no {lacking}. Have it granted, or name as `scopes` under {self.place} what it may have."

    @property
    def facts(self) -> str:
        """Its scopes and audience in a few words."""
        audience = f"audience {self.claims['aud']}" if "aud" in self.claims else ""
        return "".join(f"; {each}" for each in (self._scopes, audience) if each)

    @property
    def _scopes(self) -> str:
        lacking = self.harness.contract.scopes - self.scopes
        if not self.scopes or not lacking:
            return "every scope" if self.scopes else ""
        if len(lacking) < len(self.scopes):
            return f"every scope but {' '.join(sorted(lacking))}"
        return f"scopes {' '.join(sorted(self.scopes))}"


def _names(value: Any) -> frozenset[str]:
    listed = value.split() if isinstance(value, str) else value if isinstance(value, list) else ()
    return frozenset(each for each in listed if isinstance(each, str))
