"""Connections that show their socket to the watch of the exchange they carry."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from conformance.target.watchdog import Watch


class Current(threading.local):
    """The watch of the exchange that this thread is making."""

    watch: Watch


class PlainConnection(HTTPConnection):
    def __init__(self, *args: Any, current: Current, **options: Any) -> None:
        super().__init__(*args, **options)
        self._current = current

    def getresponse(self) -> Any:
        self._current.watch.sock = self.sock
        return super().getresponse()


class SecureConnection(HTTPSConnection):
    def __init__(self, *args: Any, current: Current, **options: Any) -> None:
        super().__init__(*args, **options)
        self._current = current

    def getresponse(self) -> Any:
        self._current.watch.sock = self.sock
        return super().getresponse()


class PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = SecureConnection
