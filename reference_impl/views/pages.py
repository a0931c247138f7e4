"""Cursor pages: newest first, stable while things come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from itsdangerous import BadData, URLSafeSerializer

from reference_impl.domain.refusals import Offence, malformed

if TYPE_CHECKING:
    from reference_impl.gateway.call import Call

Fetch = Callable[[str, int | None, int], Sequence[Any]]


class Pages:
    """Cuts a list into pages; a cursor is signed, and bound to one owner and one list."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def page(self, call: Call, fetch: Fetch) -> tuple[Sequence[Any], str | None]:
        """The items of the page asked for, and the cursor of the next one."""
        size = self.size(call)
        found = fetch(self.owner(call), self.before(call), size + 1)
        items = found[:size]
        return items, self.cursor(call, items[-1]) if self.more(found, size) else None

    def more(self, found: Sequence[Any], size: int) -> bool:
        """Whether there is a next page: one item more than a page holds was asked for."""
        return len(found) > size

    def owner(self, call: Call) -> str:
        return call.owner

    def size(self, call: Call) -> int:
        return int(call.query["limit"])

    def before(self, call: Call) -> int | None:
        """The position after which the page starts; raises the refusal of a cursor that is not ours to this list."""
        cursor = call.query.get("cursor")
        if cursor is None:
            return None
        try:
            return int(self.read(call, cursor))
        except (BadData, ValueError, TypeError) as error:
            raise malformed("cursor: is not valid", Offence(parameter="cursor", detail="is not valid")) from error

    def cursor(self, call: Call, last: Any) -> str:
        signed = self.signer(call).dumps(last.position)
        return signed.decode() if isinstance(signed, bytes) else signed

    def read(self, call: Call, cursor: str) -> Any:
        return self.signer(call).loads(cursor)

    def signer(self, call: Call) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="|".join((call.operation.id, self.owner(call), *call.path.values())))
