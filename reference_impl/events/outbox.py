"""Publishes events: rows written in the transaction of the change itself, so that neither exists alone."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.entities import Webhook
    from reference_impl.domain.ids import Ids
    from reference_impl.storage.database import Database
    from reference_impl.storage.deliveries import Deliveries
    from reference_impl.storage.webhooks import Webhooks


class Envelopes:
    """Events in the form of CloudEvents 1.0."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.clock = clock
        self.ids = ids

    def envelope(self, kind: str, source: str, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": self.event_id(),
            "source": source,
            "type": kind,
            "time": self.time(),
            "datacontenttype": "application/json",
            "data": data,
        }

    def event_id(self) -> str:
        return self.ids.new("evt")

    def time(self) -> str:
        return self.clock.timestamp()

    def serialise(self, envelope: Mapping[str, Any]) -> bytes:
        """Done once: what is stored is what is signed and sent."""
        return json.dumps(envelope, ensure_ascii=False).encode()


class Subscriptions:
    """Which receivers get an event."""

    def __init__(self, webhooks: Webhooks) -> None:
        self.webhooks = webhooks

    def interested(self, kind: str, owner: str) -> Iterable[str]:
        """Ids of the owner's enabled receivers that subscribed to the kind of event."""
        return [each.id for each in self.candidates(owner) if self.is_active(each) and self.wants(each, kind)]

    def candidates(self, owner: str) -> Iterable[Webhook]:
        return self.webhooks.all_of(owner)

    def is_active(self, webhook: Webhook) -> bool:
        return webhook.enabled

    def current(self, webhook_id: str) -> Webhook | None:
        """The receiver as it is now, for an attempt; None if it takes no deliveries any more."""
        webhook = self.webhooks.find(webhook_id)
        return webhook if webhook and self.is_active(webhook) else None

    def wants(self, webhook: Webhook, kind: str) -> bool:
        return kind in webhook.events


class Outbox:
    """Writes events and their deliveries, and wakes the dispatcher once they are committed."""

    def __init__(
        self, database: Database, envelopes: Envelopes, subscriptions: Subscriptions, deliveries: Deliveries
    ) -> None:
        self.database = database
        self.envelopes = envelopes
        self.subscriptions = subscriptions
        self.deliveries = deliveries
        self.wake = threading.Event()

    def publish(self, kind: str, *, owner: str, source: str, data: Mapping[str, Any]) -> str:
        """Publishes to the owner's subscribers; the id of the event."""
        with self.database.transaction():
            event_id = self.record(kind, owner, self.envelopes.envelope(kind, source, data))
            self.deliveries.add(event_id, self.subscriptions.interested(kind, owner))
        return event_id

    def publish_to(self, webhook: Webhook, kind: str, *, source: str, data: Mapping[str, Any]) -> str:
        """Publishes to this receiver alone, whatever it subscribed to; the id of the event."""
        with self.database.transaction():
            event_id = self.record(kind, webhook.owner, self.envelopes.envelope(kind, source, data))
            self.deliveries.add(event_id, self.addressees(webhook))
        return event_id

    def addressees(self, webhook: Webhook) -> Iterable[str]:
        return [webhook.id]

    def record(self, kind: str, owner: str, envelope: Mapping[str, Any]) -> str:
        values = {"id": envelope["id"], "type": kind, "owner": owner, "body": self.envelopes.serialise(envelope)}
        self.database.change(insert(EVENTS).values(values))
        self.database.after_commit(self.wake.set)
        return str(envelope["id"])
