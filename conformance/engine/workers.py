"""Several workers that share the checks: forked, so that what was loaded once serves them all."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from conformance.engine.work import Done, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from conformance.engine.session import Session
    from conformance.engine.work import Message, Selection


@dataclass(frozen=True)
class Claims:
    """Hands out the numbers of the checks, each to one worker only."""

    counter: Any  # multiprocessing.Value

    def __call__(self, total: int) -> Iterator[int]:
        while (number := self._next()) < total:
            yield number

    def _next(self) -> int:
        with self.counter.get_lock():
            number = int(self.counter.value)
            self.counter.value += 1
        return number


def share(sessions: tuple[Session, ...], selection: Selection, tell: Callable[[Message], None]) -> None:
    """Has every session's worker make its share; a single one works in this very process."""
    if len(sessions) == 1:
        work(sessions[0], selection, tell)
        return
    context = multiprocessing.get_context("fork")
    claims = Claims(context.Value("i", 0))
    pipes: dict[Connection, Any] = {}
    for session in sessions:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_labour, args=(session, selection, there, claims), daemon=True)
        process.start()
        there.close()
        pipes[here] = process
    _listen(pipes, tell)


def _labour(session: Session, selection: Selection, there: Connection, claims: Claims) -> None:
    work(session, selection, there.send, claims)
    there.close()


def _received(pipe: Connection) -> Message | None:
    try:
        message: Message = pipe.recv()
    except EOFError:
        return None
    return message


def _listen(pipes: dict[Connection, Any], tell: Callable[[Message], None]) -> None:
    """Passes on what the workers tell until each is through."""
    through: set[Connection] = set()
    open_pipes = set(pipes)
    while open_pipes:
        ready = set(wait(list(open_pipes)))
        for pipe in [pipe for pipe in open_pipes if pipe in ready]:
            message = _received(pipe)
            if message is None:
                open_pipes.discard(pipe)
                continue
            if isinstance(message, Done):
                through.add(pipe)
            tell(message)
    for pipe, process in pipes.items():
        process.join()
        if pipe not in through:
            tell(Done(checks={}, leftover={}, broken=f"A worker ended with code {process.exitcode} before it was through."))
