"""Repeats of a request: one effect, one answer."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange import Answer, Ask, RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract import Json

RETENTION = 86400.0  # seconds, as the contract says


@dataclass(frozen=True, kw_only=True)
class Kept:
    request: str
    answer: Answer
    until: float


class RequestKeys:
    """Remembers what succeeded under a key; the caller holds the lock of the clinic."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], Kept] = {}

    def once(self, ask: Ask, body: Json, effect: Callable[[], Answer]) -> Answer:
        """The kept answer if the request is a repeat, else that of `effect`; 409 for another request."""
        key = self.key(ask)
        if key is None:
            return effect()
        kept = self._kept.get(self.slot(ask, key))
        if kept is None or kept.until < time.monotonic():
            return self._keep(ask, key, body, effect())
        if kept.request != request_of(ask, body):
            return self.mismatch(effect)
        return kept.answer

    def key(self, ask: Ask) -> str | None:
        key = ask.headers.get("Request-Key")
        if key is not None and ask.operation.key is not None and not ask.operation.key.is_valid(key):
            raise RefusalError(400, "The Request-Key is not as the contract describes it.")
        return key

    def slot(self, ask: Ask, key: str) -> tuple[str, ...]:
        return (ask.user, ask.operation.id, key)

    def mismatch(self, _effect: Callable[[], Answer]) -> Answer:
        raise RefusalError(409, "The Request-Key was used for another request.")

    def _keep(self, ask: Ask, key: str, body: Json, answer: Answer) -> Answer:
        until = time.monotonic() + RETENTION
        self._kept[self.slot(ask, key)] = Kept(request=request_of(ask, body), answer=answer, until=until)
        return answer


def request_of(ask: Ask, body: Json) -> str:
    """What makes two requests to one operation equal."""
    return json.dumps([dict(ask.path), body], sort_keys=True)
