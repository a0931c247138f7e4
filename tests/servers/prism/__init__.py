"""Stoplight Prism, a mock of a contract: it wants a credential and looks at none, and keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servers.server import Server

if TYPE_CHECKING:
    from pathlib import Path


def command(_: Path, programs: Path, port: int) -> list[str]:
    return [str(programs / "prism"), "mock", str(SERVER.sources / "openapi.yaml"), "-h", "127.0.0.1", "-p", str(port)]


SERVER = Server(
    name="prism",
    packages=("@stoplight/prism-cli@5.16.0",),
    npm=True,
    command=command,
    secrets={"ALICE_TOKEN": "anything-of-alice", "ALICE_READS": "reading-of-alice", "BOB_TOKEN": "anything-of-bob"},
)
