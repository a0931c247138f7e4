"""Readings of an object at other paths than its own: by a public name, of a part, of what is known about it."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.http.polling import until
from conformance.observations.page_walk import LATENESS
from conformance.schemas.composition import keyword, properties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.requests.identifiers import ArrangedObject

LIFETIME = re.compile(r"(max-age|s-maxage)=\"?0*[1-9]", re.IGNORECASE)  # RFC 9111, section 5.2.2
LONG_ENOUGH = 8  # characters of a text that is not met by chance


@dataclass(frozen=True, kw_only=True)
class OtherReadings:
    """What else shows the object that an operation changes, and whether it shows the change once it has been read."""

    contract: Contract
    arranger: Arranger
    operation: Operation
    owner: Account

    def stale(self) -> list[Reply]:
        """The answers that go on showing what an object was when they were first asked for.

        Only readings count that show a change of an object that nobody has read there before, and do not say that they
        may be stored (Cache-Control). Raises InapplicableError if there are none, BlockedError if a change is refused.
        """
        unread, read = self._made(), self._made()
        new = self._changed(unread)
        following = [each for each in self._candidates if self._shows(each, unread, new)]
        old = {name: text for name, text in _texts(read.reply.request).items() if name in new}
        shown = [each for each in following if self._shows(each, read, old)]
        if not shown:
            raise InapplicableError(f"nothing but its own path shows what {self.operation.id} changes")
        new = self._changed(read)
        later = [self._read_until(each, read, new) for each in shown]
        return [reply for reply in later if _shown(reply, old) and not _shown(reply, new)]

    @property
    def _candidates(self) -> list[Operation]:
        made_by = self._producer_of(self.operation)
        readings = (each for each in self.contract.operations if each.method == "GET" and each.path_parameters)
        others = (each for each in readings if each.path != self.operation.path)
        return [each for each in others if self._producer_of(each) == made_by]

    def _producer_of(self, operation: Operation) -> str | None:
        producer = self.arranger.producer(operation)
        return producer.operation.id if producer else None

    def _made(self) -> ArrangedObject:
        return self.arranger.object_for(self.operation, self.owner)

    def _changed(self, thing: ArrangedObject) -> dict[str, str]:
        """The texts that a change has set in the place of those with which the thing was made."""
        request, former = self.arranger.request(self.operation, self.owner, thing), _texts(thing.reply.request)
        request = self.arranger.bodies.with_members(request, **self._other_texts(former))
        reply = self.owner.send(request)
        if not self.operation.succeeded(reply.status):
            raise BlockedError(f"{self.operation.id} answered {reply.status} to a change of what was just made.")
        return {name: text for name, text in _texts(request).items() if former.get(name, text) != text}

    def _other_texts(self, former: Mapping[str, str]) -> dict[str, str]:
        document, schema = self.contract.document, self.operation.body_schema
        free = {
            name
            for name, member in properties(document, schema).items()
            if not keyword(document, member, "enum") and keyword(document, member, "format") != "date-time"
        } - {self.contract.receiver_member(self.operation)}
        return {
            name: next((other for other in values if isinstance(other, str) and other != former[name]), former[name])
            for name, values in self.arranger.bodies.member_values(self.operation).items()
            if name in former and name in free
        }

    def _shows(self, reading: Operation, thing: ArrangedObject, texts: Mapping[str, str]) -> bool:
        with contextlib.suppress(BlockedError, UntestableError):
            reply = self._read(reading, thing)
            return _shown(reply, texts) and not LIFETIME.search(reply.header("Cache-Control"))
        return False

    def _read_until(self, reading: Operation, thing: ArrangedObject, texts: Mapping[str, str]) -> Reply:
        def read() -> Reply:
            return self._read(reading, thing)

        return until(read, lambda reply: _shown(reply, texts), within=LATENESS)

    def _read(self, reading: Operation, thing: ArrangedObject) -> Reply:
        producer = self.arranger.producer(reading)
        assert producer is not None
        parameters = self.arranger.parameters(producer, reading, thing.reply, self.owner)
        return self.owner.send(self.arranger.request_with(reading, parameters), "control")


def _texts(request: Request) -> dict[str, str]:
    """The members of the body that are texts by which it can be told from others."""
    members = request.json.items()
    return {name: text for name, text in members if isinstance(text, str) and len(text) >= LONG_ENOUGH}


def _shown(reply: Reply, texts: Mapping[str, str]) -> bool:
    return any(text in reply.full_text for text in texts.values())
