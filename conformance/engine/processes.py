"""Several processes that share one task: forked, so that what was loaded once serves them all."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.connection import wait
from pickle import PickleError
from threading import BrokenBarrierError
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection

GRACE = 0.5  # seconds that a process has to end after it has told everything
LAST_WORDS = 5.0  # seconds in which a process that was interrupted tells what it knows
PATIENCE = 60.0  # seconds for which a worker that is through waits for the others


@dataclass(frozen=True)
class Claims:
    """Hands out numbers, each to one worker only, until all are out or one of the workers ends it."""

    counter: Any  # multiprocessing.Value; -1: it has ended

    def __call__(self, total: int) -> Iterator[int]:
        while 0 <= (number := self._next()) < total:
            yield number

    def _next(self) -> int:
        with self.counter.get_lock():
            number = int(self.counter.value)
            self.counter.value += 0 if self.ended else 1
        return number

    def end(self) -> None:
        """No worker gets another number."""
        with self.counter.get_lock():  # lest one that is taking a number counts on from it
            self.counter.value = -1

    @property
    def ended(self) -> bool:
        return bool(self.counter.value < 0)


def new_claims() -> Claims:
    """Numbers from 0 on, to be shared by forked workers."""
    return Claims(multiprocessing.get_context("fork").Value("i", 0))


@dataclass(frozen=True)
class WorkerBarrier:
    """Waits until all workers are through, so that none takes its servers away while another needs them."""

    barrier: Any  # multiprocessing.Barrier

    def __call__(self) -> None:
        with contextlib.suppress(BrokenBarrierError):
            self.barrier.wait(PATIENCE)

    def without_the_dead(self) -> None:
        """Nobody waits any longer: somebody does not come any more."""
        self.barrier.abort()


def worker_barrier(count: int) -> WorkerBarrier:
    """For so many forked workers."""
    return WorkerBarrier(multiprocessing.get_context("fork").Barrier(count))


def run_in_processes(
    jobs: Sequence[Callable[[Callable[[Any], None]], None]],
    tell: Callable[[Any], None],
    bereaved: Callable[[], None] = lambda: None,
) -> list[int]:
    """Does each job in a process of its own and passes on what they tell; gives their exit codes.

    `bereaved` is called for each process that ends before it is through.
    """
    context = multiprocessing.get_context("fork")
    pipes: dict[Connection, Any] = {}
    for job in jobs:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_do, args=(job, there))
        process.start()
        there.close()
        pipes[here] = process
    try:
        _listen(pipes, tell, bereaved)
    except KeyboardInterrupt:
        for process in pipes.values():
            process.terminate()  # in case the signal was for this process alone
        bereaved()
        _listen(pipes, tell, bereaved, within=LAST_WORDS)
        raise
    finally:
        for process in pipes.values():
            _end(process)
    return [process.exitcode or 0 for process in pipes.values()]


def _do(job: Callable[[Callable[[Any], None]], None], there: Connection) -> None:
    try:
        job(there.send)
    except KeyboardInterrupt:  # the parent process tells it
        pass
    except RuntimeError as error:  # what interrupts the definition of a class comes as one
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
    there.close()


def _listen(
    pipes: Mapping[Connection, Any],
    tell: Callable[[Any], None],
    bereaved: Callable[[], None],
    within: float | None = None,
) -> None:
    """Passes on what comes through the pipes until all are closed, or so many seconds have passed."""
    give_up = None if within is None else time.monotonic() + within
    while still := [pipe for pipe in pipes if not pipe.closed]:
        ready = wait(still, None if give_up is None else max(0.0, give_up - time.monotonic()))
        if not ready:
            return
        for pipe in still:
            if pipe in ready:
                _pass_on(pipe, pipes[pipe], tell, bereaved)


def _pass_on(pipe: Connection, process: Any, tell: Callable[[Any], None], bereaved: Callable[[], None]) -> None:
    try:
        tell(pipe.recv())
    except (EOFError, PickleError):  # a process that is interrupted may leave half a message behind
        pipe.close()
        process.join(GRACE)
        if process.exitcode:  # None: it is about to end
            bereaved()


def _end(process: Any) -> None:
    process.join(GRACE)
    process.terminate()
    process.join(GRACE)
    process.kill()
    process.join()
