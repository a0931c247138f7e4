"""The process of a target that the suite itself starts, waits for and stops."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from threading import Event
from typing import IO, TYPE_CHECKING

from conformance.errors import BlockedError, ConfigurationError, UnreachableError
from conformance.http.client import Client
from conformance.http.messages import Request
from conformance.http.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.sut.configuration import Configuration

PAUSE = 0.02  # seconds between two questions whether the target is ready


LOWEST_PORT, PORTS = 20_000, 12_000
TRIES = 50


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port on which nothing listens at present.

    It is below those that systems give to clients (RFC 6335, section 6): one of them could be a connection's own before
    the server that it is meant for listens.
    """
    for port in (*(LOWEST_PORT + secrets.randbelow(PORTS) for _ in range(TRIES)), 0):
        with contextlib.suppress(OSError), socket.create_server((host, port)) as probe:
            found: int = probe.getsockname()[1]
            return found
    raise BlockedError(f"no port of {host} is free for a server.")


def require_free_port(host: str, port: int, where: str, *, datagrams: bool = False) -> None:
    """Raises ConfigurationError unless a server can listen at this address, over TCP or UDP; port 0 stands for any."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if datagrams:
            with socket.socket(family, socket.SOCK_DGRAM) as datagram:
                datagram.bind((host, port))
        else:
            socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        raise ConfigurationError(
            f"{where}: nothing can listen at {host}:{port} ({error}). Name another, or stop what listens there.",
        ) from None


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command line, the environment variables added for it, and the folder that it runs in."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path

    @classmethod
    def of(cls, configuration: Configuration, words: Sequence[str], placeholders: Placeholders) -> Command:
        """A command of the configuration, to be run in its folder and in the environment of its target."""
        return cls(
            arguments=tuple(placeholders(word) for word in words),
            environment={name: placeholders(value) for name, value in configuration.target.environment.items()},
            folder=configuration.folder,
        )

    def run(self) -> str:
        """What the command prints. Raises ConfigurationError if it cannot be run, fails, or takes over a minute."""
        try:
            done = subprocess.run(
                self.arguments,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
                cwd=self.folder,
                env=self.full_environment,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ConfigurationError(f"The command {self} could not be run: {error}.") from None
        if done.returncode:
            raise ConfigurationError(
                f"The command {self} failed with code {done.returncode}: {done.stderr.strip()[-400:]}"
            )
        return done.stdout

    @property
    def full_environment(self) -> dict[str, str]:
        """The environment of the suite with these variables."""
        return {**os.environ, **self.environment}

    def __str__(self) -> str:
        return " ".join(self.arguments)


@dataclass
class Placeholders:
    """Values for the `{placeholders}` of a configuration; `{secret:NAME}` is one random value for each name."""

    known: dict[str, str]

    def __call__(self, text: str) -> str:
        """The text with its placeholders filled in."""
        while "{secret:" in text:
            name = text.partition("{secret:")[2].partition("}")[0]
            text = text.replace("{secret:" + name + "}", self.secret(name))
        for key, value in self.known.items():
            text = text.replace("{" + key + "}", value)
        return text

    def secret(self, name: str) -> str:
        """The random value for a name."""
        return self.known.setdefault(f"secret:{name}", secrets.token_urlsafe(32))


@contextlib.contextmanager
def running(command: Command, *, url: str, ready: str, timeout: float, grace: float = 5) -> Iterator[None]:
    """Runs the target inside the context; afterwards it has `grace` seconds to end by itself.

    It is ready when the path `ready` is answered below 500. Raises UnreachableError, with the last output, if it is not
    ready within `timeout` seconds.
    """
    client = Client(url, deadline=2, transport=Transport(verify=False), max_unanswered=sys.maxsize)
    if _is_ready(client, ready):
        raise ConfigurationError(f"Something answers at {url} before the target is started. Stop it or change `url`.")
    with tempfile.TemporaryFile() as log:
        try:
            process = subprocess.Popen(
                command.arguments,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=command.folder,
                env=command.full_environment,
                start_new_session=True,
            )
        except OSError as error:
            failure = f"The target's command {command} could not be started: {error.strerror}"
            raise ConfigurationError(f"{failure}. Mend `command` under [target].") from None
        try:
            _await_ready(process, client, ready, timeout, log)
            yield
        finally:
            _stop(process, grace)


def _await_ready(process: subprocess.Popen[bytes], client: Client, ready: str, timeout: float, log: IO[bytes]) -> None:
    give_up = time.monotonic() + timeout
    pause = Event()
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise UnreachableError(
                f"The target's command ended with code {process.returncode}. It said: {_last_output(log)}"
            )
        if _is_ready(client, ready):
            return
        pause.wait(PAUSE)
    raise UnreachableError(f"The target was not ready within {timeout:g} s. It said: {_last_output(log)}")


def _is_ready(client: Client, path: str) -> bool:
    try:
        return client.exchange(Request(method="GET", path=path or "/")).status < 500
    except BlockedError:
        return False


def _last_output(log: IO[bytes]) -> str:
    log.seek(0)
    output = log.read().decode("utf-8", "replace").strip()
    return output[-800:] or "nothing"


def _stop(process: subprocess.Popen[bytes], grace: float) -> None:
    """Ends the target and all processes that it started."""
    group = os.killpg if sys.platform != "win32" else os.kill
    with contextlib.suppress(ProcessLookupError):
        group(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    with contextlib.suppress(ProcessLookupError):
        group(process.pid, signal.SIGKILL)
    process.wait()
