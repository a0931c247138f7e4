"""Credentials that a server asks for although its document declares none."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

from conformance.errors import BlockedError
from conformance.http.messages import Request
from conformance.init.proposals import Proposal
from conformance.observations.challenges import challenges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.init.proposals import Guesses

MOST_READ = 12  # operations that are asked without credentials
EACH_SECURITY = "$.paths.*.*.security"
SCHEMES = ("basic", "bearer")
ANYTHING = (("Accept", "*/*"),)


@dataclass(frozen=True, kw_only=True)
class UndeclaredSecurity:
    """Asks without credentials for what can be read."""

    guesses: Guesses
    client: Client

    @property
    def contract(self) -> Contract:
        return self.guesses.contract

    def proposals(self) -> list[Proposal]:
        """What the document should say of credentials; nothing if it says something, or nobody is asked for any."""
        if any(operation.takes_credentials for operation in self.contract.operations):
            return []
        replies = list(islice(self._replies(), MOST_READ))
        asking = [(operation, scheme) for operation, reply in replies if (scheme := _challenged(reply))]
        if not asking:
            return []
        first, scheme = asking[0]
        told = (
            f"The document declares no credentials, and {first.id} is answered 401 with a challenge for {scheme} where "
            "none are sent. So the suite sends some with every request. Where they are needed is declared for what was "
            "seen to ask for them, below. If nothing but what was answered without is open, take `{}` out of the list."
        )
        sent = Proposal(target="$", update=self._declaration(scheme), reason=told, certain=True)
        needed = [self._needed(operation, each) for operation, each in asking]
        return [
            *self._unopened(),
            sent,
            *needed,
            *(self._open(operation) for operation, reply in replies if reply.success),
        ]

    def _replies(self) -> Iterator[tuple[Operation, Reply]]:
        for operation in self.contract.operations:
            if operation.method == "GET" and not any(known.required for known in operation.parameters):
                with contextlib.suppress(BlockedError):  # another may answer
                    yield operation, self.client.exchange(Request(method="GET", path=operation.path, headers=ANYTHING))

    def _declaration(self, scheme: str) -> dict[str, Any]:
        security: dict[str, Any] = {"security": [{scheme: []}, {}]}
        if "swagger" not in self.guesses.raw:
            return {"components": {"securitySchemes": {scheme: {"type": "http", "scheme": scheme}}}, **security}
        field = {"type": "apiKey", "in": "header", "name": "Authorization"}
        return {"securityDefinitions": {scheme: {"type": "basic"} if scheme == "basic" else field}, **security}

    def _unopened(self) -> list[Proposal]:
        """That no operation says of itself that it asks for nothing, as the tools of some frameworks write it."""
        operations = (each for item in self.guesses.raw.get("paths", {}).values() for each in item.values())
        if not any(isinstance(each, dict) and "security" in each for each in operations):
            return []
        told = "The document says of each operation that it asks for nothing, which is not so."
        return [Proposal(target=EACH_SECURITY, update=None, reason=told, certain=True)]

    def _needed(self, operation: Operation, scheme: str) -> Proposal:
        told = f"{operation.id} is answered 401 without credentials."
        return Proposal(
            target=self.guesses.target(operation), update={"security": [{scheme: []}]}, reason=told, certain=True
        )

    def _open(self, operation: Operation) -> Proposal:
        told = f"{operation.id} is answered without credentials."
        return Proposal(target=self.guesses.target(operation), update={"security": []}, reason=told, certain=True)


def _challenged(reply: Reply) -> str:
    """The first scheme of SCHEMES that a 401 asks for; empty for any other reply."""
    if reply.status != HTTPStatus.UNAUTHORIZED:
        return ""
    try:
        asked = {challenge.scheme.lower() for challenge in challenges(reply.header("WWW-Authenticate"))}
    except ValueError:
        return ""
    return next((scheme for scheme in SCHEMES if scheme in asked), "")
