"""Connections that show their socket to the watch of their exchange, and that are not used again after a rest."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from conformance.target.watchdog import Watch

REST = 1.0  # seconds after which a server may be about to close a connection that nobody uses


class Current(threading.local):
    """The watch of the exchange that this thread is making."""

    watch: Watch


class PlainConnection(HTTPConnection):
    def __init__(self, *args: Any, current: Current, **options: Any) -> None:
        super().__init__(*args, **options)
        self._current = current
        self._used = time.monotonic()

    @property
    def is_connected(self) -> bool:
        return super().is_connected and time.monotonic() - self._used < REST

    def getresponse(self) -> Any:
        self._used = time.monotonic()
        self._current.watch.sock = self.sock
        return super().getresponse()


class SecureConnection(HTTPSConnection):
    def __init__(self, *args: Any, current: Current, **options: Any) -> None:
        super().__init__(*args, **options)
        self._current = current
        self._used = time.monotonic()

    @property
    def is_connected(self) -> bool:
        return super().is_connected and time.monotonic() - self._used < REST

    def getresponse(self) -> Any:
        self._used = time.monotonic()
        self._current.watch.sock = self.sock
        return super().getresponse()


class PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = SecureConnection
