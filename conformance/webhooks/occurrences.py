"""Events that were triggered, and how their deliveries are recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import UntestableError

if TYPE_CHECKING:
    from conformance.contract.messages import Event
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.servers.webhook_receiver import Delivery


KIND = re.compile(r"(?:^|[-_])(?:event|event_?type|type|topic|kind)$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class EventForm:
    """How a delivery of an event looks: the schema of its payload, and the names of events that a delivery may bear."""

    name: str
    names: frozenset[str]  # of all events
    validator: Any

    def matches(self, delivery: Delivery) -> bool:
        """The payload fits, and no member or header field that tells the kind of an event names another one."""
        told = self._told(delivery)
        return bool(self.validator.is_valid(delivery.payload)) and (not told or self.name in told)

    def _told(self, delivery: Delivery) -> set[str]:
        members = delivery.payload if isinstance(delivery.payload, dict) else {}
        texts = [value for name, value in (*members.items(), *delivery.headers.items()) if KIND.search(name)]
        return {text for text in texts if isinstance(text, str)} & self.names


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """An occurrence in the sense of CloudEvents: one event that was triggered, and how its delivery is recognised."""

    event: Event
    reply: Reply
    identifying_texts: tuple[str, ...]
    form: EventForm
    delay: float = 0.0  # seconds until it happens: the events of a job come when the job has ended

    def __repr__(self) -> str:
        request = self.reply.request
        return f"{self.event.name} after {request.method} {request.path.partition('?')[0]} ({self.reply.status})"

    def in_delivery(self, delivery: Delivery) -> bool:
        """Whether the delivery is of this occurrence: its payload is valid for the event and mentions the object."""
        return self.mentioned_in(delivery) and self.has_payload_form(delivery)

    def mentioned_in(self, delivery: Delivery) -> bool:
        """Whether the delivery mentions the object of the occurrence, be its payload valid or not."""
        return any(token.encode() in delivery.body for token in self.identifying_texts)

    def has_payload_form(self, delivery: Delivery) -> bool:
        """Whether the payload is valid for the event, and the delivery not called another one."""
        return self.form.matches(delivery)


def identifying_texts(operation: Operation, request: Request, reply: Reply) -> tuple[str, ...]:
    """Texts that only this occurrence contains: the marker that was sent, what is unique, else the ids of the object.

    Raises UntestableError without any: no delivery could be recognised.
    """
    if request.marked:
        return (request.marker,)
    unique = [str(request.json[name]) for name in operation.unique if request.json.get(name)]
    identifiers = [value for _, value in request.parameters]
    found = tuple(filter(None, [*unique, *identifiers] or [str(reply.member("id") or "")]))
    if reply.success and not found:
        raise UntestableError(
            f"nothing is known by which an event of {operation.id} could be recognised. Name a member of its body "
            "of which no two objects have the same value (x-unique).",
        )
    return found


def told_of_event(payload: Any) -> Any:
    """What a payload tells of its event, which is the same for each receiver: all of a CloudEvent, else its objects.

    What stands beside these may be about the delivery, as an id of its own is.
    """
    if not isinstance(payload, dict) or "specversion" in payload:
        return payload
    objects = {name: value for name, value in payload.items() if isinstance(value, (dict, list))}
    return objects or payload
