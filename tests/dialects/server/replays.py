"""Idempotency keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialects.server.messages import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialects.dialect import Dialect
    from dialects.operations import Operation
    from dialects.server.messages import Request, Response
    from dialects.server.people import Caller

MOST = 200  # characters of a key


@dataclass(frozen=True, kw_only=True)
class Replays:
    """Answers that were given under a key. The caller holds the lock, so that no request with it is under way."""

    dialect: Dialect
    kept: dict[tuple[str, ...], tuple[bytes, Response]] = field(default_factory=dict)

    def once(self, request: Request, operation: Operation, caller: Caller, act: Callable[[], Response]) -> Response:
        """What the action answers; the second time with a key, what it has answered."""
        if not self.dialect.replay or operation.name != "createThing":
            return act()
        key = request.header("Idempotency-Key")
        if not key:
            return act()
        if len(key) > MOST:
            raise RefusedError(400, "the key is too long")
        place = self.place(key, caller, operation)
        if place in self.kept:
            content, response = self.kept[place]
            if content != request.content:
                raise RefusedError(422, "the key came with another body")
            return response
        self.kept[place] = request.content, act()
        return self.kept[place][1]

    def place(self, key: str, caller: Caller, operation: Operation) -> tuple[str, ...]:
        """What a key is good within."""
        return caller.name, operation.name, key
