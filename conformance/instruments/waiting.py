"""Waiting for what must come, up to a bound."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.target.messages import Reply

PAUSE = 0.25  # seconds between two questions
SHORTEST = 0.01  # seconds before the second of many questions
ALLOWANCE = 2.0  # seconds beyond the bound: a question and its answer take time too


def until(ask: Callable[[], Reply], holds: Callable[[Reply], bool], *, within: float) -> Reply:
    """The first reply for which it holds, else the last one within so many seconds; asked ever less often."""
    give_up, pause = time.monotonic() + within + ALLOWANCE, SHORTEST
    reply = ask()
    while not holds(reply) and time.monotonic() < give_up:
        threading.Event().wait(pause)
        pause = min(2 * pause, PAUSE)
        reply = ask()
    return reply


def eventually(ask: Callable[[], Reply], wanted: object, *, within: float) -> Reply:
    """The first reply that is equal to what is wanted, else the last one within so many seconds."""
    give_up = time.monotonic() + within + ALLOWANCE
    reply = ask()
    while reply != wanted and time.monotonic() < give_up:
        threading.Event().wait(PAUSE)
        reply = ask()
    return reply
