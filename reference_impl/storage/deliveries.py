"""Deliveries that are not done: one row for each event and receiver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import DELIVERIES, EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reference_impl.domain.clock import Clock
    from reference_impl.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One event on its way to one receiver; `attempts` have been made before."""

    position: int
    event_id: str
    webhook_id: str
    attempts: int
    body: bytes


class Deliveries:
    """A queue whose items are leased: what a crash leaves behind is taken up again when the lease is over."""

    def __init__(self, database: Database, clock: Clock, lease: float) -> None:
        self.database = database
        self.clock = clock
        self.lease = lease  # seconds

    def add(self, event_id: str, webhook_ids: Iterable[str]) -> None:
        blank = {"event_id": event_id, "attempts": 0, "due_at": 0.0, "leased_until": 0.0}
        rows = [{**blank, "webhook_id": webhook_id} for webhook_id in webhook_ids]
        if rows:
            self.database.change(insert(DELIVERIES).values(rows))

    def claim(self, limit: int) -> Sequence[Delivery]:
        """The oldest delivery that is due of each receiver that has none under way, up to `limit`."""
        now = self.clock.seconds()
        busy = select(DELIVERIES.c.webhook_id).where(DELIVERIES.c.leased_until > now)
        oldest = (
            select(func.min(DELIVERIES.c.position))
            .where(DELIVERIES.c.due_at <= now, DELIVERIES.c.webhook_id.not_in(busy))
            .group_by(DELIVERIES.c.webhook_id)
            .limit(limit)
        )
        statement = (
            update(DELIVERIES)
            .where(DELIVERIES.c.position.in_(oldest), DELIVERIES.c.leased_until <= now)
            .values(leased_until=now + self.lease)
            .returning(DELIVERIES.c.position)
        )
        claimed = [row["position"] for row in self.database.rows(statement)]
        return self._read(claimed) if claimed else []

    def _read(self, positions: Sequence[int]) -> Sequence[Delivery]:
        columns = DELIVERIES.c
        query = (
            select(columns.position, columns.event_id, columns.webhook_id, columns.attempts, EVENTS.c.body)
            .join(EVENTS, EVENTS.c.id == columns.event_id)
            .where(columns.position.in_(positions))
            .order_by(columns.position)
        )
        return [Delivery(**row) for row in self.database.rows(query)]

    def next_due(self) -> float | None:
        """When the next delivery can be claimed, in seconds since the epoch."""
        ready = select(func.min(DELIVERIES.c.due_at)).where(DELIVERIES.c.leased_until <= self.clock.seconds())
        row = self.database.row(ready)
        return next(iter(row.values())) if row else None

    def postpone(self, delivery: Delivery, due_at: float) -> None:
        values = {"attempts": delivery.attempts + 1, "due_at": due_at, "leased_until": 0.0}
        self.database.change(update(DELIVERIES).where(DELIVERIES.c.position == delivery.position).values(values))

    def finish(self, delivery: Delivery) -> None:
        self.database.change(delete(DELIVERIES).where(DELIVERIES.c.position == delivery.position))
