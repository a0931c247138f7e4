"""Kinto: a store of JSON documents, with accounts by HTTP Basic, permissions for each object and entity tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servers.server import Server, asked

if TYPE_CHECKING:
    from pathlib import Path

PASSWORDS = {"alice": "a-word-of-alice", "bob": "a-word-of-bob"}
SETTINGS = """
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}

[app:main]
use = egg:kinto
kinto.includes = kinto.plugins.accounts
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
multiauth.policies = account
multiauth.policy.account.use = kinto.plugins.accounts.authentication.AccountsAuthenticationPolicy
kinto.account_create_principals = system.Everyone
kinto.bucket_create_principals = system.Authenticated
"""


def command(folder: Path, programs: Path, port: int) -> list[str]:
    settings = folder / "kinto.ini"
    settings.write_text(SETTINGS.format(port=port), encoding="utf-8")
    return [str(programs / "kinto"), "start", "--ini", str(settings), "--port", str(port)]


def fill(url: str) -> None:
    for name, password in PASSWORDS.items():
        asked(f"{url}/accounts/{name}", "PUT", {"data": {"password": password}})


SERVER = Server(
    name="kinto",
    packages=("kinto==26.5.0",),
    ready="/v1/__heartbeat__",
    base="/v1",
    command=command,
    fill=fill,
    secrets={"ALICE_PASSWORD": PASSWORDS["alice"], "BOB_PASSWORD": PASSWORDS["bob"]},
    contract="/__api__",
)
