"""A server on loopback for as long as a test needs it."""

from __future__ import annotations

import http.server
import threading
from contextlib import contextmanager


@contextmanager
def serving(handler):
    """The URL at which a request handler answers on loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
