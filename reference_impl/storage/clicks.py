"""Visits of links: first noted, then counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from reference_impl.domain.entities import Click, Statistics
from reference_impl.storage.tables import CLICKS, LINKS, UNCOUNTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from reference_impl.storage.database import Database


class Clicks:
    """Notes wait in one table; what has been counted stands in another, each event once."""

    batch = 100  # notes that are counted in one transaction

    def __init__(self, database: Database) -> None:
        self.database = database

    def note(self, click: Click) -> None:
        values = {"event_id": click.event_id, "link_id": click.link_id, "clicked_at": click.clicked_at}
        self.database.change(insert(UNCOUNTED).values(values))

    def count(self) -> int:
        """Counts what waits, up to a batch: how many visits that were."""
        with self.database.transaction():
            notes = self.taken()
            known = self._links(notes)
            rows = [{**note} for note in notes if note["link_id"] in known]
            if rows:
                self.database.change(insert(CLICKS).values(rows))
        return len(notes)

    def taken(self) -> Sequence[RowMapping]:
        """The oldest notes, which are gone with the transaction that counts them."""
        columns = UNCOUNTED.c
        oldest = select(columns.position).order_by(columns.position).limit(self.batch)
        taking = delete(UNCOUNTED).where(columns.position.in_(oldest))
        return self.database.rows(taking.returning(columns.event_id, columns.link_id, columns.clicked_at))

    def _links(self, notes: Sequence[RowMapping]) -> set[str]:
        """Those of the visited links that are still there."""
        query = select(LINKS.c.id).where(LINKS.c.id.in_({note["link_id"] for note in notes}))
        return {row["id"] for row in self.database.rows(query)}

    def statistics(self, link_id: str) -> Statistics:
        counted = select(func.count().label("clicks"), func.max(CLICKS.c.clicked_at).label("last_clicked_at"))
        [row] = self.database.rows(counted.where(CLICKS.c.link_id == link_id))
        return Statistics(**row)

    def page(self, link_id: str, before: int | None, size: int) -> Sequence[Click]:
        """Up to `size` visits of the link, newest first, counted before the position `before`."""
        query = select(CLICKS).where(CLICKS.c.link_id == link_id).order_by(CLICKS.c.position.desc()).limit(size)
        if before is not None:
            query = query.where(CLICKS.c.position < before)
        return [Click(**row) for row in self.database.rows(query)]
