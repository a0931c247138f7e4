"""A server of a registry: how it is installed, started and filled, in a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

HERE = Path(__file__).parent
START = 180.0  # seconds until it answers


@dataclass(frozen=True, kw_only=True)
class Server:
    """`command` gives the words that start it at a port, and may write into its folder; `fill` makes who is there."""

    name: str
    packages: tuple[str, ...]
    npm: bool = False  # else of PyPI
    ready: str = "/"  # what answers anything but 5xx once it is there
    base: str = ""  # of its paths
    command: Callable[[Path, Path, int], Sequence[str]]
    fill: Callable[[str], None] = lambda _: None
    secrets: Mapping[str, str] = field(default_factory=dict)  # environment variables of its conformance.toml
    contract: str = ""  # where it tells its own, if it does

    @property
    def sources(self) -> Path:
        """Contract, configuration and overlay."""
        return HERE / self.name

    def install(self, folder: Path) -> Path:
        """The folder of its programs."""
        if self.npm:
            _install("npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *self.packages)
            return folder / "node_modules" / ".bin"
        if not (folder / "bin").exists():
            _install(sys.executable, "-m", "venv", str(folder))
        _install(str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *self.packages)
        return folder / "bin"

    @contextlib.contextmanager
    def serving(self, folder: Path, port: int) -> Iterator[str]:
        """Its URL while it runs, filled."""
        programs = self.install(folder / "programs")
        url = f"http://127.0.0.1:{port}"
        words = self.command(folder, programs, port)
        environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                words, cwd=folder, stdout=log, stderr=log, start_new_session=True, env=environment
            )
            try:
                _await(url + self.ready, process)
                self.fill(url + self.base)
                yield url + self.base
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
                process.wait()


def asked(url: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """Status and JSON of an answer."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url, content, {"Content-Type": "application/json", **(headers or {})}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refusal:
        return refusal.code, None


def _install(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise SystemExit(f"The server ended with code {process.returncode}; see server.log.")
        with contextlib.suppress(OSError):
            if asked(url)[0] < 500:
                return
        time.sleep(0.5)
    raise SystemExit(f"Nothing answered at {url} within {START:g} s; see server.log.")
