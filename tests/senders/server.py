"""Serves the parcel office: `python tests/senders/server.py --help`."""

from __future__ import annotations

import argparse
import inspect
import json
import logging
import os
import sys

import faults
import handshake_faults
from app import Operations, create_app
from handshake import Handshake
from office import Office
from signers import SCHEMES, Signer
from webhook_sender import WebhookSender
from werkzeug.serving import make_server


def main() -> None:
    options = arguments()
    if options.command == "faults":
        sys.stdout.write(json.dumps(described(faults_of(options)), indent=2) + "\n")
        return
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    fault = faults_of(options)[options.fault] if options.fault else object
    signer = (fault if issubclass(fault, Signer) else SCHEMES[options.scheme])()
    handshake = (fault if issubclass(fault, Handshake) else Handshake)(options.origin)
    tokens = json.loads(os.environ.get("OFFICE_TOKENS", "{}"))
    app = create_app(Operations(tokens, Office(frozenset(options.receiver)), signer, WebhookSender(signer, handshake)))
    server = make_server("127.0.0.1", options.port, app, threaded=True)
    sys.stdout.write(f"serving at http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.05)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serves the parcel office, or lists its faults as JSON.")
    parser.add_argument("command", nargs="?", choices=["serve", "faults"], default="serve")
    parser.add_argument("--scheme", choices=sorted(SCHEMES), required=True, help="how deliveries are signed")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--receiver", action="append", default=[], metavar="HOST:PORT", help="what may be a hook")
    parser.add_argument("--origin", default="", metavar="NAME", help="asks hooks for consent by this name")
    parser.add_argument("--fault", metavar="NAME", help="a way to sign, or to ask, wrongly")
    return parser.parse_args()


def faults_of(options: argparse.Namespace) -> dict[str, type]:
    """The faults of a scheme, and of the handshake if there is one, by name: the classes that name a clause."""
    parts = (SCHEMES[options.scheme], Handshake) if options.origin else (SCHEMES[options.scheme],)
    found = [*inspect.getmembers(faults, inspect.isclass), *inspect.getmembers(handshake_faults, inspect.isclass)]
    return {name: each for name, each in found if issubclass(each, parts) and "clause" in vars(each)}


def described(known: dict[str, type]) -> list[dict[str, str]]:
    return [
        {
            "id": name,
            "clause": vars(fault)["clause"],
            "summary": (inspect.getdoc(fault) or "").splitlines()[0],
            "where": f"tests/senders/{fault.__module__}.py",
        }
        for name, fault in known.items()
    ]


if __name__ == "__main__":
    main()
