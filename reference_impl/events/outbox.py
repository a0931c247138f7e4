"""Publishes events: a row written in the transaction of the change itself, so that neither exists alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from reference_impl.domain.clock import Clock
from reference_impl.domain.ids import Ids
from reference_impl.storage.database import Database
from reference_impl.storage.tables import EVENTS


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
            "time": self.clock.timestamp(),
            "datacontenttype": "application/json",
            "data": data,
        }

    def event_id(self) -> str:
        return self.ids.new("evt")

    def serialise(self, envelope: Mapping[str, Any]) -> bytes:
        """Done once: what is stored is what is signed and sent."""
        return json.dumps(envelope, ensure_ascii=False).encode()


class Outbox:
    """Writes events for the dispatcher, and wakes it."""

    def __init__(self, database: Database, envelopes: Envelopes, clock: Clock) -> None:
        self.database = database
        self.envelopes = envelopes
        self.clock = clock
        self.wake = threading.Event()

    def publish(
        self, kind: str, *, owner: str, source: str, data: Mapping[str, Any], webhook_id: str | None = None
    ) -> str:
        """The id of the event; with `webhook_id` it is meant for that receiver alone."""
        envelope = self.envelopes.envelope(kind, source, data)
        values = {
            "id": envelope["id"],
            "type": kind,
            "owner": owner,
            "webhook_id": webhook_id,
            "body": self.envelopes.serialise(envelope),
            "fanned_out": False,
        }
        self.database.change(insert(EVENTS).values(values))
        self.database.after_commit(self.wake.set)
        return str(envelope["id"])
