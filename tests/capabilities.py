"""What some tests need beside Python: a browser, PostgreSQL, Redis, Node and programs of the shell.

Each function looks for one of them and returns where it is. If there is none, the test that asked is skipped with a
sentence that says how to have it; with `CONFORMANCE_REQUIRE_ALL=1` in the environment it fails with that sentence.
An environment variable (CHROMIUM, CHROMEDRIVER, NODE: a path; POSTGRESQL_URL, REDIS_URL) says where to look instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
CHROMEDRIVER = ("chromedriver", "/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver")
POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"
PROCESS_STATUS = Path("/proc/self/status")
NODE_MODULES = Path(__file__).parents[1] / "node_modules"
TIMEOUT = 5  # seconds for a server to answer


def missing(sentence: str) -> NoReturn:
    """Skips the running test, or fails it where everything is required."""
    if os.environ.get("CONFORMANCE_REQUIRE_ALL") == "1":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(reason=sentence)  # a machine with Python alone is promised to run the rest


def chromium() -> str:
    """The path of Chromium or Chrome."""
    return _program("CHROMIUM", *CHROMIUM) or missing(
        "Chromium was not found: install it (Debian: `apt install chromium`), or set CHROMIUM to its path."
    )


def chromedriver() -> str:
    """The path of the driver of Chromium."""
    return _program("CHROMEDRIVER", *CHROMEDRIVER) or missing(
        "ChromeDriver was not found: install it (Debian: `apt install chromium-driver`), or set CHROMEDRIVER to its "
        "path."
    )


def node() -> str:
    """The path of Node, 20 or later."""
    found = _program("NODE", "node")
    if not found or _node_version(found) < 20:
        missing("Node 20 or later was not found: install it (https://nodejs.org), or set NODE to its path.")
    return found


def with_node() -> dict[str, str]:
    """The variables of a process that starts `node` by its name."""
    return {"PATH": os.pathsep.join([str(Path(node()).parent), os.environ["PATH"]])}


def npm_package(name: str) -> Path:
    """The folder of a package that package.json names."""
    folder = NODE_MODULES / name
    if not folder.is_dir():
        missing(f"The npm package {name} is not installed: run `npm ci`.")
    return folder


def program(name: str) -> str:
    """The path of a program of the shell, such as `openssl`."""
    return shutil.which(name) or missing(f"The program {name} was not found: install it, or add its folder to PATH.")


def process_status() -> Path:
    """Where a process reads how much memory it has taken (proc(5))."""
    if not PROCESS_STATUS.is_file():
        missing(f"{PROCESS_STATUS} is not there, by which memory is measured: run this on Linux.")
    return PROCESS_STATUS


def postgresql() -> str:
    """The URL of a PostgreSQL database whose user may create others."""
    url = os.environ.get("POSTGRESQL_URL", POSTGRESQL)
    if trouble := _postgresql_trouble(url):
        missing(
            f"PostgreSQL cannot be used ({trouble}): start one of 13 or later at 127.0.0.1:5432 with a user `postgres` "
            "without a password, or set POSTGRESQL_URL to a database whose user may create others."
        )
    return url


def redis() -> str:
    """The URL of a Redis database."""
    url = os.environ.get("REDIS_URL", REDIS)
    if trouble := _redis_trouble(url):
        missing(f"Redis cannot be used ({trouble}): start it at 127.0.0.1:6379, or set REDIS_URL to that of another.")
    return url


def _program(variable: str, *names: str) -> str | None:
    """The path that the variable names, or the first of these programs; None if it is not there."""
    given = os.environ.get(variable)
    return next(filter(None, map(shutil.which, names if given is None else [given])), None)


@cache
def _node_version(path: str) -> int:
    told = subprocess.check_output([path, "--version"], text=True, timeout=TIMEOUT)
    return int(told.removeprefix("v").partition(".")[0])


@cache
def _postgresql_trouble(url: str) -> str:
    """Why no database can be created there; empty if it can."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=TIMEOUT) as connection:
            found = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            return "" if found.fetchone() == (True,) else "its user may not create databases"
    except psycopg.OperationalError as error:
        return str(error).splitlines()[0]


@cache
def _redis_trouble(url: str) -> str:
    """Why Redis does not answer there; empty if it does."""
    import redis

    try:
        with redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT) as client:
            client.ping()
    except redis.RedisError as error:
        return str(error)
    return ""
