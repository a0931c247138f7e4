"""The suite as a process that stays: for each job that it reads, a line of JSON, it forks one `conformance run`.

What an interpreter does before the first check, which takes longer than judging some servers, is done once. A job has
`folder`, `arguments` and `seconds`, after which it is ended; the answer, a line of JSON, has `code` and `cpu`: seconds,
those of the server included.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

import conformance
from conformance import cli

CHECKS = Path(conformance.__file__).with_name("checks")
QUIET = ("--collect-only", "-p", "no:terminal", "-p", "no:cacheprovider", "--disable-plugin-autoload")


class Marks:
    """Lets the checks be collected by a pytest that knows nothing of the suite."""

    def pytest_configure(self, config: pytest.Config) -> None:
        from conformance import marks

        marks.register(config)


def main() -> None:
    pytest.main([str(CHECKS), "-c", str(CHECKS / "pytest.ini"), "--rootdir", str(CHECKS), *QUIET], plugins=[Marks()])
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        answers.write(json.dumps(done(json.loads(line))) + "\n")
        answers.flush()


def done(job: dict[str, Any]) -> dict[str, Any]:
    """Does a job in a process of its own."""
    child = os.fork()
    if child == 0:
        os._exit(run(job))
    _, status, used = os.wait4(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # whatever it has left behind
    return {"code": os.waitstatus_to_exitcode(status), "cpu": used.ru_utime + used.ru_stime}


def run(job: dict[str, Any]) -> int:
    os.setpgid(0, 0)
    signal.alarm(job["seconds"])
    os.chdir(job["folder"])
    with Path("printed.txt").open("wb", buffering=0) as printed:
        for stream in (1, 2):
            os.dup2(printed.fileno(), stream)
    return cli.main(job["arguments"])


if __name__ == "__main__":
    main()
