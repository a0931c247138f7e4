"""Idempotency keys: one effect, the same answer."""

from __future__ import annotations

import pytest

BODY = {"destination": "https://shop.example/"}


def made(account):
    return len(account.call("GET", "/v1/links").json()["items"])


def told(response):
    return response.status_code, response.content, response.headers.get("Location"), response.headers.get("ETag")


def test_a_repeat_gets_the_first_answer_whatever_has_become_of_the_link(alice):
    first = alice.call("POST", "/v1/links", BODY, Idempotency_Key="k1")
    alice.call("DELETE", f"/v1/links/{first.json()['id']}")
    for key in ("k1", '"k1"'):
        assert told(alice.call("POST", "/v1/links", BODY, Idempotency_Key=key)) == told(first)

    assert made(alice) == 0


def test_simultaneous_equal_requests_make_one_link(alice, at_once):
    answers = at_once(8, lambda _: alice.call("POST", "/v1/links", BODY, Idempotency_Key="k1"))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert made(alice) == 1


def test_another_body_is_refused_and_the_first_answer_kept(alice):
    first = alice.call("POST", "/v1/links", BODY, Idempotency_Key="k1")
    other = alice.call("POST", "/v1/links", BODY | {"title": "x"}, Idempotency_Key="k1")

    assert (other.status_code, other.json()["type"]) == (422, "https://links.example/problems/idempotency-key-reused")
    assert told(alice.call("POST", "/v1/links", BODY, Idempotency_Key="k1")) == told(first)
    assert made(alice) == 1


def test_keys_of_two_principals_and_of_two_operations_do_not_meet(alice, bob, receiver):
    first = alice.call("POST", "/v1/links", BODY, Idempotency_Key="k1")
    second = bob.call("POST", "/v1/links", BODY, Idempotency_Key="k1")
    body = {"url": receiver.url("/"), "events": ["link.created"]}

    assert first.json()["id"] != second.json()["id"]
    assert alice.call("POST", "/v1/webhooks", body, Idempotency_Key="k1").status_code == 201


def test_a_refused_request_leaves_the_key_free(alice):
    assert alice.call("POST", "/v1/links", {}, Idempotency_Key="k1").status_code == 422
    assert alice.call("POST", "/v1/links", b"{", Idempotency_Key="k1").status_code == 400
    assert alice.call("POST", "/v1/links", b"{}", Idempotency_Key="k1", Content_Type="text/plain").status_code == 415
    assert alice.call("POST", "/v1/links", BODY, Idempotency_Key="k1").status_code == 201


def test_a_conflict_is_answered_again_although_its_cause_is_gone(alice):
    link = alice.link()
    body = BODY | {"code": link["code"]}
    first = alice.call("POST", "/v1/links", body, Idempotency_Key="k1")
    alice.call("DELETE", f"/v1/links/{link['id']}")

    assert first.status_code == 409
    assert told(alice.call("POST", "/v1/links", body, Idempotency_Key="k1")) == told(first)
    assert made(alice) == 0


@pytest.mark.parametrize("key", ["", "a,b", '"a","b"', '"', '""', "a b", "k" * 256, '"' + "k" * 256 + '"', "é", '"a'])
def test_a_malformed_key_is_400(alice, key):
    problem = alice.call("POST", "/v1/links", BODY, Idempotency_Key=key)

    assert problem.status_code == 400
    assert problem.json()["type"] == "https://links.example/problems/idempotency-key-malformed"


def test_a_rotation_needs_a_key(alice, receiver):
    webhook = alice.webhook(receiver.url("/"))
    path = f"/v1/webhooks/{webhook['id']}/secret/rotate"
    problem = alice.call("POST", path)
    rotated = alice.call("POST", path, Idempotency_Key="k1")

    assert problem.json()["type"] == "https://links.example/problems/idempotency-key-missing"
    assert rotated.json()["secret"] != webhook["secret"]
    assert told(alice.call("POST", path, Idempotency_Key="k1")) == told(rotated)
