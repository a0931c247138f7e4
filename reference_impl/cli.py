"""The command line of the reference implementation."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from reference_impl.domain.clock import Clock
from reference_impl.domain.ids import Ids
from reference_impl.faults import listing
from reference_impl.fork_server import serve_variants
from reference_impl.oauth.clients import Clients
from reference_impl.oauth.keys import SigningKeys
from reference_impl.oauth.passwords import Passwords, new_user
from reference_impl.resources import configuration
from reference_impl.serving import MISTAKES, serve
from reference_impl.settings import FixedUser
from reference_impl.storage.clients import ClientRows
from reference_impl.storage.database import Database
from reference_impl.storage.secrets import ServerSecrets
from reference_impl.storage.users import UserRows

DATABASE = "sqlite:///links.db"


def main() -> int:
    """Runs one command; what goes wrong is told in a sentence."""
    arguments = parser().parse_args()
    try:
        arguments.run(arguments)
    except MISTAKES as error:
        return told(str(error))
    except SQLAlchemyError as error:
        return told(f"The database {arguments.database} cannot be used: {getattr(error, 'orig', error)}")
    return 0


def told(message: str) -> int:
    sys.stderr.write(f"reference_impl: {message}\n")
    return 2


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m reference_impl", description=__doc__)
    commands = top.add_subparsers(required=True)
    add_serve(commands.add_parser("serve", help="serve the platform"))
    commands.add_parser("faults", help="list the faulty variants as JSON").set_defaults(run=run_faults)
    settings = commands.add_parser(
        "configuration", help="print a conformance.toml with which the suite starts this server"
    )
    settings.set_defaults(run=run_configuration)
    variants = commands.add_parser("variants", help="serve one variant for each line of arguments read from stdin")
    variants.set_defaults(run=run_variants)
    client = commands.add_parser("client", help="OAuth clients").add_subparsers(required=True)
    add = client.add_parser("add", help="register a client and print its secret, once")
    add.add_argument("name")
    add.add_argument("--scope", required=True, help="space-delimited")
    add.add_argument("--tier", default="standard", choices=["standard", "partner"])
    add.add_argument("--redirect-uri", action="append", default=[], metavar="URL", help="lets people grant it access")
    add.add_argument("--tenant", default="", help="whose receivers it shares")
    add.add_argument("--public", action="store_true", help="it can keep no secret, and gets none")
    add.add_argument("--database", default=DATABASE, metavar="URL")
    add.set_defaults(run=run_client_add)
    keys = commands.add_parser("keys", help="signing keys").add_subparsers(required=True)
    roll = keys.add_parser("roll", help="sign with the next key, which has been published for a while")
    roll.add_argument("--database", default=DATABASE, metavar="URL")
    roll.set_defaults(run=run_keys_roll)
    user = commands.add_parser("user", help="people").add_subparsers(required=True)
    join = user.add_parser("add", help="add somebody who can log in; the password is read from stdin")
    join.add_argument("username")
    join.add_argument("--name", default="")
    join.add_argument("--email", default="")
    join.add_argument("--tenant", default="")
    join.add_argument("--role", action="append", default=[])
    join.add_argument("--database", default=DATABASE, metavar="URL")
    join.set_defaults(run=run_user_add)
    return top


def add_serve(serving: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The arguments of `serve`."""
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    serving.add_argument("--database", default=DATABASE, metavar="URL", help="SQLite or PostgreSQL")
    serving.add_argument("--public-url", metavar="URL", help="where clients see the platform, if not where it listens")
    serving.add_argument("--trust", action="append", default=[], metavar="ISSUER_URL", help="accept its access tokens")
    serving.add_argument("--allow-receiver", action="append", default=[], metavar="HOST:PORT", help="although private")
    serving.add_argument("--resolver", action="append", default=[], metavar="ADDRESS:PORT", help="DNS for receivers")
    serving.add_argument("--rate-storage", default="memory://", metavar="URL", help="memory:// or redis://")
    serving.add_argument("--docs", type=Path, metavar="DIR", help="a built documentation site, served at /docs/")
    serving.add_argument("--conformance", action="store_true", help="short retries, short overlap, a large quota")
    serving.add_argument("--fault", action="append", default=[], metavar="ID", help="serve a faulty variant")
    serving.set_defaults(run=serve)
    return serving


def run_faults(_arguments: argparse.Namespace) -> None:
    sys.stdout.write(json.dumps(listing(), indent=2) + "\n")


def run_configuration(_arguments: argparse.Namespace) -> None:
    sys.stdout.write(configuration())


def run_variants(_arguments: argparse.Namespace) -> None:
    serve_variants(sys.stdin, add_serve(argparse.ArgumentParser(prog="serve")))


def run_client_add(arguments: argparse.Namespace) -> None:
    database = Database(arguments.database)
    database.create_tables()
    clients = Clients(ClientRows(database), (), "")
    if arguments.public:
        clients.add_public(arguments.name, arguments.scope, arguments.redirect_uri)
        return
    secret = clients.add(arguments.name, arguments.scope, arguments.tier, arguments.redirect_uri, arguments.tenant)
    sys.stdout.write(secret + "\n")


def run_keys_roll(arguments: argparse.Namespace) -> None:
    database = Database(arguments.database)
    database.create_tables()
    SigningKeys(ServerSecrets(database), Clock(), 0).roll()


def run_user_add(arguments: argparse.Namespace) -> None:
    database = Database(arguments.database)
    database.create_tables()
    user = FixedUser(
        username=arguments.username,
        password=sys.stdin.readline().rstrip("\n"),
        name=arguments.name,
        email=arguments.email,
        tenant=arguments.tenant,
        roles=tuple(arguments.role),
    )
    UserRows(database).put(new_user(user, Ids(), Passwords(quick=False)))
