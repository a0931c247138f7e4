"""The notes as a process that misbehaves: `python unruly.py LOCK PORT MODE`, with tests/plain in PYTHONPATH.

It holds a lock on the file LOCK, and so does every process that it starts: a test sees thereby whether all are gone.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from threading import Event

from flask import request
from notes import Notes, create_app
from werkzeug.serving import make_server

CONTRACT = Path(__file__).parents[1] / "plain" / "openapi.yaml"


def serve(port, requests):
    """Serves so many requests, and dies of the next, or of a path that is no UTF-8."""
    users = {token: held["user"] for token, held in json.loads(os.environ["NOTES_TOKENS"]).items()}
    app, served = create_app(CONTRACT, users, Notes), count(1)

    def die():
        if next(served) > requests or "\N{REPLACEMENT CHARACTER}" in request.path:
            os._exit(1)

    app.before_request(die)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever(poll_interval=0.05)


def main(lock, port, mode):
    held = os.open(lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_SH)
    sys.stdout.write("Opening the notes.\n")
    sys.stdout.flush()
    if mode == "ends":
        sys.exit("There is no paper.")
    if mode == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if mode in {"idle", "stubborn"}:
        Event().wait()
    if mode == "parent":
        subprocess.run([sys.executable, __file__, lock, port, "10000"], close_fds=False, check=False)
    serve(int(port), int(mode))


if __name__ == "__main__":
    main(*sys.argv[1:])
