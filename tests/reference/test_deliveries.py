"""Deliveries: their log, sending them again, and receivers that the platform disables; on both databases."""

from __future__ import annotations

import threading
import time
from contextlib import nullcontext

import pytest

from .conftest import own_database
from .support import BOUND, Account, fresh
from .test_webhooks import verified


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def owner(request, tmp_path_factory, fork_server, issuer, receiver_server):
    """Makes owners on a platform with a database of this kind."""
    sqlite = f"sqlite:///{tmp_path_factory.mktemp('deliveries')}/links.db"
    with own_database() if request.param == "postgresql" else nullcontext(sqlite) as database:
        arguments = ["--database", database, "--trust", issuer.url, "--allow-receiver", receiver_server.origin]
        with fork_server.served(*arguments) as platform:
            yield lambda: Account(platform.url, issuer.token(platform.url, sub=fresh("owner")))


@pytest.fixture
def alice(owner):
    return owner()


def deliveries(account, webhook):
    return account.call("GET", f"/v1/webhooks/{webhook['id']}/deliveries").json()["items"]


def awaited(account, webhook, state):
    """The newest delivery once it is in this state."""
    give_up = time.monotonic() + BOUND
    while (found := deliveries(account, webhook)[0])["state"] != state:
        assert time.monotonic() < give_up, found
        threading.Event().wait(0.02)
    return found


def test_the_log_shows_every_attempt_and_nothing_of_others(alice, owner, receiver):
    receiver.script["/log"] = [503, 404]
    webhook, other = alice.webhook(receiver.url("/log")), alice.webhook(receiver.url("/log-of-another"))
    alice.link()
    found = awaited(alice, webhook, "delivered")
    path = f"/v1/webhooks/{webhook['id']}/deliveries/{found['id']}"

    assert [(tried["status"], tried["failure"]) for tried in found["attempts"]] == [
        (503, None),
        (404, None),
        (204, None),
    ]
    assert found["next_attempt_at"] is None
    assert alice.call("GET", path).json() == found
    assert alice.call("GET", path.replace(webhook["id"], other["id"])).status_code == 404
    assert owner().call("GET", path).status_code == 404
    assert owner().call("POST", f"{path}/redeliver").status_code == 404


def test_pages_of_the_log_are_the_whole_log(alice, receiver):
    webhook = alice.webhook(receiver.url("/pages"))
    ids = [alice.call("POST", f"/v1/webhooks/{webhook['id']}/ping").json()["delivery_id"] for _ in range(5)]
    path = f"/v1/webhooks/{webhook['id']}/deliveries?limit=2"
    pages = [alice.call("GET", path).json()]
    while pages[-1]["next"]:
        pages.append(alice.call("GET", f"{path}&cursor={pages[-1]['next']}").json())

    assert [item["id"] for page in pages for item in page["items"]] == ids[::-1]
    assert [len(page["items"]) for page in pages] == [2, 2, 1]


@pytest.mark.parametrize(("status", "reason", "calls"), [(410, "gone", 1), (500, "exhausted", 4)])
def test_a_receiver_is_disabled_and_comes_back(alice, receiver, status, reason, calls):
    receiver.script[f"/{reason}"] = [status] * calls
    webhook = alice.webhook(receiver.url(f"/{reason}"))
    path = f"/v1/webhooks/{webhook['id']}"
    alice.link()
    failed = awaited(alice, webhook, "failed")
    disabled = alice.call("GET", path).json()
    refused = alice.call("POST", f"{path}/deliveries/{failed['id']}/redeliver")
    enabled = alice.call("PATCH", path, {"enabled": True}).json()
    again = alice.call("POST", f"{path}/deliveries/{failed['id']}/redeliver")
    sent = [receiver.next() for _ in range(calls + 1)]

    assert len(failed["attempts"]) == calls
    assert (disabled["enabled"], disabled["disabled_reason"], disabled["version"]) == (False, reason, 2)
    assert (enabled["enabled"], enabled["disabled_reason"]) == (True, None)
    assert (refused.status_code, again.status_code, again.json()["state"]) == (409, 202, "pending")
    assert len({(call.body, call.headers["webhook-id"]) for call in sent}) == 1
    assert [tried["status"] for tried in awaited(alice, webhook, "delivered")["attempts"]] == [status] * calls + [204]


def test_what_waits_for_a_disabled_receiver_is_cancelled(alice, receiver):
    both_made = threading.Event()
    receiver.script["/cancelled"] = [lambda: both_made.wait(BOUND) and 410]
    webhook = alice.webhook(receiver.url("/cancelled"))
    alice.link()
    alice.link()
    both_made.set()
    awaited(alice, webhook, "cancelled")
    newest, oldest = deliveries(alice, webhook)

    assert (newest["attempts"], oldest["state"]) == ([], "failed")


def test_a_receiver_may_be_removed_while_it_is_called(alice, receiver):
    removed = threading.Event()
    receiver.script["/removed"] = [lambda: removed.wait(BOUND) and 500]
    webhook, other = alice.webhook(receiver.url("/removed")), alice.webhook(receiver.url("/stays"))
    alice.link()
    calls = {receiver.next().path, receiver.next().path}
    gone = alice.call("DELETE", f"/v1/webhooks/{webhook['id']}")
    removed.set()
    alice.link()

    assert calls == {"/removed", "/stays"}
    assert gone.status_code == 204
    assert receiver.next().path == "/stays"
    assert awaited(alice, other, "delivered")


def test_a_redelivery_is_signed_with_the_new_secret(alice, receiver):
    webhook = alice.webhook(receiver.url("/again"))
    alice.link()
    first, done = receiver.next(), awaited(alice, webhook, "delivered")
    secret = alice.call("POST", f"/v1/webhooks/{webhook['id']}/secret/rotate", Idempotency_Key="k1").json()["secret"]
    alice.call("POST", f"/v1/webhooks/{webhook['id']}/deliveries/{done['id']}/redeliver")
    again = receiver.next()

    assert again.body == first.body
    assert verified(again, secret)


def test_there_are_no_more_receivers_than_there_may_be(alice, receiver):
    for _ in range(100):
        alice.webhook(receiver.url("/full"))
    answer = alice.call("POST", "/v1/webhooks", {"url": receiver.url("/full"), "events": ["link.created"]})

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "conflict")
