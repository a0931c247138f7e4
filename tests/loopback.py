"""A server on loopback for as long as a test needs it."""

from __future__ import annotations

import http.server
import threading
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_):
        """Nothing."""


@contextmanager
def serving(handler):
    """The URL at which a request handler answers on loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, answering(server) as url:
        yield url


@contextmanager
def serving_app(app, **options):
    """The URL at which a WSGI application answers on loopback; options are those of TLS."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet, **options)
    with server, answering(server) as url:
        yield url.replace("http://", "https://") if options else url


@contextmanager
def answering(server):
    """The URL of a server that answers until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
