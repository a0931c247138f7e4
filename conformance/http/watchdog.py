"""Deadlines of whole exchanges: a timeout of each read does not end an exchange with a server that sends slowly."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Watch:
    """The socket of one exchange; `expired` once its deadline has passed, `over` once the exchange has ended."""

    sock: socket.socket | None = None
    expired: bool = False
    over: bool = False


@dataclass
class Watchdog:
    """Shuts the sockets of exchanges that exceed their deadline; one thread watches them all."""

    _heap: list[tuple[float, int, Watch]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _count: Iterator[int] = field(default_factory=itertools.count)
    _thread: threading.Thread | None = None

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[Watch]:
        """A watch for the exchange made inside, which has so many seconds; it is given the socket once there is one."""
        watch = Watch()
        with self._changed:
            heapq.heappush(self._heap, (time.monotonic() + seconds, next(self._count), watch))
            self._start()
            if self._heap[0][2] is watch:
                self._changed.notify()
        try:
            yield watch
        finally:
            watch.over = True

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._heap and self._heap[0][2].over:
                    heapq.heappop(self._heap)
                due = self._heap[0][0] - time.monotonic() if self._heap else None
                if due is None or due > 0:
                    self._changed.wait(due)
                    continue
                watch = heapq.heappop(self._heap)[2]
            _abort(watch)


def _abort(watch: Watch) -> None:
    watch.expired = True
    if watch.sock is not None and not watch.over:
        with contextlib.suppress(OSError):
            watch.sock.shutdown(socket.SHUT_RDWR)
