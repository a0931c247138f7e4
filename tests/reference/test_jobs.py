"""Jobs are done once and to their end: also when every process is killed, and when several processes work."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest

from .support import BOUND, Account, fresh, killed

URL = "http://links.example"
ITEMS = 100
JOBS = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def jobs_store(request, tmp_path):
    """The URL of an empty database."""
    return f"sqlite:///{tmp_path}/links.db" if request.param == "sqlite" else request.getfixturevalue("database")


@pytest.fixture
def arguments(jobs_store, issuer, receiver):
    """How the platform is started; it is the same one for its clients wherever it listens."""
    allowed = ("--allow-receiver", receiver.origin)
    return ("--database", jobs_store, "--trust", issuer.url, "--public-url", URL, *allowed)


@pytest.fixture
def token(issuer):
    return issuer.token(URL, sub=fresh("importer"))


def items(count):
    """Good items of different titles, each tenth one bad."""
    bad = {"destination": "ftp://shop.example/"}
    return [
        {"destination": "https://shop.example/", "title": f"{i}"} | (bad if i % 10 == 9 else {}) for i in range(count)
    ]


def begun(account, body, **headers):
    answer = account.call("POST", "/v1/link-imports", {"items": body}, **headers)
    assert answer.status_code == 202, answer.text
    return answer.json()


def read(account, job):
    return account.call("GET", f"/v1/jobs/{job['id']}").json()


def awaited(account, job, done):
    """The job once it fulfils the condition."""
    give_up = time.monotonic() + 3 * BOUND
    while not done(seen := read(account, job)) and time.monotonic() < give_up:
        time.sleep(0.005)
    assert done(seen), seen
    return seen


def ended(seen):
    return seen["state"] in {"succeeded", "failed"}


def titles(account):
    """The titles of all links of the account."""
    found, page = [], {"next": ""}
    while page["next"] is not None:
        page = account.call("GET", f"/v1/links?limit=100&cursor={page['next']}".removesuffix("&cursor=")).json()
        found += [link["title"] for link in page["items"]]
    return sorted(found)


def told(receiver, count):
    """The first different events that the receiver is told of, as type and title (of a job: its id)."""
    found = {}
    while len(found) < count:
        event = receiver.next().event
        found[event["id"]] = (event["type"], event["data"].get("title") or event["data"]["id"])
    return sorted(found.values())


def test_a_job_goes_on_where_a_killed_server_left_it(fork_server, arguments, token, receiver):
    """All processes are killed when some items are done; the next server does the rest, and nothing twice."""
    body = items(ITEMS)
    good = sorted(item["title"] for item in body if item["destination"].startswith("https"))
    with killed(*arguments) as platform:
        account = Account(platform.url, token)
        account.webhook(receiver.url("/jobs"), "link.created", "import.completed")
        job = begun(account, body)
        left = awaited(account, job, lambda seen: seen["counts"]["done"] >= 5)
    with fork_server.served(*arguments) as platform:
        account = Account(platform.url, token)
        after = awaited(account, job, ended)
        made = titles(account)
        events = told(receiver, len(good) + 1)

    assert not ended(left)
    assert (after["state"], after["counts"]) == (
        "succeeded",
        {"total": ITEMS, "done": ITEMS, "created": len(good), "refused": ITEMS - len(good)},
    )
    assert [result["status"] == "refused" for result in after["results"]] == [i % 10 == 9 for i in range(ITEMS)]
    assert [result["link_id"] for result in after["results"][:5]] == [
        result["link_id"] for result in left["results"][:5]
    ]
    assert made == good
    assert events == sorted([("import.completed", job["id"]), *(("link.created", title) for title in good)])


def test_several_processes_do_each_item_once(fork_server, arguments, token, at_once):
    """Two processes serve and work on one database; of jobs begun at both, each item is done once."""
    with ExitStack() as stack:
        served = [stack.enter_context(fork_server.served(*arguments)) for _ in range(2)]
        accounts = [Account(platform.url, token) for platform in served]
        jobs = at_once(JOBS, lambda number: begun(accounts[number % 2], items(10)))
        after = [awaited(accounts[number % 2], job, ended) for number, job in enumerate(jobs)]
        made = titles(accounts[0])

    assert [seen["counts"]["created"] for seen in after] == [9] * JOBS
    assert made == sorted(f"{i}" for i in range(9) for _ in range(JOBS))


def test_a_repeat_at_another_process_leads_to_the_same_job(fork_server, arguments, token):
    """The same key at two processes, before and after the end of the job, gives one job and makes its links once."""
    with ExitStack() as stack:
        served = [stack.enter_context(fork_server.served(*arguments)) for _ in range(2)]
        accounts = [Account(platform.url, token) for platform in served]
        jobs = [begun(account, items(20), Idempotency_Key="k1") for account in accounts]
        awaited(accounts[1], jobs[0], ended)
        jobs += [begun(account, items(20), Idempotency_Key="k1") for account in accounts]
        made = titles(accounts[0])

    assert {job["id"] for job in jobs} == {jobs[0]["id"]}
    assert len(made) == 18


def test_an_item_of_any_json_is_refused_by_itself(alice):
    """Items that no link can be made of, each odd in its own way, do not keep the good one from being made."""
    odd = [{}, {"destination": None}, {"destination": "https://shop.example/", "title": 7}, {"a": {"b": []}}]
    taken = alice.link(code=fresh("code").replace("-", "_"))["code"]
    good = {"destination": "https://shop.example/"}
    after = awaited(alice, begun(alice, [*odd, good | {"code": taken}, good | {"code": "oauth"}, good]), ended)

    problems = [result["problem"]["status"] for result in after["results"][:-1]]
    assert problems == [422] * len(odd) + [409, 409]
    assert after["results"][-1]["status"] == "created"


def test_a_job_without_a_link_has_failed(alice):
    assert awaited(alice, begun(alice, [{}]), ended)["state"] == "failed"
