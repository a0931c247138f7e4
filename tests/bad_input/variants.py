"""The notes in another variant: a subclass served on loopback, in this process."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from bad_input.command import PLAIN, USERS

sys.path.insert(0, str(PLAIN))
from notes import Notes, RefusalError, create_app

__all__ = ["Notes", "RefusalError", "serving_notes"]


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        """Nothing."""


@contextmanager
def serving_notes(notes_class, change=lambda app: app):
    """The URL at which such notes are served; `change` may wrap the application, which it is given."""
    app = create_app(PLAIN / "openapi.yaml", {token: held["user"] for token, held in USERS.items()}, notes_class)
    server = make_server("127.0.0.1", 0, change(app), threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
