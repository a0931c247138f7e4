"""The events of an AsyncAPI 3 document: what is sent to receivers, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.document import ContractError
from conformance.contract.messages import Event, messages_of, other_protocols, with_traits
from conformance.contract.reading.document_validation import check_asyncapi
from conformance.contract.reading.gathering import gathered
from conformance.contract.reading.grammar import ASYNCAPI_GRAMMAR
from conformance.contract.signature_scheme import SignatureScheme
from conformance.contract.upgrade import asyncapi_2
from conformance.contract.upgrade.omissions import Omission, Omissions
from conformance.contract.vocabulary import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.reading.location import Location


@dataclass(frozen=True, kw_only=True)
class Events:
    """All messages sent to receivers, with the signature and the delivery policy that hold for them."""

    title: str
    document: Mapping[str, Any]
    messages: tuple[Event, ...]
    signature: SignatureScheme | None
    delivery: Delivery
    omissions: tuple[Omission, ...] = ()  # what the document says and nothing judges

    def __iter__(self) -> Iterator[Event]:
        return iter(self.messages)

    def named(self, name: str) -> Event | None:
        return next((message for message in self.messages if message.name == name), None)


NONE = Events(title="", document={}, messages=(), signature=None, delivery=Delivery())


def read(where: Location) -> Events:
    """The events that the document's `send` operations deliver by HTTP."""
    reading, omissions = gathered(where, ASYNCAPI_GRAMMAR), Omissions()
    version = str(reading.document.get("asyncapi", ""))
    if not version.startswith(("2.", "3.")):
        told = f"its `asyncapi` member is {version or 'missing'}"
        raise ContractError(f"{reading.shown} is not an AsyncAPI 2 or 3 document: {told}. Give one, or leave it out.")
    check_asyncapi(reading)
    reading.problems.insist()
    document = asyncapi_2.upgraded(reading.document, omissions) if version.startswith("2.") else reading.document
    sending = list(_sending(document, omissions))
    messages = {event.name: event for operation in sending for event in messages_of(document, operation, omissions)}
    described: Mapping[str, Any] = next(
        (operation for operation in sending if "x-signature" in operation or "x-delivery" in operation), {}
    )
    return Events(
        title=document.get("info", {}).get("title", ""),
        document=document,
        messages=tuple(messages.values()),
        signature=SignatureScheme.of(described.get("x-signature")),
        delivery=Delivery.of(described.get("x-delivery")),
        omissions=omissions.found,
    )


def _sending(document: Mapping[str, Any], omissions: Omissions) -> Iterator[Mapping[str, Any]]:
    """The operations that send by HTTP; channels of other protocols are named."""
    for name, declared in document.get("operations", {}).items():
        operation = with_traits(document, declared)
        others = other_protocols(document, operation)
        if others:
            place = str(operation.get("channel", {}).get("$ref", "")).rpartition("/")[2] or name
            told = f"channels of the protocol {', '.join(others)} are not judged"
            omissions.add(told, place=place.replace("~1", "/"), mend="Events are judged as webhooks over HTTP.")
        elif operation.get("action") == "send":
            yield operation
