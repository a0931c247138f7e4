"""Secrets of the server itself, made once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import SERVER_SECRETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference_impl.storage.database import Database


class ServerSecrets:
    """Named secrets; each process may read and replace them."""

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

    def put(self, name: str, value: str) -> None:
        """Replaces the secret of that name."""
        self.database.change(update(SERVER_SECRETS).where(SERVER_SECRETS.c.name == name).values(value=value))

    def _find(self, name: str) -> str | None:
        row = self.database.row(select(SERVER_SECRETS.c.value).where(SERVER_SECRETS.c.name == name))
        return row["value"] if row else None
