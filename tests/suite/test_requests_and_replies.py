"""Requests, replies, expectations and redaction: the suite's parts that need no target."""

from __future__ import annotations

import json

import pytest

from conformance.contract.operation import Operation, Parameter
from conformance.contract.vocabulary import Idempotency, Ownership
from conformance.http.messages import Reply, Request, fill
from conformance.http.redaction import Redaction
from conformance.judgement.expectations import challenge, no_token, refused, replay_of, significant_parts, status
from conformance.observations.challenges import challenges
from conformance.requests.arrangement import unknown_identifier
from conformance.selection.operations import both, key_optional, key_required, keyed, taking_json

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLWJ5dGVz"


def reply(status=200, body=b"", **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    request = Request(method="GET", path="/")
    return Reply(request=request, status=status, headers=pairs, body=body, url="http://api.example/", seconds=0)


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("Basic", [("Basic", {})]),
        ('Bearer realm="api"', [("Bearer", {"realm": "api"})]),
        ('Bearer realm="a, b", error=invalid_token', [("Bearer", {"realm": "a, b", "error": "invalid_token"})]),
        ('Bearer Error = "x", SCOPE="a b"', [("Bearer", {"error": "x", "scope": "a b"})]),
        ('Basic realm="one", Bearer realm="two"', [("Basic", {"realm": "one"}), ("Bearer", {"realm": "two"})]),
        ('Digest, Basic realm="one"', [("Digest", {}), ("Basic", {"realm": "one"})]),
        ('Bearer realm="say \\"hi\\", please"', [("Bearer", {"realm": 'say "hi", please'})]),
        ("", []),
    ],
)
def test_challenges_are_read_with_their_attributes(field, found):
    assert [(each.scheme, each.parameters) for each in challenges(field)] == found


@pytest.mark.parametrize("field", ['Bearer realm="open', 'Bearer error="a", error="b"', "Bearer realm=two words"])
def test_a_field_that_breaks_the_grammar_holds_no_challenge(field):
    with pytest.raises(ValueError, match=r"\S"):
        challenges(field)
    assert reply(401, WWW_Authenticate=field) != challenge("Bearer")


def test_a_challenge_is_found_among_several_fields_in_any_case_of_its_scheme():
    answer = reply(401, WWW_Authenticate="Negotiate", www_authenticate='bearer error="invalid_token"')
    assert answer == status(401) & challenge("Bearer", error="invalid_token")
    assert answer != challenge("Bearer", error="insufficient_scope")
    assert answer != challenge("Basic")


def test_an_expectation_says_in_words_what_it_expects():
    assert repr(status(404, 410)) == "404 or 410"
    assert repr(status(401) & challenge("Bearer")) == "401, WWW-Authenticate: Bearer"


def test_a_redirect_counts_as_a_refusal_and_a_server_error_does_not():
    assert [reply(status=code) == refused for code in (200, 302, 403, 500)] == [False, True, True, False]


def test_a_replay_has_the_same_status_location_and_value():
    first = reply(201, b'{"id": 1, "of": "tea"}', Location="/orders/1", Date="today")
    assert reply(201, b'{"of":"tea","id":1}', location="/orders/1", Date="tomorrow") == replay_of(first)
    assert reply(200, first.body, Location="/orders/1") != replay_of(first)
    assert reply(201, first.body, Location="/orders/2") != replay_of(first)
    assert reply(201, b'{"id": 2, "of": "tea"}', Location="/orders/1") != replay_of(first)


def test_bodies_that_are_no_json_are_compared_byte_by_byte():
    assert significant_parts(reply(body=b"one ")) != significant_parts(reply(body=b"one"))


def test_a_refusal_that_holds_a_token_is_none():
    body = {"error": "invalid_client"}
    assert reply(401, json.dumps(body).encode()) == no_token("invalid_client")
    assert reply(400, json.dumps(body).encode()) != no_token("invalid_request")
    assert reply(400, json.dumps({**body, "access_token": "t"}).encode()) != no_token()
    assert reply(500, json.dumps(body).encode()) != no_token()


def test_query_parameters_are_added_to_those_that_are_there():
    request = Request(method="GET", path="/orders?limit=5").with_query(cursor="a b&c", state="open")
    assert request.path == "/orders?limit=5&cursor=a+b%26c&state=open"
    assert Request(method="GET", path="/orders").with_query(limit="5").path == "/orders?limit=5"


