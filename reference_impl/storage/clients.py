"""OAuth clients in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import RowMapping, select
from sqlalchemy.dialects.postgresql import insert

from reference_impl.storage.tables import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.storage.database import Database


class ClientRows:
    """Registered clients; of a secret only its digest is kept, and a public client has none."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, client_id: str) -> RowMapping | None:
        return self.database.row(select(CLIENTS).where(CLIENTS.c.id == client_id))

    def add(
        self,
        *,
        client_id: str,
        secret_digest: str | None,
        scope: str,
        tier: str,
        redirect_uris: Sequence[str] = (),
        tenant: str = "",
    ) -> None:
        values = {"id": client_id, "secret_digest": secret_digest, "scope": scope, "tier": tier, "tenant": tenant}
        more = {"redirect_uris": list(redirect_uris), "pkce": "required"}
        self.database.change(insert(CLIENTS).values(**values, **more))
