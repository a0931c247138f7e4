"""What people granted to clients: codes, refresh tokens and access tokens, each of one grant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import ACCESS_TOKENS, CODES, GRANTS, REFRESH_TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.ids import Ids
    from reference_impl.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One consent in use: whatever was issued for it ends with it."""

    id: str
    client_id: str
    user_id: str
    scope: str
    nonce: str | None
    auth_time: int
    revoked: bool


class Grants:
    """Grants and what was issued for them; codes and refresh tokens are known by their digests alone."""

    def __init__(self, database: Database, clock: Clock, ids: Ids) -> None:
        self.database = database
        self.clock = clock
        self.ids = ids

    def begin(self, *, client_id: str, user_id: str, scope: str, nonce: str | None, auth_time: int) -> str:
        """The id of a new grant."""
        grant_id = self.ids.new("grt")
        values = {"id": grant_id, "client_id": client_id, "user_id": user_id, "scope": scope, "nonce": nonce}
        self.database.change(insert(GRANTS).values(**values, auth_time=auth_time, revoked=False))
        return grant_id

    def find(self, grant_id: str) -> Grant | None:
        row = self.database.row(select(GRANTS).where(GRANTS.c.id == grant_id))
        return Grant(**row) if row else None

    def end(self, grant_id: str) -> None:
        """Nothing that was issued for the grant is good any more."""
        self.database.change(update(GRANTS).where(GRANTS.c.id == grant_id).values(revoked=True))

    def end_all_of(self, user_id: str) -> None:
        """Ends all grants of a person."""
        self.database.change(update(GRANTS).where(GRANTS.c.user_id == user_id).values(revoked=True))

    def add_code(self, digest: str, grant_id: str, **values: Any) -> None:
        """`values` are redirect_uri, challenge and expires_at."""
        self.database.change(insert(CODES).values(digest=digest, grant_id=grant_id, used=False, **values))

    def add_refresh_token(self, digest: str, grant_id: str, expires_at: float) -> None:
        values = {"digest": digest, "grant_id": grant_id, "expires_at": expires_at, "used": False}
        self.database.change(insert(REFRESH_TOKENS).values(values))

    def code(self, digest: str) -> Mapping[str, Any] | None:
        return self._row(CODES, digest)

    def refresh_token(self, digest: str) -> Mapping[str, Any] | None:
        return self._row(REFRESH_TOKENS, digest)

    def _row(self, table: Table, digest: str) -> Mapping[str, Any] | None:
        row = self.database.row(select(table).where(table.c.digest == digest))
        return {str(name): value for name, value in row.items()} if row else None

    def use_code(self, digest: str) -> bool:
        """Whether the code was unused; of several requests at once, for one."""
        return self._use(CODES, digest)

    def use_refresh_token(self, digest: str) -> bool:
        """Whether the token was unused; of several requests at once, for one."""
        return self._use(REFRESH_TOKENS, digest)

    def _use(self, table: Table, digest: str) -> bool:
        unused: ColumnElement[bool] = (table.c.digest == digest) & table.c.used.is_(False)
        return self.database.change(update(table).where(unused).values(used=True)) > 0

    def add_access_token(self, jti: str, *, client_id: str, grant_id: str | None, expires_at: float) -> None:
        """Remembers a token until it expires; those that have are forgotten."""
        self.database.change(delete(ACCESS_TOKENS).where(ACCESS_TOKENS.c.expires_at < self.clock.seconds() - 60))
        values = {"jti": jti, "client_id": client_id, "grant_id": grant_id, "expires_at": expires_at}
        self.database.change(insert(ACCESS_TOKENS).values(**values, revoked=False).on_conflict_do_nothing())

    def revoke_access_token(self, jti: str) -> None:
        self.database.change(update(ACCESS_TOKENS).where(ACCESS_TOKENS.c.jti == jti).values(revoked=True))

    def is_live(self, jti: str) -> bool:
        """Whether an access token of this id was issued, and neither it nor its grant was revoked."""
        joined = ACCESS_TOKENS.outerjoin(GRANTS, GRANTS.c.id == ACCESS_TOKENS.c.grant_id)
        query = select(ACCESS_TOKENS.c.revoked, GRANTS.c.revoked.label("ended")).select_from(joined)
        row = self.database.row(query.where(ACCESS_TOKENS.c.jti == jti))
        return row is not None and not row["revoked"] and not row["ended"]

    def issued_to(self, jti: str) -> str:
        """The client that an access token was issued to; empty if none was."""
        row = self.database.row(select(ACCESS_TOKENS.c.client_id).where(ACCESS_TOKENS.c.jti == jti))
        return row["client_id"] if row else ""
