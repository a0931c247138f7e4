"""The same platform on PostgreSQL, in a database of its own."""

from __future__ import annotations

from .support import Account


def test_links_keys_pages_and_deliveries_work(fork_server, database, issuer, receiver, at_once):
    with fork_server.served(
        "--database", database, "--trust", issuer.url, "--allow-receiver", receiver.origin
    ) as platform:
        alice = Account(platform.url, issuer.token(platform.url))
        alice.webhook(receiver.url("/postgresql"), "link.created", "link.deleted")
        body = {"destination": "https://shop.example/", "title": "nul \0"}
        answers = at_once(6, lambda _: alice.call("POST", "/v1/links", body, Idempotency_Key="k1"))
        link = answers[0].json()
        path = f"/v1/links/{link['id']}"
        tag = alice.call("GET", path).headers["ETag"]
        statuses = at_once(6, lambda _: alice.call("PATCH", path, {"title": "new"}, If_Match=tag).status_code)
        taken = alice.call("POST", "/v1/links", body | {"code": link["code"]})
        page = alice.call("GET", "/v1/links?limit=1").json()
        gone = alice.call("DELETE", path)
        nothing = alice.call("GET", "/v1/links/%00")
        deliveries = [receiver.next(), receiver.next()]

    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sorted(statuses) == [200] + [412] * 5
    assert taken.status_code == 409
    assert ([each["id"] for each in page["items"]], page["next"]) == ([link["id"]], None)
    assert (gone.status_code, nothing.status_code) == (204, 404)
    assert [delivery.event["type"] for delivery in deliveries] == ["link.created", "link.deleted"]
    assert deliveries[0].event["data"] == link
