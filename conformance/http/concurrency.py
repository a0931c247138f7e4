"""Calls that are made at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Result = TypeVar("Result")


def concurrently(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """The results of the calls, each made in a thread of its own as soon as all threads are ready."""
    barrier = Barrier(len(calls))

    def wait_and_call(call: Callable[[], Result]) -> Result:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(wait_and_call, calls))
