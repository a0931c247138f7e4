"""Waiting: polling up to a bound, and the pause that an answer asks for."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.messages import Reply

Seen = TypeVar("Seen")

MAX_PAUSE = 0.25  # seconds between two requests at most
FIRST_PAUSE = 0.02  # seconds before the second request; each further pause is twice as long
ALLOWANCE = 2.0  # seconds beyond the bound, since requests take time too


def eventually(ask: Callable[[], Reply], wanted: object, *, within: float) -> Reply:
    """The first reply that is equal to what is wanted, else the last reply within so many seconds."""
    return until(ask, lambda reply: reply == wanted, within=within)


def until(ask: Callable[[], Seen], holds: Callable[[Seen], bool], *, within: float) -> Seen:
    """The first result for which the condition holds, else the last one within so many seconds."""
    give_up, pause = time.monotonic() + within + ALLOWANCE, FIRST_PAUSE
    seen = ask()
    while not holds(seen) and time.monotonic() < give_up:
        threading.Event().wait(pause)
        pause = min(2 * pause, MAX_PAUSE)
        seen = ask()
    return seen


def retry_after(field: str) -> float | None:
    """The seconds in a Retry-After field (RFC 9110 §10.2.3); None for a date, or without the field."""
    return float(field) if re.fullmatch("[0-9]+", field) else None
