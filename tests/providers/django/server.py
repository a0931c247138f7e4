"""Serves django-oauth-toolkit with Django's login and the product's consent page: `python server.py --help`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import socket
import sys

import django
from django.apps import apps
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from werkzeug.serving import make_server


def main() -> None:
    parser = argparse.ArgumentParser(description="Serves django-oauth-toolkit on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--scratch", required=True, help="an empty folder for the database")
    options = parser.parse_args()
    # The issuer names the port, and the settings the issuer.
    with socket.create_server(("127.0.0.1", options.port)) as listener:
        host, port = listener.getsockname()
        url = f"http://{host}:{port}"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "project",
            "PROVIDER_SCRATCH": options.scratch,
            "PROVIDER_ISSUER": f"{url}/o",
        }
        django.setup()
        call_command("migrate", verbosity=0)
        fill()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server(host, port, get_wsgi_application(), threaded=True, fd=listener.fileno())
        sys.stdout.write(f"serving at {url}\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.05)


def fill() -> None:
    """Registers the users and clients of the environment."""
    people, clients = apps.get_model("auth.User"), apps.get_model("oauth2_provider.Application")
    for user in json.loads(os.environ.get("PROVIDER_USERS", "[]")):
        people.objects.create_user(user["username"], user["email"], user["password"], first_name=user["name"])
    for client in json.loads(os.environ.get("PROVIDER_CLIENTS", "[]")):
        code = "authorization_code" in client.get("grants", ["authorization_code"])  # the product knows one per client
        clients.objects.create(
            client_id=client["id"],
            name=client["id"],
            client_secret=client.get("secret", ""),
            client_type=clients.CLIENT_PUBLIC if client.get("public") else clients.CLIENT_CONFIDENTIAL,
            authorization_grant_type=(clients.GRANT_AUTHORIZATION_CODE if code else clients.GRANT_CLIENT_CREDENTIALS),
            redirect_uris=" ".join(client.get("redirect_uris", [])),
            algorithm=clients.RS256_ALGORITHM if code else clients.NO_ALGORITHM,
        )


if __name__ == "__main__":
    main()
