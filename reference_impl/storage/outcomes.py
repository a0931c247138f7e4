"""Stored answers of keyed requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.domain.clock import Clock
    from reference_impl.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of the first request with a key; without a status it is still running."""

    key: str
    fingerprint: str
    status: int | None
    headers: Mapping[str, str] | None
    body: bytes | None
    forgotten_at: float


class Outcomes:
    """Answers by storage key, until they are forgotten."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    def find(self, key: str) -> Outcome | None:
        live = OUTCOMES.c.forgotten_at > self.clock.seconds()
        row = self.database.row(select(OUTCOMES).where(OUTCOMES.c.key == key, live))
        return Outcome(**row) if row else None

    def claim(self, key: str, fingerprint: str, retention: float) -> bool:
        """Whether the key was free; it is taken from now on."""
        now = self.clock.seconds()
        self.database.change(delete(OUTCOMES).where(OUTCOMES.c.forgotten_at <= now))
        values = {"key": key, "fingerprint": fingerprint, "forgotten_at": now + retention}
        claimed = insert(OUTCOMES).values(values).on_conflict_do_nothing().returning(OUTCOMES.c.key)
        return self.database.row(claimed) is not None

    def settle(self, key: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        values = {"status": status, "headers": headers, "body": body}
        self.database.change(update(OUTCOMES).where(OUTCOMES.c.key == key).values(values))
