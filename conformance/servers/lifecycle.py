"""The running of the suite's own servers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from socketserver import BaseServer

POLL = 0.01  # seconds until a server notices that it is to stop


class LocalServer:
    """Serves in a thread of its own from entering to leaving; has its port from being made until it is closed."""

    def __init__(self, server: BaseServer) -> None:
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, args=(POLL,), name=type(self).__name__, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()

    def close(self) -> None:
        """Gives the port back."""
        self._server.server_close()
