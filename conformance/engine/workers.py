"""Several processes that share one task: forked, so that what was loaded once serves them all."""

from __future__ import annotations

import contextlib
import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import wait
from threading import BrokenBarrierError
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

PATIENCE = 60.0  # seconds for which a worker that is through waits for the others


@dataclass(frozen=True)
class Claims:
    """Hands out numbers, each to one worker only."""

    counter: Any  # multiprocessing.Value

    def __call__(self, total: int) -> Iterator[int]:
        while (number := self._next()) < total:
            yield number

    def _next(self) -> int:
        with self.counter.get_lock():
            number = int(self.counter.value)
            self.counter.value += 1
        return number


def claims() -> Claims:
    """Numbers from 0 on, to be shared by forked workers."""
    return Claims(multiprocessing.get_context("fork").Value("i", 0))


def parting(count: int) -> Callable[[], None]:
    """Waits until so many forked workers are through, so that none takes its servers away while another needs them."""
    barrier = multiprocessing.get_context("fork").Barrier(count)

    def wait_for_all() -> None:
        with contextlib.suppress(BrokenBarrierError):  # somebody does not come any more
            barrier.wait(PATIENCE)

    return wait_for_all


def spread(jobs: Sequence[Callable[[Callable[[Any], None]], None]], tell: Callable[[Any], None]) -> list[int]:
    """Does each job in a process of its own and passes on what they tell; gives their exit codes."""
    context = multiprocessing.get_context("fork")
    pipes: dict[Connection, Any] = {}
    for job in jobs:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_do, args=(job, there))
        process.start()
        there.close()
        pipes[here] = process
    try:
        _listen(set(pipes), tell)
    finally:
        for process in pipes.values():
            process.join(0.5)
            process.terminate()
            process.join()
    return [process.exitcode or 0 for process in pipes.values()]


def _do(job: Callable[[Callable[[Any], None]], None], there: Connection) -> None:
    with contextlib.suppress(KeyboardInterrupt):  # the parent process tells it
        job(there.send)
    there.close()


def _listen(pipes: set[Connection], tell: Callable[[Any], None]) -> None:
    """Passes on what comes through the pipes until all are closed."""
    while pipes:
        ready = set(wait(list(pipes)))
        for pipe in [pipe for pipe in pipes if pipe in ready]:
            try:
                tell(pipe.recv())
            except EOFError:
                pipes.discard(pipe)