def test_a_header_is_replaced_whatever_its_case_and_repeated_only_when_asked_for():
    request = Request(method="GET", path="/", headers=(("Accept", "*/*"), ("X-Key", "1"), ("x-key", "2")))
    assert request.with_header("X-KEY", "3").headers == (("Accept", "*/*"), ("X-KEY", "3"))
    assert request.with_added_header("X-Key", "3").headers[1:] == (("X-Key", "1"), ("x-key", "2"), ("X-Key", "3"))
    assert request.without_header("x-key").headers == (("Accept", "*/*"),)


def test_members_are_changed_in_a_copy_of_the_body():
    request = Request(method="POST", path="/", body=b'{"title": "tea", "count": 1}')
    assert request.with_members(count=2).json == {"title": "tea", "count": 2}
    assert request.json == {"title": "tea", "count": 1}


def test_path_parameters_cannot_leave_their_segment():
    assert fill("/orders/{id}/lines/{line}", {"id": "../a b", "line": "1?x"}) == "/orders/..%2Fa%20b/lines/1%3Fx"


def test_repeated_fields_of_a_reply_are_joined():
    answer = reply(Vary="Accept", vary="Origin")
    assert answer.header("VARY") == "Accept, Origin"
    assert answer.header("ETag") == ""


def test_a_body_that_is_no_json_has_no_members():
    assert reply(body=b"<html>").member("id") is None
    assert reply(body=b"[" * 100_000).json is None
    assert reply(body=b'["id"]').member("id") is None


@pytest.mark.parametrize("identifier", ["12345", "ord_4fKq9ZtB1mWc7XyR2dPs", "6b3f0f52-6a0e-4d53-9d5e", "zZ"])
def test_an_unknown_identifier_has_the_form_of_a_known_one(identifier):
    other = unknown_identifier(identifier)
    assert other != identifier
    assert len(other) == len(identifier) or identifier.isdigit()
    assert [character.isdigit() for character in other[-5:]] == [character.isdigit() for character in identifier[-5:]]


def test_known_secrets_are_masked_everywhere():
    redaction = Redaction()
    assert redaction.learn("correct horse battery") == "correct horse battery"
    assert redaction('{"secret": "correct horse battery"}') == '{"secret": "corr…"}'


def test_the_longest_of_several_secrets_is_masked():
    redaction = Redaction()
    for secret in ("token-1", "token-12345", "token-2", "other secret"):
        redaction.learn(secret)

    assert redaction("token-12345token-2, token-3 and other secret") == "toke…toke…, token-3 and othe…"
    assert redaction("token-12") == "toke…2"
    assert redaction("") == ""


def test_short_texts_are_not_masked():
    redaction = Redaction()
    redaction.learn("1")
    assert redaction("101") == "101"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {JWT}",
        f'{{"access_token": "{JWT}"}}',
        "authorization: basic cGFydG5lcjpzM2NyM3Q=",
        '{"secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}',
    ],
)
def test_unknown_credentials_are_masked_by_their_form(text):
    masked = Redaction()(text)
    assert masked.endswith(("…", '…"}'))
    assert not any(part in masked for part in ("c2lnbmF0dXJl", "eyJzdWIi", "G5lcjpz", "Njc4OWFi"))


def operation(*, demanded=False, json_body=True, **idempotency):
    return Operation(
        id="placeOrder",
        method="POST",
        path="/orders",
        summary="",
        tags=(),
        alternatives=(("anything",),),
        parameters=(Parameter(name="Request-Key", place="header", required=demanded, schema={}),),
        bodies={"application/json": {}} if json_body else {},
        body_required=True,
        answers=(),
        ownership=Ownership(),
        idempotency=Idempotency.of(idempotency),
    )


def test_whether_a_key_is_required_is_read_off_its_header_parameter():
    assert key_required(operation(demanded=True, header="request-key"))
    assert not key_required(operation(header="request-key"))
    assert key_optional(operation(header="request-key"))
    assert not key_optional(operation())


def test_a_status_that_x_idempotency_leaves_out_is_not_presumed():
    rules = Idempotency.of({"header": "Request-Key", "mismatch": 409, "max-length": 64})
    assert rules == Idempotency(header="Request-Key", mismatch=409, max_length=64)
    assert (rules.in_progress, rules.malformed, rules.missing) == (0, 0, 0)


def test_both_predicates_must_hold_and_both_are_described():
    where = both(keyed, taking_json)
    assert where(operation(header="Request-Key"))
    assert not where(operation(header="Request-Key", json_body=False))
    assert not where(operation())
    assert where.__doc__ == "takes an idempotency key and takes a JSON body"
