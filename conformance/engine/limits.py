"""Ends of a run that were asked for: after a time, or with the first failure."""

from __future__ import annotations

import contextlib
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_FAILURE = "It was stopped at the first failure, as --fail-fast asks."
TIME_IS_OVER = "It was stopped as its time was over (--max-time)."
RESERVE, SHARE = 10.0, 0.1  # seconds, and the part of the time, that are kept for the clean-up and the reports
AT_ONCE = 0.001  # seconds; a timer of none never ends


class TimeIsOverError(KeyboardInterrupt):
    """The time of the run is over."""


@contextlib.contextmanager
def time_limit(seconds: float | None, *, since: float) -> Iterator[None]:
    """Raises TimeIsOverError in the main thread so long before the time is over that what is known can be written.

    `since`: when the time began to run, as time.monotonic() tells it.
    """
    if seconds is None:
        yield
        return
    former = signal.signal(signal.SIGALRM, _end)
    left = since + seconds - min(RESERVE, SHARE * seconds) - time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, max(left, AT_ONCE))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def _end(_number: int, _frame: object) -> None:
    raise TimeIsOverError


def was_asked_for(stopped: str) -> bool:
    """The run ended before it was through because its user had said when."""
    return stopped in {FIRST_FAILURE, TIME_IS_OVER}
