"""Serves the notes: `python tests/plain/server.py --help`."""

from __future__ import annotations

import argparse
import inspect
import json
import logging
import os
import sys
from pathlib import Path

import faults
from notes import Notes, create_app
from werkzeug.serving import WSGIRequestHandler, make_server


class Handler(WSGIRequestHandler):
    """Answers without a word about its software."""

    def version_string(self) -> str:
        return "notes"


def main() -> None:
    options = arguments()
    if options.command == "faults":
        sys.stdout.write(json.dumps(described(), indent=2) + "\n")
        return
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    notes_class = known().get(options.fault, Notes)
    app = create_app(Path(__file__).with_name("openapi.yaml"), users(), notes_class)
    server = make_server("127.0.0.1", options.port, app, threaded=True, request_handler=Handler)
    sys.stdout.write(f"serving at http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.05)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serves the notes, or lists their faults as JSON.")
    parser.add_argument("command", nargs="?", choices=["serve", "faults"], default="serve")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--fault", default="", choices=sorted(known()), metavar="NAME")
    return parser.parse_args()


def known() -> dict[str, type[Notes]]:
    """All faults by name: the classes that name a clause."""
    found = inspect.getmembers(faults, inspect.isclass)
    return {name: each for name, each in found if issubclass(each, Notes) and "clause" in vars(each)}


def described() -> list[dict[str, str]]:
    return [
        {
            "id": name,
            "clause": vars(fault)["clause"],
            "summary": (inspect.getdoc(fault) or "").splitlines()[0],
            "where": "tests/plain/faults.py",
        }
        for name, fault in known().items()
    ]


def users() -> dict[str, str]:
    """Of the environment: NOTES_TOKENS {token: {"user"}}."""
    try:
        tokens = json.loads(os.environ.get("NOTES_TOKENS", "{}"))
        return {token: str(held["user"]) for token, held in tokens.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        sys.exit('NOTES_TOKENS must be JSON like {"TOKEN": {"user": "NAME"}}.')


if __name__ == "__main__":
    main()
