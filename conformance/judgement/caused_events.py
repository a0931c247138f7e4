"""The events that a request has caused: those delivered to the owner's receiver between two fences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account
    from conformance.judgement.controls import ControlledRequest
    from conformance.servers.webhook_receiver import Delivery
    from conformance.webhooks.deliveries import Deliveries
    from conformance.webhooks.subscriptions import Registration


@dataclass(frozen=True, kw_only=True)
class CausedEvents:
    """Sends a request of any account about the owner's object (or receiver), and gives the events it has caused."""

    ready: ControlledRequest
    hook: Registration
    deliveries: Deliveries

    def __call__(self, account: Account) -> list[bytes]:
        """The bodies of the deliveries that the request of the account has caused."""
        request = self._request()
        self.deliveries.before_fence(self.hook)
        earlier = {delivery.body for delivery in tuple(self.hook.endpoint.received)}
        account.send(request)
        later = self.deliveries.before_fence(self.hook)
        return [found.body for found in later if found.body not in earlier and self._emitted(found, request)]

    def _emitted(self, delivery: Delivery, request: Request) -> bool:
        """The delivery is an event that the operation emits, about the object of the request."""
        words = [value for _, value in request.parameters] + [request.marker]
        if not any(word.encode() in delivery.body for word in words if word):
            return False
        events = [event for event in self.ready.arranger.contract.events if event.name in self.ready.operation.emits]
        return any(self.deliveries.subscriber.form(event).matches(delivery) for event in events)

    def _request(self) -> Request:
        operation, arranger = self.ready.operation, self.ready.arranger
        producer = arranger.producer(operation) if operation.addressed else None
        if producer is None or producer.operation.subscription is None:
            return self.ready.request
        return arranger.request_with(operation, self.hook.parameters)
