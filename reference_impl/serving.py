"""Serves the application with gunicorn: one worker process, many threads."""

from __future__ import annotations

import socket
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from reference_impl.app import create_app
from reference_impl.faults import substitutes
from reference_impl.parts import Parts
from reference_impl.settings import Settings

THREADS = 64


class Server(BaseApplication):
    """A gunicorn server on a socket that is bound already."""

    def __init__(self, listener: socket.socket, make: Callable[[], Flask], url: str) -> None:
        self.listener = listener
        self.make = make
        self.url = url
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"fd://{self.listener.fileno()}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "keepalive": 5,
            "graceful_timeout": 5,
            "limit_request_field_size": 65536,
            "loglevel": "warning",
            "post_worker_init": self.started,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.make()

    def started(self, _worker: object) -> None:
        """In the worker process: threads of gunicorn's parent process would not live here."""
        self.wsgi().extensions["dispatcher"].start()
        print(f"serving at {self.url}", flush=True)  # noqa: T201


def serve(arguments: Namespace) -> None:
    """Serves until it is told to stop."""
    listener = socket.create_server((arguments.host, arguments.port), backlog=512)
    host, port = listener.getsockname()[:2]
    url = f"http://{host}:{port}"
    settings = Settings.of(arguments, url)
    parts = Parts(*substitutes(arguments.fault))
    Server(listener, lambda: create_app(settings, parts), url).run()
