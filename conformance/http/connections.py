"""Connections that show their socket to the watch of their exchange, and that are left before they may be closed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from conformance.http.watchdog import Watch

REST = 1.0  # seconds after which a server may be about to close a connection that nobody uses
HEAVY = 64 * 1024  # bytes of a body that a server may have refused without reading it, and closes upon


class Current(threading.local):
    """The watch of the exchange that this thread is making."""

    watch: Watch


class PlainConnection(HTTPConnection):
    def __init__(self, *args: Any, current: Current, **options: Any) -> None:
        super().__init__(*args, **options)
        self._current = current
        self._used = time.monotonic()
        self._heavy = False

    @property
    def is_connected(self) -> bool:
        rested = time.monotonic() - self._used > REST
        return super().is_connected and not rested and not self._heavy

    def request(self, method: str, url: str, body: Any = None, *args: Any, **options: Any) -> None:
        self._heavy = len(body or b"") > HEAVY
        super().request(method, url, body, *args, **options)

    def getresponse(self) -> Any:
        self._used = time.monotonic()
        self._current.watch.sock = self.sock
        return super().getresponse()


class SecureConnection(PlainConnection, HTTPSConnection):
    """The same, by TLS."""


class PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = SecureConnection
