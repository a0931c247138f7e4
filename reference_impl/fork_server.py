"""Many servers from one process that has imported everything already: a start takes a tenth of a second."""

from __future__ import annotations

import logging
import os
import shlex
import signal
import sys
from typing import TYPE_CHECKING

from reference_impl.serving import MISTAKES, leave, serve

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable

LOG = logging.getLogger("reference_impl")


def serve_variants(lines: Iterable[str], parser: ArgumentParser) -> None:
    """Forks a server for each line, which holds arguments of `serve`, and ends them when the lines end.

    Each answers with one line, `PID serving at URL`, or `PID failed: why`. A server can be ended before by SIGTERM
    to its process. What has ended is not taken away before the next line: until then its id is given to nobody else,
    who might get a signal that was meant for it.
    """
    children: set[int] = set()
    for line in lines:
        if line.strip():
            children = {child for child in children if not ended(child)} | {fork(line, parser)}
    for child in children:
        os.kill(child, signal.SIGTERM)


def ended(child: int) -> bool:
    """Whether the process has ended; if it has, it is taken away."""
    return os.waitpid(child, os.WNOHANG)[0] == child


def fork(line: str, parser: ArgumentParser) -> int:
    """The id of the process that serves."""
    child = os.fork()
    if child:
        return child
    os.setsid()  # so that it can be ended together with its worker
    sys.stdin.close()
    me = os.getpid()
    try:
        serve(parser.parse_args(shlex.split(line)), announce=f"{me} serving at")
    except SystemExit:
        sys.stdout.write(f"{me} failed: the arguments are not those of `serve`\n")
    except MISTAKES as error:
        sys.stdout.write(f"{me} failed: {error}\n")
    except Exception as error:
        LOG.exception("A variant could not be served.")
        sys.stdout.write(f"{me} failed: {error}\n")
    leave(1)
    return child
