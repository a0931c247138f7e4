"""Who is asking, and may they?"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract import Operation
    from werkzeug.datastructures import Headers


@dataclass(frozen=True)
class Grant:
    """What a token stands for."""

    user: str
    scopes: frozenset[str]


class Gate:
    """Checks the credential that the contract demands of an operation."""

    def __init__(self, tokens: Mapping[str, Grant], keys: tuple[str, ...]) -> None:
        self._tokens = tokens
        self._keys = keys

    def admit(self, operation: Operation, headers: Headers) -> str:
        """The user; "" where the operation asks for none. Refuses with 401 or 403."""
        if operation.scheme == "staff":
            grant = self.grant(operation, headers.get("Authorization", ""))
            self.check_scopes(operation, grant)
            return grant.user
        if operation.scheme == "office":
            self.check_key(headers.get("X-Clinic-Key", ""))
        return ""

    def grant(self, operation: Operation, authorization: str) -> Grant:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise RefusalError(401, f"{operation.id} needs a token.", headers=challenge('Bearer realm="clinic"'))
        if token not in self._tokens:
            challenged = challenge('Bearer realm="clinic", error="invalid_token"')
            raise RefusalError(401, "The token is not one of ours.", headers=challenged)
        return self._tokens[token]

    def check_scopes(self, operation: Operation, grant: Grant) -> None:
        if not grant.scopes.issuperset(operation.scopes):
            wanted = " ".join(operation.scopes)
            challenged = challenge(f'Bearer realm="clinic", error="insufficient_scope", scope="{wanted}"')
            raise RefusalError(403, f"{operation.id} needs {wanted}.", headers=challenged)

    def check_key(self, key: str) -> None:
        if not any(hmac.compare_digest(key.encode(), known.encode()) for known in self._keys):
            raise RefusalError(401, "The office key is missing or wrong.", headers=challenge('ApiKey realm="clinic"'))


def challenge(value: str) -> dict[str, str]:
    return {"WWW-Authenticate": value}
