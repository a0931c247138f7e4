"""The command line of the reference implementation."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path


def main() -> None:
    arguments = parser().parse_args()
    arguments.run(arguments)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m reference_impl", description=__doc__)
    commands = top.add_subparsers(required=True)
    serve = commands.add_parser("serve", help="serve the platform")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    serve.add_argument("--database", default="sqlite:///links.db", metavar="URL", help="SQLite or PostgreSQL")
    serve.add_argument("--public-url", metavar="URL", help="where clients see the platform, if not where it listens")
    serve.add_argument("--trust", action="append", default=[], metavar="ISSUER_URL", help="accept its access tokens")
    serve.add_argument("--allow-receiver", action="append", default=[], metavar="HOST:PORT", help="may be private")
    serve.add_argument("--rate-storage", default="memory://", metavar="URL", help="memory:// or redis://")
    serve.add_argument("--docs", type=Path, metavar="DIR", help="a built documentation site, served at /docs")
    serve.add_argument("--conformance", action="store_true", help="short retries, short overlap, a large quota")
    serve.add_argument("--fault", action="append", default=[], metavar="ID", help="serve a faulty variant")
    serve.set_defaults(run=run_serve)
    commands.add_parser("faults", help="list the faulty variants as JSON").set_defaults(run=run_faults)
    client = commands.add_parser("client", help="OAuth clients").add_subparsers(required=True)
    add = client.add_parser("add", help="register a client and print its secret")
    add.add_argument("name")
    add.add_argument("--scope", required=True, help="space-delimited")
    add.add_argument("--tier", default="standard", choices=["standard", "partner"])
    add.add_argument("--database", default="sqlite:///links.db", metavar="URL")
    add.set_defaults(run=run_client_add)
    return top


def run_serve(arguments: argparse.Namespace) -> None:
    # Imported here: the other commands need none of it, and it takes most of the start.
    from reference_impl.serving import serve

    serve(arguments)


def run_faults(_arguments: argparse.Namespace) -> None:
    from reference_impl.faults import listing

    print(json.dumps(listing(), indent=2))


def run_client_add(arguments: argparse.Namespace) -> None:
    from reference_impl.oauth.clients import Clients
    from reference_impl.storage.clients import ClientRows
    from reference_impl.storage.database import Database

    database = Database(arguments.database)
    database.create_tables()
    print(Clients(ClientRows(database), (), "").add(arguments.name, arguments.scope, arguments.tier))


if __name__ == "__main__":
    main()
