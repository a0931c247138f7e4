"""Serves the application with gunicorn: one worker process, many threads."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from reference_impl.app import create_app
from reference_impl.faults import UnknownFaultError, substitutes
from reference_impl.gateway.bodies import LIMIT
from reference_impl.parts import Parts, UnusedSubstituteError
from reference_impl.settings import Settings

if TYPE_CHECKING:
    from argparse import Namespace

    from flask import Flask

THREADS = 64
MISTAKES = (UnknownFaultError, UnusedSubstituteError, ValueError, OSError)  # of whoever starts a server


class Worker(ThreadWorker):
    """Refuses what is no HTTP request in the same form as everything else."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        app: Any = self.wsgi
        response = app.extensions["entry"].unreadable()
        response.headers["Connection"] = "close"
        client.sendall(f"HTTP/1.1 {response.status}\r\n{response.headers}".encode() + response.get_data())


class Server(BaseApplication):
    """A gunicorn server on a socket that listens already."""

    def __init__(self, app: Flask, listener: socket.socket, announcement: str) -> None:
        self.app = app
        self.listener = listener
        self.announcement = announcement
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"fd://{self.listener.fileno()}",
            "worker_class": Worker,
            "workers": 1,
            "threads": THREADS,
            "keepalive": 75,  # longer than clients rest: a connection that closes just then loses a request
            "graceful_timeout": 5,
            "limit_request_field_size": 65536,
            "loglevel": "warning",
            "pre_request": announce_end,
            "post_worker_init": self.started,
            "worker_exit": self.ended,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.app

    def started(self, _worker: object) -> None:
        """In the worker process: threads of gunicorn's parent process would not live here."""
        for worker in self.app.extensions["background"]:
            worker.start()
        sys.stdout.write(self.announcement + "\n")
        sys.stdout.flush()

    def ended(self, _arbiter: object, _worker: object) -> None:
        leave(0)


def announce_end(_worker: object, request: Any) -> None:
    """Has the answer say that the connection ends with it, where the body may not be read to its end.

    Gunicorn closes such a connection anyhow, and the next request on it would be lost (RFC 9112 section 9.6).
    """
    fields = {name.upper(): value for name, value in request.headers}
    if "TRANSFER-ENCODING" in fields or int(fields.get("CONTENT-LENGTH", 0)) > LIMIT:
        request.force_close()


def serve(arguments: Namespace, announce: str = "serving at") -> None:
    """Serves until it is told to stop, and ends the process; says where once it accepts connections."""
    listener = socket.create_server((arguments.host, arguments.port), backlog=512)
    host, port = listener.getsockname()[:2]
    url = f"http://{host}:{port}"
    app = create_app(Settings.of(arguments, url), Parts(*substitutes(arguments.fault)))
    app.extensions["database"].close()  # connections must not be shared with the worker process
    try:
        Server(app, listener, f"{announce} {url}").run()
    except SystemExit as done:
        leave(done.code if isinstance(done.code, int) else 1)


def leave(code: int) -> None:
    """Ends the process at once: to take the interpreter apart would only delay the stop."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
