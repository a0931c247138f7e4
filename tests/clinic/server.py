"""Serves the clinic: `python tests/clinic/server.py --help`."""

from __future__ import annotations

import argparse
import inspect
import json
import logging
import os
import sys
from pathlib import Path

import faults
import list_faults
import notice_faults
from app import Parts, Settings, create_app
from contract import Contract
from gate import Grant
from werkzeug.serving import WSGIRequestHandler, make_server


class Handler(WSGIRequestHandler):
    """Answers without a word about its software."""

    def version_string(self) -> str:
        return "clinic"


def main() -> None:
    options = arguments()
    if options.command == "faults":
        sys.stdout.write(json.dumps(described(), indent=2) + "\n")
        return
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    contract = Contract(Path(__file__).with_name("openapi.yaml"))
    parts = Parts(*(known()[name] for name in options.fault))
    app = create_app(contract, settings(options.receiver, options.resolver), parts)
    server = make_server("127.0.0.1", options.port, app, threaded=True, request_handler=Handler)
    sys.stdout.write(f"serving at http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.05)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serves the clinic, or lists its faults as JSON.")
    parser.add_argument("command", nargs="?", choices=["serve", "faults"], default="serve")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--receiver", action="append", default=[], metavar="HOST:PORT", help="where notices may go")
    parser.add_argument("--resolver", action="append", default=[], metavar="HOST:PORT", help="resolves callbacks")
    parser.add_argument("--fault", action="append", default=[], choices=sorted(known()), metavar="NAME")
    return parser.parse_args()


def known() -> dict[str, type]:
    """All faults by name: the classes that name a clause."""
    modules = (faults, list_faults, notice_faults)
    found = [member for module in modules for member in inspect.getmembers(module, inspect.isclass)]
    return {name: each for name, each in found if "clause" in vars(each)}


def described() -> list[dict[str, str]]:
    return [
        {
            "id": name,
            "clause": vars(fault)["clause"],
            "summary": (inspect.getdoc(fault) or "").splitlines()[0],
            "where": f"tests/clinic/{fault.__module__}.py",
        }
        for name, fault in known().items()
    ]


def settings(receivers: list[str], resolvers: list[str]) -> Settings:
    """Of the environment: CLINIC_TOKENS {token: {"user", "scopes"}} and CLINIC_KEYS [key]."""
    try:
        tokens = {
            token: Grant(held["user"], frozenset(held["scopes"]))
            for token, held in json.loads(os.environ.get("CLINIC_TOKENS", "{}")).items()
        }
        keys = tuple(str(key) for key in json.loads(os.environ.get("CLINIC_KEYS", "[]")))
    except (ValueError, TypeError, KeyError, AttributeError):
        sys.exit('CLINIC_TOKENS must be JSON like {"TOKEN": {"user": "NAME", "scopes": []}}, CLINIC_KEYS like ["KEY"].')
    return Settings(tokens=tokens, keys=keys, receivers=frozenset(receivers), resolvers=tuple(resolvers))


if __name__ == "__main__":
    main()
