"""Links that are followed: while they are open, and how often."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import requests

from .support import BOUND, Account


def follow(platform, link):
    return requests.get(f"{platform.url}/{link['code']}", allow_redirects=False, timeout=BOUND)


def patched(account, link, **members):
    return account.call("PATCH", f"/v1/links/{link['id']}", members)


def counted(account, link, wanted):
    """The statistics as soon as they show so many visits."""
    give_up = time.monotonic() + BOUND
    while True:
        shown = account.call("GET", f"/v1/links/{link['id']}/stats").json()
        if shown["clicks"] >= wanted or time.monotonic() > give_up:
            return shown


def test_a_disabled_link_is_gone_until_it_is_enabled(alice, platform):
    link = alice.link(enabled=False)
    closed = follow(platform, link)
    opened = patched(alice, link, enabled=True)
    redirect = follow(platform, link)

    assert (closed.status_code, closed.json()["type"]) == (410, "https://links.example/problems/gone")
    assert (opened.status_code, opened.json()["enabled"]) == (200, True)
    assert redirect.status_code == 302


def test_a_link_is_gone_from_its_expiry_on(alice, platform):
    soon = datetime.now(UTC) + timedelta(seconds=2)
    link = alice.link(expires_at=soon.isoformat())
    before = follow(platform, link)
    time.sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds()) + 0.01)
    after = follow(platform, link)
    extended = patched(alice, link, expires_at=None)

    assert (before.status_code, after.status_code) == (302, 410)
    assert extended.json()["expires_at"] is None
    assert follow(platform, link).status_code == 302


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2036-04-01T00:00:00+02:00", "2036-03-31T22:00:00.000Z"),
        ("2036-04-01t00:00:00.1234567z", "2036-04-01T00:00:00.123Z"),
        ("2036-06-30T23:59:60Z", "2036-07-01T00:00:00.000Z"),
        ("9999-12-31T23:59:60Z", "9999-12-31T23:59:59.999Z"),
        ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.999Z"),
        ("0001-01-01T00:00:00+12:00", "0001-01-01T00:00:00.000Z"),
        ("0000-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    ],
)
def test_an_expiry_is_shown_in_utc(alice, given, shown):
    assert alice.link(expires_at=given)["expires_at"] == shown


@pytest.mark.parametrize("given", ["tomorrow", "2036-04-01", "2036-04-01T00:00:00", "2036-13-01T00:00:00Z", 1, ""])
def test_what_is_no_moment_is_refused(alice, given):
    link = alice.link()
    refused = patched(alice, link, expires_at=given)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/expires_at"]


def test_visits_are_counted_and_refused_ones_are_not(alice, platform, at_once):
    link = alice.link()
    at_once(20, lambda _: follow(platform, link))
    patched(alice, link, enabled=False)
    refused = [follow(platform, link).status_code for _ in range(3)]
    patched(alice, link, enabled=True)
    follow(platform, link)
    shown = counted(alice, link, 21)
    listed = alice.call("GET", f"/v1/links/{link['id']}/clicks?limit=100").json()["items"]

    assert refused == [410] * 3
    assert (shown["clicks"], len(listed)) == (21, 21)
    assert shown["last_clicked_at"] == max(click["clicked_at"] for click in listed)


def test_a_visit_has_the_id_of_its_event(alice, platform, receiver):
    alice.webhook(receiver.url("/visits"), "link.clicked")
    link = alice.link()
    follow(platform, link)
    event = receiver.next().event
    counted(alice, link, 1)
    listed = alice.call("GET", f"/v1/links/{link['id']}/clicks").json()["items"]

    assert listed == [{"id": event["id"], "clicked_at": event["data"]["clicked_at"]}]


def test_a_cursor_of_one_link_is_none_of_another(alice, platform):
    first, second = alice.link(), alice.link()
    for link in (first, first, second, second):
        follow(platform, link)
    for link in (first, second):
        counted(alice, link, 2)
    cursor = alice.call("GET", f"/v1/links/{first['id']}/clicks?limit=1").json()["next"]

    assert alice.call("GET", f"/v1/links/{first['id']}/clicks?cursor={cursor}").status_code == 200
    assert alice.call("GET", f"/v1/links/{second['id']}/clicks?cursor={cursor}").status_code == 400


def test_two_processes_on_postgresql_count_each_visit_once(fork_server, database, issuer, at_once):
    arguments = ("--database", database, "--trust", issuer.url, "--public-url", "http://links.example")
    with fork_server.served(*arguments) as first, fork_server.served(*arguments) as second:
        token = issuer.token("http://links.example")
        alice = Account(first.url, token)
        link = alice.link()
        at_once(24, lambda number: follow((first, second)[number % 2], link))
        shown = counted(alice, link, 24)
        follow(second, link)
        later = counted(alice, link, 25)

    assert (shown["clicks"], later["clicks"]) == (24, 25)
