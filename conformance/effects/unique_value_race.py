"""Concurrent creations that ask for one value which only one object may have (`x-unique`)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.contract.document import with_value_at
from conformance.errors import BlockedError, UntestableError
from conformance.http.concurrency import concurrently
from conformance.observations.timestamps import is_date_time
from conformance.requests.validity import Validity
from conformance.schemas.composition import member_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.requests.validity import RequestValidity

DISTINCTIVE_LENGTH = 8  # characters of a text that two objects do not share by chance


@dataclass(frozen=True, kw_only=True)
class UniqueValueRace:
    """Creations by the contenders in turn, all with one value of a unique member."""

    arranger: Arranger
    validator: RequestValidity
    operation: Operation
    contenders: tuple[Account, ...]
    member: str

    def race(self, count: int) -> tuple[list[Reply], list[Reply]]:
        """The replies to so many creations at once: those that succeeded, and the others.

        Raises BlockedError if none did, and a creation with a value of its own does not succeed either.
        """
        value = self.new_value()
        accounts = [self.contenders[index % len(self.contenders)] for index in range(count)]
        creations = [account.authenticated(self.creation(account, value)) for account in accounts]
        calls = [
            partial(account.client.send, request, identity=account.name)
            for account, request in zip(accounts, creations, strict=True)
        ]
        replies = concurrently(calls)
        won = [self.operation.succeeded(reply.status) for reply in replies]
        if not any(won):
            self._require_possible()
        return (
            [reply for reply, first in zip(replies, won, strict=True) if first],
            [reply for reply, first in zip(replies, won, strict=True) if not first],
        )

    def creation(self, account: Account, value: Any) -> Request:
        """A valid request of this account, with this value."""
        request = self.arranger.request(self.operation, account)
        if not self.operation.takes_json:
            return request.with_members(**{self.member: value})
        return request.with_json(with_value_at(request.json, self.member, value))

    def _require_possible(self) -> None:
        account = self.contenders[0]
        reply = account.send(self.creation(account, self.new_value()), "control")
        if not self.operation.succeeded(reply.status):
            raise BlockedError(f"{self.operation.id} answered {reply.status} to a creation with a value that is new.")

    def new_value(self) -> str:
        """A value that nobody has used. Raises UntestableError if none of the known forms is permitted."""
        schema = member_schema(self.validator.contract.document, self.operation.body_schema, self.member)
        found = next(
            (text for text in _candidates() if self.validator.value_validity(schema, text) is Validity.PERMITTED),
            "",
        )
        if not found:
            raise UntestableError(f"no new value is known for {self.member}, which {self.operation.id} wants unique.")
        return found

    def disclosed(self, winners: list[Reply], losers: list[Reply]) -> list[str]:
        """Texts of the winner that the refusals disclose, beyond what the losers sent themselves."""
        texts_of_winners = {text for winner in winners for text in _texts(winner.json) if not is_date_time(text)}
        texts_of_winners |= {contender.subject for contender in self.contenders if contender.subject}
        sent = {text for reply in losers for text in _texts(reply.request.json)}
        return sorted(text for text in texts_of_winners - sent for reply in losers if text in reply.text)


def _texts(value: Any) -> Iterator[str]:
    """The texts among the members of an object that are long enough to tell it by."""
    members: Mapping[str, Any] = value if isinstance(value, dict) else {}
    yield from (text for text in members.values() if isinstance(text, str) and len(text) >= DISTINCTIVE_LENGTH)


def _candidates() -> Iterator[str]:
    """Random texts of common forms."""
    yield from (secrets.token_hex(size) for size in (8, 4, 6, 10, 16, 3))
    yield from (f"x{secrets.token_hex(4)}@example.org", f"https://example.org/{secrets.token_hex(8)}")
    yield from (str(secrets.randbelow(9 * 10**size) + 10**size) for size in range(15, 3, -1))
