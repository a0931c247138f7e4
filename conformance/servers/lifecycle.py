"""Starting and stopping the suite's own servers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from socketserver import BaseServer

POLL = 0.01  # seconds until a server notices that it is to stop


class LocalServer:
    """A server that serves in a thread while it is entered, and holds its port from construction until `close`."""

    def __init__(self, server: BaseServer) -> None:
        self._server = server

    def __enter__(self) -> Self:
        # Made here, since what was made before a worker was forked cannot be started in it (Python 3.13).
        threading.Thread(target=self._server.serve_forever, args=(POLL,), name=type(self).__name__, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()

    def close(self) -> None:
        """Releases the port."""
        self._server.server_close()
