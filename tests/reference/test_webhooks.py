"""Webhooks: registered, signed, delivered, retried, stopped."""

from __future__ import annotations

import threading

import pytest
from standardwebhooks import Webhook

from .support import BOUND, Account, fresh, killed


def verified(delivery, secret):
    return Webhook(secret).verify(delivery.body, delivery.headers)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:1/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://127.0.0.%31/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://user:secret@partner.example/",
        "http://partner.example/#fragment",
        "http://partner.example:99999/",
        "http://partner.example:0/",
        "ftp://partner.example/",
        "https:///path",
        "//partner.example/",
    ],
)
def test_an_address_that_must_not_be_called_is_refused(alice, receiver, url):
    webhook = alice.webhook(receiver.url("/"))
    for answer in (
        alice.call("POST", "/v1/webhooks", {"url": url, "events": ["link.created"]}),
        alice.call("PATCH", f"/v1/webhooks/{webhook['id']}", {"url": url}),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/url")


def test_a_public_address_is_registered_and_its_secret_shown_once(alice):
    webhook = alice.webhook("https://partner.example/hooks?a=b")
    path = f"/v1/webhooks/{webhook['id']}"

    assert webhook["secret"].startswith("whsec_")
    for answer in (alice.call("GET", path), alice.call("PATCH", path, {"description": "x"})):
        assert answer.status_code == 200
        assert webhook["secret"] not in answer.text
    assert webhook["secret"] not in alice.call("GET", "/v1/webhooks").text


def test_each_event_is_delivered_signed_in_order_and_only_where_it_is_wanted(alice, bob, receiver):
    wanted = ["link.created", "link.updated", "link.deleted", "link.clicked"]
    webhook = alice.webhook(receiver.url("/all?a=%20b"), *wanted)
    bob.webhook(receiver.url("/bob"), *wanted)
    alice.webhook(receiver.url("/off"), *wanted, enabled=False)
    link = alice.link(title="ü \0 😀")
    path = f"/v1/links/{link['id']}"
    Account(alice.url, "").call("GET", f"/{link['code']}")
    first = [receiver.next(), receiver.next()]
    changed = alice.call("PATCH", path, {"title": None}).json()
    alice.call("DELETE", path)
    deliveries = [*first, receiver.next(), receiver.next()]

    assert [delivery.path for delivery in deliveries] == ["/all?a=%20b"] * 4
    assert [delivery.event["type"] for delivery in deliveries] == [
        "link.created",
        "link.clicked",
        "link.updated",
        "link.deleted",
    ]
    assert [delivery.event["data"] for delivery in deliveries[2:]] == [changed, changed]
    assert deliveries[0].event["data"] == link
    for delivery in deliveries:
        assert verified(delivery, webhook["secret"])["id"] == delivery.headers["webhook-id"]
        assert delivery.headers["content-type"] == "application/json"
    assert receiver.deliveries.empty()


def test_a_failed_delivery_comes_again_unchanged_until_it_succeeds(alice, receiver):
    receiver.script["/retry"] = [503, 302, 404]
    webhook = alice.webhook(receiver.url("/retry"))
    alice.link()
    deliveries = [receiver.next() for _ in range(4)]
    fence = alice.link()

    assert len({delivery.body for delivery in deliveries}) == 1
    assert len({delivery.headers["webhook-id"] for delivery in deliveries}) == 1
    assert all(verified(delivery, webhook["secret"]) for delivery in deliveries)
    assert receiver.next().event["data"] == fence


def test_a_slow_receiver_holds_up_no_other(alice, receiver):
    release = threading.Event()
    receiver.script["/slow"] = [lambda: release.wait(BOUND) and 200]
    alice.webhook(receiver.url("/slow"))
    alice.webhook(receiver.url("/quick"))
    for _ in range(3):
        alice.link()
    paths = [receiver.next().path for _ in range(4)]
    release.set()

    assert sorted(paths) == ["/quick"] * 3 + ["/slow"]
    assert [receiver.next().path for _ in range(2)] == ["/slow"] * 2


@pytest.mark.parametrize("stop", [("PATCH", {"enabled": False}), ("DELETE", None)], ids=["disabled", "deleted"])
def test_nothing_is_sent_to_a_stopped_receiver(alice, receiver, stop):
    receiver.script["/stopped"] = [500]
    webhook = alice.webhook(receiver.url("/stopped"))
    alice.webhook(receiver.url("/fence"))
    alice.link()
    assert {receiver.next().path, receiver.next().path} == {"/stopped", "/fence"}
    method, body = stop
    alice.call(method, f"/v1/webhooks/{webhook['id']}", body)
    while not receiver.deliveries.empty():  # on a busy machine it may have been tried again before it was stopped
        assert receiver.next().path == "/stopped"
    alice.link()

    assert receiver.next().path == "/fence"
    assert alice.call("POST", f"/v1/webhooks/{webhook['id']}/ping").status_code in {404, 409}


def test_a_ping_goes_to_one_receiver_whatever_it_subscribed_to(alice, receiver):
    webhook = alice.webhook(receiver.url("/pinged"), "link.deleted")
    alice.webhook(receiver.url("/other"), "link.created")
    event_id = alice.call("POST", f"/v1/webhooks/{webhook['id']}/ping").json()["event_id"]
    delivery = receiver.next()

    assert (delivery.path, delivery.event["type"], delivery.event["id"]) == ("/pinged", "webhook.ping", event_id)
    assert verified(delivery, webhook["secret"])
    assert receiver.deliveries.empty()


def test_both_secrets_sign_during_the_overlap_and_only_the_new_one_afterwards(alice, receiver):
    webhook = alice.webhook(receiver.url("/rotated"))
    rotate, ping = (f"/v1/webhooks/{webhook['id']}/{action}" for action in ("secret/rotate", "ping"))
    secret = alice.call("POST", rotate, Idempotency_Key="k1").json()["secret"]
    alice.call("POST", ping)
    both = receiver.next()
    assert verified(both, secret)
    assert verified(both, webhook["secret"])
    assert [entry.partition(",")[0] for entry in both.headers["webhook-signature"].split(" ")] == ["v1", "v1", "v1a"]

    delivery = both
    while delivery.headers["webhook-signature"].count("v1,") > 1:
        alice.call("POST", ping)
        delivery = receiver.next()
    assert verified(delivery, secret)


def test_a_killed_server_delivers_after_its_restart_what_was_committed(tmp_path, fork_server, issuer, receiver):
    """The first attempt hangs while every process is killed; the next server makes it again."""
    release = threading.Event()
    receiver.script["/killed"] = [lambda: release.wait(BOUND) and 500]
    arguments = ["--database", f"sqlite:///{tmp_path}/links.db", "--public-url", "https://links.example"]
    arguments += ["--trust", issuer.url, "--allow-receiver", receiver.origin]
    token = issuer.token("https://links.example", sub=fresh("alice"))
    with killed(*arguments) as platform:
        alice = Account(platform.url, token)
        webhook = alice.webhook(receiver.url("/killed"))
        made = [alice.link()["id"] for _ in range(3)]
        interrupted = receiver.next()
    release.set()
    with fork_server.served(*arguments):
        deliveries = [receiver.next() for _ in range(3)]

    assert interrupted.body in {delivery.body for delivery in deliveries}
    assert sorted(delivery.event["data"]["id"] for delivery in deliveries) == sorted(made)
    assert all(verified(delivery, webhook["secret"]) for delivery in deliveries)
