"""The fork server: one process from which faulty variants are forked, which is faster than to start each anew."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Self

from conformance.errors import ConfigurationError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.sut.process import Command

READY = "serving at"


@dataclass
class ForkServer:
    """A running command that starts a variant for each line of arguments that it reads.

    It answers each with `PID serving at URL` or `PID failed: REASON`; the process PID leads a process group.
    """

    command: Command
    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(
                self.command.arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=self.command.folder,
                env=self.command.full_environment,
                start_new_session=True,
            )
        except OSError as error:
            raise ConfigurationError(f"The fork server {self.command} could not be started: {error}.") from None
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    @contextlib.contextmanager
    def serving(self, arguments: Sequence[str]) -> Iterator[str]:
        """The URL of a variant with these arguments, while it runs. Raises UnreachableError with its reason."""
        assert self._process is not None
        answer = _exchange_line(self._process.stdin, self._process.stdout, shlex.join(arguments))
        pid, _, answer = answer.partition(" ")
        if not answer.startswith(READY):
            raise UnreachableError(f"The variant could not be served: {answer or 'the fork server has ended'}")
        try:
            yield answer.removeprefix(READY).strip()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(pid), signal.SIGKILL)


def _exchange_line(writing: IO[str] | None, reading: IO[str] | None, line: str) -> str:
    assert writing is not None
    assert reading is not None
    try:
        writing.write(line + "\n")
        writing.flush()
    except BrokenPipeError:
        return ""
    return reading.readline().strip()
