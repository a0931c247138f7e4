"""`python -m servers NAME... [--folder FOLDER]` judges servers that others wrote, and compares with docs/servers.md.

Needs the registries of PyPI and npm. What is installed, written and told stays in the folder, one of each server.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servers.server import HERE, asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servers.server import Server

PAGE = HERE.parent.parent / "docs" / "servers.md"
NAMES = sorted(path.name for path in HERE.iterdir() if (path / "conformance.toml").exists())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m servers", description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, help=f"{', '.join(NAMES)}; all of them if none is named")
    parser.add_argument("--folder", type=Path, default=Path("build/servers"), help="where they are installed")
    given, options = parser.parse_known_args()
    wrong = [sentence for name in given.names for sentence in compared(name, given.folder.absolute() / name, options)]
    sys.stdout.writelines(f"{sentence}\n" for sentence in wrong)
    return 1 if wrong else 0


def compared(name: str, folder: Path, options: list[str]) -> Iterator[str]:
    """Where the report and the page differ, in sentences."""
    report = judged(importlib.import_module(f"servers.{name.replace('-', '_')}").SERVER, folder, options)
    found = {each["id"] for each in report["clauses"] if each["verdict"] == "failed"}
    known = documented(name)
    places = report["places"]
    yield from (f"{name}: {clause} failed, and docs/servers.md does not tell so." for clause in sorted(found - known))
    yield from (f"{name}: docs/servers.md tells of {clause}, which did not fail." for clause in sorted(known - found))
    if report["counts"].get("error"):
        yield f"{name}: the suite itself broke."
    sys.stdout.write(f"{name}: {len(found)} clauses failed; places: {json.dumps(places)}\n")


def documented(name: str) -> set[str]:
    """The clauses of the table of a server on the page."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z0-9-]+)` \|", section, re.MULTILINE))


def judged(server: Server, folder: Path, options: list[str]) -> dict[str, Any]:
    """The report on the server."""
    folder.mkdir(parents=True, exist_ok=True)
    with server.serving(folder, free_port()) as url:
        shutil.copytree(server.sources, folder / "given", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py"))
        if server.contract:
            (folder / "given" / "openapi.json").write_text(json.dumps(asked(url + server.contract)[1]))
        command = [sys.executable, "-m", "conformance.cli", "run", url]
        command += ["--config", str(folder / "given/conformance.toml"), "--report-dir", str(folder / "report")]
        command += ["--workers", "1", *options]
        subprocess.run(command, env=os.environ | dict(server.secrets), check=False)
    report: dict[str, Any] = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    return report


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
