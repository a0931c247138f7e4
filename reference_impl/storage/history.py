"""What became of deliveries: every attempt, as their owner may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert

from reference_impl.domain.entities import Attempt, Sending
from reference_impl.storage.tables import ATTEMPTS, DELIVERIES, EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, RowMapping

    from reference_impl.storage.database import Database

SHOWN = [DELIVERIES.c[name] for name in ("position", "id", "event_id", "webhook_id", "state", "created_at", "due_at")]
MADE = ("at", "status", "failure", "duration_ms")


class History:
    """The log of all deliveries."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def record(self, delivery_id: str, attempt: Attempt) -> None:
        """Keeps the attempt, unless the receiver was removed while it was under way."""
        values = [literal(getattr(attempt, name), ATTEMPTS.c[name].type) for name in MADE]
        made = select(DELIVERIES.c.id, *values).where(DELIVERIES.c.id == delivery_id)
        self.database.change(insert(ATTEMPTS).from_select(["delivery_id", *MADE], made))

    def page(self, webhook_id: str, before: int | None, size: int) -> Sequence[Sending]:
        """Up to `size` deliveries to the receiver, newest first, made before the position `before`."""
        conditions = [DELIVERIES.c.webhook_id == webhook_id]
        if before is not None:
            conditions.append(DELIVERIES.c.position < before)
        return self._read(conditions, size)

    def find(self, webhook_id: str, delivery_id: str) -> Sending | None:
        """The delivery, if it went to this receiver."""
        return next(iter(self._read(self.named(webhook_id, delivery_id), 1)), None)

    def named(self, webhook_id: str, delivery_id: str) -> list[ColumnElement[bool]]:
        return [DELIVERIES.c.id == delivery_id, DELIVERIES.c.webhook_id == webhook_id]

    def id_of(self, event_id: str, webhook_id: str) -> str | None:
        """The delivery of an event to a receiver, None if there is none."""
        named = (DELIVERIES.c.event_id == event_id, DELIVERIES.c.webhook_id == webhook_id)
        row = self.database.row(select(DELIVERIES.c.id).where(*named))
        return str(row["id"]) if row else None

    def attempts(self, delivery_ids: Iterable[str]) -> Sequence[RowMapping]:
        """Those of all these deliveries, oldest first."""
        query = select(ATTEMPTS).where(ATTEMPTS.c.delivery_id.in_(delivery_ids)).order_by(ATTEMPTS.c.position)
        return self.database.rows(query)

    def _read(self, conditions: Sequence[ColumnElement[bool]], size: int) -> Sequence[Sending]:
        query = (
            select(*SHOWN, EVENTS.c.type.label("event_type"))
            .join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
            .where(*conditions)
            .order_by(DELIVERIES.c.position.desc())
            .limit(size)
        )
        rows = self.database.rows(query)
        made = self.attempts([row["id"] for row in rows]) if rows else []
        return [Sending(**row, attempts=attempts_of(row["id"], made)) for row in rows]


def attempts_of(delivery_id: str, rows: Sequence[RowMapping]) -> tuple[Attempt, ...]:
    """The attempts at one of several deliveries."""
    own = (row for row in rows if row["delivery_id"] == delivery_id)
    return tuple(Attempt(**{name: row[name] for name in MADE}) for row in own)
