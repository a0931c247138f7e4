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


def breed(lines: Iterable[str], parser: ArgumentParser) -> None:
    """Forks a server for each line, which holds arguments of `serve`, and ends them when the lines end.

    Each answers with one line, `PID serving at URL`, or `PID failed: why`. A server can be ended before by SIGTERM
    to its process.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system itself takes away what has ended
    children = [fork(line, parser) for line in lines if line.strip()]
    for child in children:
        try:
            os.kill(child, signal.SIGTERM)
        except ProcessLookupError:
            continue


def fork(line: str, parser: ArgumentParser) -> int:
    """The id of the process that serves."""
    child = os.fork()
    if child:
        return child
    os.setsid()  # so that it can be ended together with its worker
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
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
