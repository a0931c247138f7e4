"""Whether the target still answers: one that does not answer some requests may well answer others."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.errors import BlockedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.messages import Request


@dataclass(kw_only=True)
class Liveness:
    """Counts exchanges without a reply that came one after another; those that were lost together count once.

    After `limit` of them in a row for one operation, that operation is not asked again. After `limit` in a row,
    whatever they were about, `answers` is called; if it gives False, the target is not asked again at all.
    """

    limit: int
    answers: Callable[[], bool]
    gone: str = ""  # a sentence, once the target is not asked any more
    unanswered: int = 0  # in a row
    _by_operation: Counter[str] = field(default_factory=Counter)
    _last: float = 0.0  # when the last exchange without a reply ended, as time.perf_counter() tells it
    _since: str = ""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def check(self, request: Request) -> None:
        """Raises BlockedError if the request is not to be sent, since no reply is to be expected."""
        if self.gone:
            raise BlockedError(self.gone)
        if self._by_operation[request.operation] >= self.limit:
            raise BlockedError(
                f"{request.operation} has not answered {self.limit} requests in a row and is not asked again."
            )

    def answered(self, request: Request) -> None:
        """A reply came."""
        self.unanswered = 0
        self._by_operation.pop(request.operation, None)

    def lost(self, request: Request, *, begun: float) -> None:
        """No reply came to an exchange that began then."""
        with self._lock:
            if begun < self._last or self.gone:
                return
            self._last = time.perf_counter()
            self._since = self._since if self.unanswered else f"{request.method} {request.path.partition('?')[0]}"
            self.unanswered += 1
            if request.operation:
                self._by_operation[request.operation] += 1
            if self.unanswered >= self.limit:
                self._ask()

    def _ask(self) -> None:
        if self.answers():
            self.unanswered = 0
        else:
            self.gone = f"The target has not answered anything since {self._since} and is not asked again."
