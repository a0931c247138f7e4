"""Links in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite understands the same ON CONFLICT

from reference_impl.domain.entities import Link
from reference_impl.domain.refusals import conflict
from reference_impl.storage.tables import LINKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.ids import Codes, Ids
    from reference_impl.storage.database import Database


class Links:
    """All links; whose they are is asked by `Ownership`."""

    prefix = "lnk"

    def __init__(self, database: Database, clock: Clock, ids: Ids, codes: Codes) -> None:
        self.database = database
        self.clock = clock
        self.ids = ids
        self.codes = codes

    def find(self, link_id: str) -> Link | None:
        return self._one(LINKS.c.id == link_id)

    def by_code(self, code: str) -> Link | None:
        return self._one(LINKS.c.code == code)

    def page(self, owner: str, before: int | None, size: int) -> Sequence[Link]:
        """Up to `size` links of the owner, newest first, made before the position `before`."""
        query = select(LINKS).where(self.owned_by(owner)).order_by(LINKS.c.position.desc()).limit(size)
        if before is not None:
            query = query.where(LINKS.c.position < before)
        return [Link(**row) for row in self.database.rows(query)]

    def owned_by(self, owner: str) -> ColumnElement[bool]:
        return LINKS.c.owner == owner

    def add(self, owner: str, tenant: str, new: Mapping[str, Any]) -> Link:
        """The new link, whose events go to the tenant; a code that is taken is a conflict, even if both ask at once."""
        now = self.clock.timestamp()
        values = {
            "id": self.ids.new(self.prefix),
            "owner": owner,
            "tenant": tenant,
            "code": new.get("code") or self.codes.new(),
            "destination": new["destination"],
            "title": new.get("title"),
            "enabled": new.get("enabled", True),
            "expires_at": new.get("expires_at"),
            "taken_down": False,
            "created_at": now,
            "updated_at": now,
            "version": 1,
        }
        row = self.database.row(insert(LINKS).values(values).on_conflict_do_nothing().returning(LINKS))
        if row is None:
            raise conflict("The code is taken.")
        return Link(**row)

    def update(self, link: Link, changes: Mapping[str, Any], expected: int | None) -> Link | None:
        """The changed link, or None if it is gone or no longer of the expected version."""
        statement = (
            update(LINKS)
            .where(LINKS.c.id == link.id, self.is_still(expected))
            .values(**changes, version=LINKS.c.version + 1, updated_at=self.clock.timestamp())
            .returning(LINKS)
        )
        row = self.database.row(statement)
        return Link(**row) if row else None

    def remove(self, link: Link, expected: int | None) -> Link | None:
        """The link as it was last, or None if it was gone or no longer of the expected version."""
        row = self.database.row(delete(LINKS).where(LINKS.c.id == link.id, self.is_still(expected)).returning(LINKS))
        return Link(**row) if row else None

    def is_still(self, expected: int | None) -> ColumnElement[bool]:
        """Compared in the statement that writes: of simultaneous writes of one version, one wins."""
        return LINKS.c.version == (LINKS.c.version if expected is None else expected)

    def _one(self, condition: ColumnElement[bool]) -> Link | None:
        row = self.database.row(select(LINKS).where(condition))
        return Link(**row) if row else None
