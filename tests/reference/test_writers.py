"""Many write at once, to one process and to two, on SQLite and on PostgreSQL: no update is lost, nothing breaks."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from .support import BOUND, Account, fresh

URL = "http://links.example"
WRITERS = 6
ROUNDS = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    """The URL of an empty database."""
    return f"sqlite:///{tmp_path}/links.db" if request.param == "sqlite" else request.getfixturevalue("database")


@pytest.fixture(params=[1, 2], ids=["one process", "two processes"])
def accounts(request, fork_server, issuer, receiver, store):
    """One person at each of the processes that serve the store."""
    arguments = ("--database", store, "--trust", issuer.url, "--public-url", URL, "--allow-receiver", receiver.origin)
    with ExitStack() as stack:
        served = [stack.enter_context(fork_server.served(*arguments)) for _ in range(request.param)]
        token = issuer.token(URL, sub=fresh("writer"))
        yield [Account(platform.url, token) for platform in served]


def test_guarded_increments_are_all_there(accounts, at_once):
    path = f"/v1/links/{accounts[0].link(title='0')['id']}"

    def increment(account):
        """Reads, adds one, and writes if nobody was faster; the statuses that this took."""
        seen = []
        while 200 not in seen:
            read = account.call("GET", path)
            title = str(int(read.json()["title"]) + 1)
            seen.append(account.call("PATCH", path, {"title": title}, If_Match=read.headers["ETag"]).status_code)
        return seen

    def work(number):
        return [status for _ in range(ROUNDS) for status in increment(accounts[number % len(accounts)])]

    statuses = [status for seen in at_once(WRITERS, work) for status in seen]
    final = accounts[0].call("GET", path).json()

    assert (final["title"], final["version"]) == (str(WRITERS * ROUNDS), WRITERS * ROUNDS + 1)
    assert set(statuses) <= {200, 412}


def test_changes_of_different_members_do_not_undo_each_other(accounts, at_once):
    path = f"/v1/links/{accounts[0].link()['id']}"
    changes = [{"title": "changed"}, {"destination": "https://shop.example/changed"}, {"enabled": False}]

    answers = at_once(3, lambda number: accounts[number % len(accounts)].call("PATCH", path, changes[number]))
    final = accounts[-1].call("GET", path).json()

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [final | change for change in changes] == [final] * 3
    assert final["version"] == 4


def test_of_equal_codes_one_is_taken(accounts, at_once):
    body = {"destination": "https://shop.example/", "code": fresh("code")}
    answers = at_once(WRITERS, lambda number: accounts[number % len(accounts)].call("POST", "/v1/links", body))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (WRITERS - 1)


def test_changes_are_told_in_their_order(accounts, receiver, at_once):
    """Several change one link at once; its receiver meets the versions one after the other, none twice."""
    accounts[0].webhook(receiver.url("/order"), "link.updated")
    path = f"/v1/links/{accounts[0].link()['id']}"

    def change(number):
        return [accounts[number % len(accounts)].call("PATCH", path, {"title": str(n)}).status_code for n in range(4)]

    statuses = at_once(WRITERS, change)
    told = [receiver.next().event["data"]["version"] for _ in range(4 * WRITERS)]

    assert statuses == [[200] * 4] * WRITERS
    assert told == list(range(2, 2 + 4 * WRITERS))


def test_a_poisoned_receiver_delays_no_other(accounts, receiver):
    """One receiver holds every delivery until the other one has got all of its own."""
    release = threading.Event()
    receiver.script["/poisoned"] = [lambda: release.wait(BOUND) and 500] * 100
    accounts[0].webhook(receiver.url("/poisoned"), "link.created")
    accounts[0].webhook(receiver.url("/well"), "link.created")
    made = [accounts[number % len(accounts)].link()["id"] for number in range(30)]
    got = []
    while len(got) < len(made):
        delivery = receiver.next()
        got += [delivery.event["data"]["id"]] if delivery.path == "/well" else []
    held = not release.is_set()
    release.set()

    assert held
    assert sorted(got) == sorted(made)  # two processes may overtake each other
