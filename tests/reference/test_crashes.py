"""Killed at random moments while writers write, the platform loses nothing and does nothing twice."""

from __future__ import annotations

import os
import queue
import random
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from .support import BOUND, Account, fresh
from .writers import Told, Writer, changes_of

EVENTS = ("link.created", "link.updated", "link.deleted")
WRITERS = 4
ANSWERS = 12  # that a life gives at most before its end is near


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def writing(writers):
    """The writers at work; the first failure of one is raised at the end."""
    with ThreadPoolExecutor(len(writers)) as pool:
        working = [pool.submit(writer.run) for writer in writers]
        try:
            yield
        finally:
            for writer in writers:
                writer.stopped.set()
    for work in working:
        work.result()


class Lives:
    """One platform that is killed and started again at the same place."""

    def __init__(self, fork_server, database, *arguments):
        self.fork_server = fork_server
        self.port = free_port()
        self.arguments = ("--port", str(self.port), "--database", database, *arguments)

    @contextmanager
    def life(self):
        platform = self.fork_server.start(*self.arguments)
        try:
            yield
        finally:
            os.killpg(platform.pid, signal.SIGKILL)
            self.wait_for_the_end()

    def wait_for_the_end(self):
        """The port is free once the last process is gone."""
        give_up = time.monotonic() + BOUND
        while time.monotonic() < give_up:
            try:
                socket.create_connection(("127.0.0.1", self.port), BOUND).close()
            except OSError:
                return


def wait_for(writers, answers):
    """Until so many more requests were answered."""
    wanted = answers + sum(writer.statuses.total() for writer in writers)
    give_up = time.monotonic() + BOUND
    while sum(writer.statuses.total() for writer in writers) < wanted:
        assert time.monotonic() < give_up, "nothing is answered any more"
        time.sleep(0.01)


def told(receiver, expected):
    """What the receiver was told until nothing of it is missing."""
    found, give_up = Told(), time.monotonic() + 3 * BOUND
    while expected - found.ids.keys() and time.monotonic() < give_up:
        try:
            found.add(receiver.deliveries.get(timeout=1))
        except queue.Empty:
            continue
    return found


def survive(fork_server, database, issuer, receiver, *, lives):
    """Kills so many lives; the writers, what they were told of, and what the last life shows."""
    draw = random.Random()
    url = "http://links.example"
    platforms = Lives(
        fork_server, database, "--trust", issuer.url, "--public-url", url, "--allow-receiver", receiver.origin
    )
    place = f"http://127.0.0.1:{platforms.port}"
    accounts = [Account(place, issuer.token(url, sub=fresh("writer"))) for _ in range(WRITERS)]
    writers = [Writer(account, seed=draw.randrange(10**6)) for account in accounts]
    with platforms.life():
        for account in accounts:
            account.webhook(receiver.url("/crashes"), *EVENTS)
    with ExitStack() as stack:
        work = stack.enter_context(ExitStack())
        work.enter_context(writing(writers))
        for _ in range(lives):
            with platforms.life():
                wait_for(writers, draw.randint(1, ANSWERS))
                time.sleep(draw.uniform(0, 0.1))
        stack.enter_context(platforms.life())
        work.close()
        for writer in writers:
            writer.make()  # what was doubled before stands in the queue before this
        expected = changes_of(writers)
        return writers, expected, told(receiver, expected), [writer.shown() for writer in writers]


def compare(writers, expected, told, shown):
    assert shown == [writer.expected for writer in writers]
    assert expected - told.ids.keys() == set(), "lost"
    assert told.ids.keys() - expected == set(), "told of what nobody did"
    assert told.doubled == []
    assert {status for writer in writers for status in writer.statuses if status >= 500} == set()


@pytest.mark.parametrize("lives", [5, pytest.param(50, marks=pytest.mark.slow)])
def test_lives_on_sqlite_lose_nothing_and_double_nothing(tmp_path, fork_server, issuer, receiver, lives):
    compare(*survive(fork_server, f"sqlite:///{tmp_path}/links.db", issuer, receiver, lives=lives))


@pytest.mark.parametrize("lives", [5, pytest.param(10, marks=pytest.mark.slow)])
def test_lives_on_postgresql_lose_nothing_and_double_nothing(database, fork_server, issuer, receiver, lives):
    compare(*survive(fork_server, database, issuer, receiver, lives=lives))
