"""Deliveries on their way: one row for each event and receiver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import DELIVERIES, EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Select

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.ids import Ids
    from reference_impl.storage.database import Database

DONE = {"due_at": None, "leased_until": 0.0}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One event on its way to one receiver; `attempts` have been made before in this `round`."""

    position: int
    id: str
    event_id: str
    webhook_id: str
    round: int
    attempts: int
    body: bytes


class Deliveries:
    """A queue whose items are leased: what a crash leaves behind is taken up again when the lease is over."""

    prefix = "dlv"

    def __init__(self, database: Database, clock: Clock, ids: Ids, lease: float) -> None:
        self.database = database
        self.clock = clock
        self.ids = ids
        self.lease = lease  # seconds

    def add(self, event_id: str, webhook_ids: Iterable[str]) -> None:
        blank = {"event_id": event_id, "state": "pending", "created_at": self.clock.timestamp(), "round": 0}
        blank |= {"attempts": 0, "due_at": self.clock.seconds(), "leased_until": 0.0}
        rows = [{**blank, "id": self.ids.new(self.prefix), "webhook_id": webhook_id} for webhook_id in webhook_ids]
        if rows:
            self.database.change(insert(DELIVERIES).values(rows))

    def claim(self, limit: int) -> Sequence[Delivery]:
        """The oldest delivery that is due of each receiver that has none under way, up to `limit`."""
        now = self.clock.seconds()
        oldest = (
            select(func.min(DELIVERIES.c.position))
            .where(DELIVERIES.c.due_at <= now, DELIVERIES.c.webhook_id.not_in(self._busy(now)))
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
        columns = [DELIVERIES.c[name] for name in ("position", "id", "event_id", "webhook_id", "round", "attempts")]
        query = (
            select(*columns, EVENTS.c.body)
            .join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
            .where(DELIVERIES.c.position.in_(positions))
            .order_by(DELIVERIES.c.position)
        )
        return [Delivery(**row) for row in self.database.rows(query)]

    def next_due(self) -> float | None:
        """When the next delivery to a receiver that has none under way can be claimed, in seconds since the epoch."""
        idle = DELIVERIES.c.webhook_id.not_in(self._busy(self.clock.seconds()))
        row = self.database.row(select(func.min(DELIVERIES.c.due_at)).where(idle))
        return next(iter(row.values())) if row else None

    def _busy(self, now: float) -> Select[tuple[str]]:
        """The receivers that have a delivery under way."""
        return select(DELIVERIES.c.webhook_id).where(DELIVERIES.c.leased_until > now)

    def postpone(self, delivery: Delivery, due_at: float) -> None:
        self._settle(delivery, {"attempts": delivery.attempts + 1, "due_at": due_at, "leased_until": 0.0})

    def finish(self, delivery: Delivery) -> None:
        self._settle(delivery, {"state": "delivered", **DONE})

    def give_up(self, delivery: Delivery) -> None:
        self._settle(delivery, {"state": "failed", **DONE})

    def cancel(self, delivery: Delivery) -> None:
        self._settle(delivery, {"state": "cancelled", **DONE})

    def again(self, delivery_id: str) -> None:
        """Begins a new round, whatever has become of the last one."""
        fresh = {"state": "pending", "attempts": 0, "due_at": self.clock.seconds()}
        values = {**fresh, "round": DELIVERIES.c.round + 1}
        self.database.change(update(DELIVERIES).where(DELIVERIES.c.id == delivery_id).values(values))

    def _settle(self, delivery: Delivery, values: dict[str, Any]) -> None:
        """Writes what came of an attempt; if it was asked for again meanwhile, the new round stays due."""
        row = update(DELIVERIES).where(DELIVERIES.c.position == delivery.position)
        if not self.database.change(row.where(DELIVERIES.c.round == delivery.round).values(values)):
            self.database.change(row.values(leased_until=0.0))
