"""Secrets of the server itself, made once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import SERVER_SECRETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference_impl.storage.database import Database


class ServerSecrets:
    """Named secrets."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, name: str, make: Callable[[], str]) -> str:
        """The secret of that name; of several processes that make it at once, the first one's."""
        found = self._find(name)
        if found is not None:
            return found
        statement = insert(SERVER_SECRETS).values(name=name, value=make()).on_conflict_do_nothing()
        self.database.change(statement)
        return self._find(name) or ""

    def _find(self, name: str) -> str | None:
        row = self.database.row(select(SERVER_SECRETS.c.value).where(SERVER_SECRETS.c.name == name))
        return row["value"] if row else None
