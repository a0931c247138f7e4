"""The events of an AsyncAPI 3 document: what is sent to receivers, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.document import ContractError, follow
from conformance.contract.document_validation import check_asyncapi
from conformance.contract.reading.gathering import gathered
from conformance.contract.reading.grammar import ASYNCAPI_GRAMMAR
from conformance.contract.signature_scheme import SignatureScheme
from conformance.contract.vocabulary import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.reading.location import Location


@dataclass(frozen=True, kw_only=True, eq=False)
class Event:
    """A message that the platform sends: its name, the JSON Schema of its payload and of its headers.

    `correlation` is the runtime expression of its correlation id, empty if it has none.
    """

    name: str
    summary: str
    payload: Mapping[str, Any]
    headers: Mapping[str, Any]
    correlation: str = ""


@dataclass(frozen=True, kw_only=True)
class Events:
    """All messages sent to receivers, with the signature and the delivery policy that hold for them."""

    title: str
    document: Mapping[str, Any]
    messages: tuple[Event, ...]
    signature: SignatureScheme | None
    delivery: Delivery

    def __iter__(self) -> Iterator[Event]:
        return iter(self.messages)

    def named(self, name: str) -> Event | None:
        return next((message for message in self.messages if message.name == name), None)


NONE = Events(title="", document={}, messages=(), signature=None, delivery=Delivery())


def read(where: Location) -> Events:
    """The events that the document's `send` operations deliver."""
    reading = gathered(where, ASYNCAPI_GRAMMAR)
    document = reading.document
    version = str(document.get("asyncapi", ""))
    if not version.startswith("3."):
        told = f"its `asyncapi` member is {version or 'missing'}"
        raise ContractError(f"{reading.shown} is not an AsyncAPI 3 document: {told}. Give one, or leave it out.")
    check_asyncapi(reading)
    reading.problems.insist()
    sending = [follow(document, operation) for operation in document.get("operations", {}).values()]
    sending = [operation for operation in sending if operation.get("action") == "send"]
    messages = {event.name: event for operation in sending for event in messages_of(document, operation)}
    described: Mapping[str, Any] = next(
        (operation for operation in sending if "x-signature" in operation or "x-delivery" in operation), {}
    )
    return Events(
        title=document.get("info", {}).get("title", ""),
        document=document,
        messages=tuple(messages.values()),
        signature=SignatureScheme.of(described.get("x-signature")),
        delivery=Delivery.of(described.get("x-delivery")),
    )


def messages_of(document: Mapping[str, Any], operation: Mapping[str, Any]) -> list[Event]:
    """The messages of an operation; of its whole channel, if it names none."""
    channel = follow(document, operation.get("channel", {}))
    listed = operation.get("messages") or list(channel.get("messages", {}).values())
    found = [follow(document, follow(document, message)) for message in listed]
    return [
        Event(
            name=message.get("name", ""),
            summary=message.get("summary") or message.get("title", ""),
            payload=message.get("payload", {}),
            headers=message.get("headers", {}),
            correlation=str(follow(document, message.get("correlationId", {})).get("location", "")),
        )
        for message in found
    ]
