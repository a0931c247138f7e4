"""Receivers in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from reference_impl.domain.entities import Webhook
from reference_impl.domain.refusals import conflict
from reference_impl.storage.tables import WEBHOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.ids import Ids, Secrets
    from reference_impl.storage.database import Database


class Webhooks:
    """All receivers; whose they are is asked by `Ownership`."""

    prefix = "whk"

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, secrets: Secrets, overlap: float, maximum: int
    ) -> None:
        self.database = database
        self.clock = clock
        self.ids = ids
        self.secrets = secrets
        self.overlap = overlap  # seconds
        self.maximum = maximum  # of one owner

    def find(self, webhook_id: str) -> Webhook | None:
        return self._entity(self.database.row(select(WEBHOOKS).where(WEBHOOKS.c.id == webhook_id)))

    def page(self, owner: str, before: int | None, size: int) -> Sequence[Webhook]:
        """Up to `size` receivers of the owner, newest first, made before the position `before`."""
        query = select(WEBHOOKS).where(self.owned_by(owner)).order_by(WEBHOOKS.c.position.desc()).limit(size)
        if before is not None:
            query = query.where(WEBHOOKS.c.position < before)
        return [webhook for row in self.database.rows(query) if (webhook := self._entity(row))]

    def owned_by(self, owner: str) -> ColumnElement[bool]:
        return WEBHOOKS.c.owner == owner

    def all_of(self, owner: str) -> Sequence[Webhook]:
        query = select(WEBHOOKS).where(self.owned_by(owner)).order_by(WEBHOOKS.c.position)
        return [webhook for row in self.database.rows(query) if (webhook := self._entity(row))]

    def add(self, owner: str, new: Mapping[str, Any]) -> Webhook:
        """The new receiver; one more than there may be is a conflict."""
        if self.full(owner):
            raise conflict("There are as many receivers as there may be.")
        now = self.clock.timestamp()
        values = {
            "id": self.ids.new(self.prefix),
            "owner": owner,
            "url": new["url"],
            "events": new["events"],
            "enabled": new.get("enabled", True),
            "description": new.get("description"),
            "secret": self.new_secret(owner),
            "previous_until": 0.0,
            "private_key": self.secrets.private_key(),
            "created_at": now,
            "updated_at": now,
            "version": 1,
        }
        row = self.database.rows(insert(WEBHOOKS).values(values).returning(WEBHOOKS))[0]
        return self._made(row)

    def full(self, owner: str) -> bool:
        counted = self.database.rows(select(func.count().label("count")).where(self.owned_by(owner)))
        return int(counted[0]["count"]) >= self.maximum

    def new_secret(self, _owner: str) -> str:
        return self.secrets.new()

    def update(self, webhook: Webhook, changes: Mapping[str, Any], expected: int | None) -> Webhook | None:
        """The changed receiver, or None if it is gone or no longer of the expected version."""
        statement = (
            update(WEBHOOKS)
            .where(WEBHOOKS.c.id == webhook.id, self.is_still(expected))
            .values(**changes, version=WEBHOOKS.c.version + 1, updated_at=self.clock.timestamp())
            .returning(WEBHOOKS)
        )
        return self._entity(self.database.row(statement))

    def disable(self, webhook: Webhook, reason: str) -> None:
        """Done by the platform itself; if an owner has changed it meanwhile, that counts for more."""
        self.update(webhook, {"enabled": False, "disabled_reason": reason}, webhook.version)

    def rotate(self, webhook: Webhook) -> Webhook | None:
        """The receiver with a new secret; the former one signs too until the overlap is over."""
        return self.update(webhook, self.rotation(webhook), None)

    def rotation(self, webhook: Webhook) -> dict[str, Any]:
        return {
            "secret": self.new_secret(webhook.owner),
            "previous_secret": WEBHOOKS.c.secret,
            "previous_until": self.clock.seconds() + self.overlap,
        }

    def remove(self, webhook: Webhook, expected: int | None) -> bool:
        """Whether it was there, of the expected version; its deliveries go with it."""
        statement = delete(WEBHOOKS).where(WEBHOOKS.c.id == webhook.id, self.is_still(expected))
        return self.database.change(statement) > 0

    def is_still(self, expected: int | None) -> ColumnElement[bool]:
        """Compared in the statement that writes: of simultaneous writes of one version, one wins."""
        return WEBHOOKS.c.version == (WEBHOOKS.c.version if expected is None else expected)

    def _entity(self, row: RowMapping | None) -> Webhook | None:
        return self._made(row) if row else None

    def _made(self, row: RowMapping) -> Webhook:
        return Webhook(**{**row, "events": tuple(row["events"])})
