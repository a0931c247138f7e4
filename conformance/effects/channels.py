"""The channels on which a contract shows what an operation did: objects, the collection, events."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.http.client import Record
from conformance.http.messages import Reply, Request
from conformance.observations.page_walk import items, whole_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.messages import Event
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.servers.webhook_receiver import Delivery
    from conformance.webhooks.subscriptions import Registration, Subscriber


@dataclass(frozen=True, kw_only=True)
class Channels:
    """The channels of one operation for one owner; `hook` is None where the operation emits no event."""

    contract: Contract
    arranger: Arranger
    subscriber: Subscriber
    operation: Operation
    owner: Account
    hook: Registration | None
    bound: float  # seconds within which an event must arrive

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events that the operation emits and the receiver was registered for."""
        names = set(self.operation.emits) & set(self.subscriber.subscribable) if self.hook else set()
        return tuple(event for event in self.contract.events if event.name in names)

    @property
    def creates(self) -> bool:
        """The operation creates something, instead of acting upon what its path addresses."""
        acts = self.operation.addressed and (self.operation.method == "PUT" or 201 not in self.operation.success)
        return not acts

    @cached_property
    def reading(self) -> Operation | None:
        """The operation that reads the object; of several, the one whose path is nearest. None if there is none."""
        if not self.creates:
            return self.contract.at("GET", self.operation.resource)
        found = [known for known in self.contract.operations if self._reads_created(known)]
        return min(found, key=lambda known: (not known.path.startswith(self.operation.path), known.path), default=None)

    @cached_property
    def listing(self) -> Operation | None:
        """The operation that lists such objects; None if there is none."""
        path = self.operation.path if self.creates else self.operation.resource.rpartition("/")[0]
        listing = self.contract.at("GET", path)
        if listing is None or not listing.secured or not 200 <= min(listing.success, default=0) < 300:
            return None
        return listing

    def created_parameters(self, reply: Reply) -> dict[str, str]:
        """The path parameters of the object that an accepted creation names; none if nothing reads it."""
        producer = self.arranger.producer(self.reading) if self.reading else None
        if self.reading is None or producer is None:
            return {}
        return self.arranger.parameters(producer, self.reading, reply, self.owner)

    def read(self, parameters: dict[str, str]) -> Reply:
        """The object that these path parameters address, as it is now."""
        assert self.reading is not None
        return self.owner.send(self.arranger.request_with(self.reading, parameters), "control")

    def entries(self, request: Request) -> list[Any]:
        """Every entry of the collection in which the request shows; none where the contract declares no such list."""
        if self.listing is None:
            return []
        known = {name: value for name, value in request.parameters if name in self.listing.path_parameters}
        view = self.arranger.request_with(self.listing, known)
        try:
            return [item for page in whole_list(self.owner, view, "control") for item in items(self.contract, page)]
        except InapplicableError:  # what is read there is no list
            return []

    def event_ids(self, event: Event, tokens: tuple[str, ...], *, least: int = 0) -> tuple[str, ...]:
        """The ids of the events that contain one of the tokens, as soon as there are `least`, or after the bound."""
        return self.ids(self.deliveries(event, tokens, least=least))

    def deliveries(self, event: Event, tokens: tuple[str, ...], *, least: int = 0) -> list[Delivery]:
        """The deliveries of the event that contain one of the tokens: at once if `least` are there, or at the bound."""
        assert self.hook is not None
        form, endpoint = self.subscriber.form(event), self.hook.endpoint
        texts = [token.encode() for token in tokens]

        def about(delivery: Delivery) -> bool:
            return any(text in delivery.body for text in texts) and form.matches(delivery)

        def enough(seconds: float) -> list[Delivery]:
            end = time.monotonic() + seconds
            found = endpoint.wait(about, within=0)
            while len(self.ids(found)) < least and (left := end - time.monotonic()) > 0:
                found = endpoint.wait(about, within=left, count=len(found) + 1)
            return found

        return self.subscriber.waits(event.name, self.bound, enough) if least else enough(0)

    def first_delivery_about(self, request: Request) -> Delivery:
        """The first delivery that contains the marker of a request. Raises BlockedError if none arrives in time."""
        assert self.hook is not None
        marker = request.marker.encode()
        found = self.hook.endpoint.wait(lambda delivery: marker in delivery.body, within=self.bound)
        if not found:
            raise BlockedError(f"no event of {self.operation.id} arrived within {self.bound:g} s.")
        return found[0]

    def parameters_of(self, request: Request, delivery: Delivery) -> dict[str, str]:
        """The path parameters of what an event is about, as the answer to the request would have given them.

        Raises UntestableError where the event does not show what the answer does.
        """
        if not self.creates:
            return dict(request.parameters)
        for part in nested_objects(delivery.payload):
            answer = Reply(request=request, status=201, headers=(), body=json.dumps(part).encode(), url="", seconds=0)
            with contextlib.suppress(BlockedError):
                return self.created_parameters(answer)
        raise UntestableError(f"what {self.operation.id} emits does not name what was made, as its answer does.")

    def record(self, delivery: Delivery) -> None:
        """Records a delivery as evidence of the check."""
        assert self.hook is not None
        url = self.hook.endpoint.url
        request = Request(
            method=delivery.method, path=delivery.target, headers=tuple(delivery.headers.items()), body=delivery.body
        )
        answer = Reply(
            request=request, status=self.hook.endpoint.default_answer.status, headers=(), body=b"", url=url, seconds=0
        )
        record = Record(label="delivery", identity="receiver", request=request, url=url, reply=answer)
        self.owner.client.recorder.keep(record)

    def ids(self, deliveries: list[Delivery]) -> tuple[str, ...]:
        """The distinct event ids of the deliveries: a retry has the id of the first attempt."""
        return tuple(dict.fromkeys(self.subscriber.event_id(delivery) for delivery in deliveries))

    def _reads_created(self, known: Operation) -> bool:
        if known.method != "GET" or not known.addressed or 200 not in known.success:
            return False
        producer = self.arranger.producer(known)
        return known.route == known.resource and producer is not None and producer.operation.id == self.operation.id


def nested_objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in a payload, the inner ones first."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        yield from nested_objects(member)
    if isinstance(value, dict):
        yield value


def refers_to(item: Any, *, markers: tuple[str, ...], identifiers: tuple[str, ...]) -> bool:
    """The item of a list contains one of the markers anywhere, or has one of the identifiers as a member."""
    text = json.dumps(item, ensure_ascii=False)
    members = item.values() if isinstance(item, dict) else [item]
    known = {str(member) for member in members if isinstance(member, (str, int))}
    return any(marker in text for marker in markers) or bool(known & set(identifiers))
