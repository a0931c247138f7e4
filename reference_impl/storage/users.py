"""People who can log in, and what they consented to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from reference_impl.domain.entities import User
from reference_impl.storage.tables import CONSENTS, USERS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from reference_impl.storage.database import Database


class UserRows:
    """Users by id and by the name with which they log in."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, user_id: str) -> User | None:
        return self._one(USERS.c.id == user_id)

    def named(self, username: str) -> User | None:
        return self._one(USERS.c.username == username)

    def put(self, user: User) -> None:
        """Adds the user; one of that name stays as it is."""
        values = {**vars(user), "roles": sorted(user.roles)}
        self.database.change(insert(USERS).values(values).on_conflict_do_nothing())

    def _one(self, condition: ColumnElement[bool]) -> User | None:
        row = self.database.row(select(USERS).where(condition))
        return User(**{**row, "roles": frozenset(row["roles"])}) if row else None


class Consents:
    """Which scopes a user has granted to a client."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def covers(self, user_id: str, client_id: str, scopes: frozenset[str]) -> bool:
        """Whether all of the scopes were granted before."""
        return scopes <= self._granted(user_id, client_id)

    def add(self, user_id: str, client_id: str, scopes: frozenset[str]) -> None:
        scope = " ".join(sorted(scopes | self._granted(user_id, client_id)))
        new = insert(CONSENTS).values(user_id=user_id, client_id=client_id, scope=scope)
        self.database.change(
            new.on_conflict_do_update(index_elements=["user_id", "client_id"], set_={"scope": new.excluded.scope}),
        )

    def _granted(self, user_id: str, client_id: str) -> frozenset[str]:
        mine = (CONSENTS.c.user_id == user_id) & (CONSENTS.c.client_id == client_id)
        row = self.database.row(select(CONSENTS.c.scope).where(mine))
        return frozenset(row["scope"].split()) if row else frozenset()
