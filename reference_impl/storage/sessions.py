"""Who is logged in, in which browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import BROWSER_SESSIONS

if TYPE_CHECKING:
    from reference_impl.domain.clock import Clock
    from reference_impl.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class BrowserSession:
    """A login that holds until `expires_at`, in seconds since the epoch."""

    digest: str
    kind: str
    user_id: str
    auth_time: int
    expires_at: float


class BrowserSessions:
    """Sessions of one kind, known by the digests of their ids."""

    def __init__(self, database: Database, clock: Clock, kind: str, lifetime: float) -> None:
        self.database = database
        self.clock = clock
        self.kind = kind
        self.lifetime = lifetime  # seconds

    def begin(self, digest: str, user_id: str) -> BrowserSession:
        now = self.clock.seconds()
        self.database.change(delete(BROWSER_SESSIONS).where(BROWSER_SESSIONS.c.expires_at < now))
        session = BrowserSession(
            digest=digest, kind=self.kind, user_id=user_id, auth_time=int(now), expires_at=now + self.lifetime
        )
        self.database.change(insert(BROWSER_SESSIONS).values(vars(session)))
        return session

    def find(self, digest: str) -> BrowserSession | None:
        columns = BROWSER_SESSIONS.c
        mine = (columns.digest == digest) & (columns.kind == self.kind) & (columns.expires_at > self.clock.seconds())
        row = self.database.row(select(BROWSER_SESSIONS).where(mine))
        return BrowserSession(**row) if row else None

    def end(self, digest: str) -> None:
        self.database.change(delete(BROWSER_SESSIONS).where(BROWSER_SESSIONS.c.digest == digest))
