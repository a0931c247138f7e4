"""The command line in a process of its own each time, forked from one that has imported it already."""

from __future__ import annotations

import json
import multiprocessing
import os
import pkgutil
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import conformance as suite
from conformance import cli

PLAIN = Path(__file__).parents[1] / "plain"
TOKENS = {"ANN": "token-of-ann-1f7c", "BEN": "token-of-ben-93d0"}
IDENTITIES = """
[identities.ann]
kind = "token"
token = "env:ANN"

[identities.ben]
kind = "token"
token = "env:BEN"
"""
USERS = {token: {"user": name} for name, token in TOKENS.items()}
# All of the suite but its checks, whose assertions pytest rewrites as it imports them.
PRELOADED = [
    module.name
    for module in pkgutil.walk_packages(suite.__path__, "conformance.")
    if not module.name.startswith("conformance.checks")
]
LIMIT = 90  # seconds: a safety net; what a case may take is bounded by its configuration


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the command line left behind: its exit code (None if it broke), its words and, if any, report.json."""

    code: int | None
    out: str
    err: str
    report: dict | None

    @property
    def words(self):
        return self.out + self.err

    @property
    def verdicts(self):
        """Clause id → verdict."""
        return {clause["id"]: clause["verdict"] for clause in (self.report or {"clauses": []})["clauses"]}


def conformance(*arguments, folder, environment=None):
    """Runs `conformance` in a folder; reports of `run` go into its subfolder `report`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    given = [*map(str, arguments), *(["--report-dir", "report"] if arguments[0] == "run" else [])]
    code = folder / "code"
    code.unlink(missing_ok=True)
    process = context.Process(target=_command, args=(given, folder, {**os.environ, **(environment or {})}))
    process.start()
    process.join(LIMIT)
    if process.is_alive():
        process.kill()
    report = folder / "report" / "report.json"
    return Told(
        code=int(code.read_text(encoding="utf-8")) if code.is_file() else None,  # `exitcode` is lost among threads
        out=(folder / "stdout").read_text(encoding="utf-8"),
        err=(folder / "stderr").read_text(encoding="utf-8"),
        report=json.loads(report.read_text(encoding="utf-8")) if report.is_file() else None,
    )


def started(*words, more=""):
    """The lines under [target] that have the suite run this Python script with these arguments."""
    return f"""
command = {json.dumps([sys.executable, *map(str, words)])}
{more}
[target.environment]
PYTHONPATH = "{PLAIN}"
NOTES_TOKENS = '{json.dumps(USERS)}'
"""


def configure(folder, *, target="", identities=IDENTITIES, deadline=1):
    """Writes a configuration with these lines under [target] and these tables after it."""
    if not (folder / "openapi.yaml").exists():
        shutil.copy(PLAIN / "openapi.yaml", folder)
    text = f'[target]\ncontract = "openapi.yaml"\ndeadline = {deadline}\n{target}\n{identities}'
    (folder / "conformance.toml").write_text(text, encoding="utf-8")


def judge(folder, *arguments, **settings):
    """Runs `conformance run` with such a configuration."""
    configure(folder, **settings)
    return conformance("run", *arguments, folder=folder, environment=TOKENS)


def _command(arguments, folder, environment):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
    try:
        code = cli.main(arguments)
    except SystemExit as usage:
        code = usage.code
    Path("code").write_text(str(code), encoding="utf-8")
