"""Expectations of replies, and the challenges that they read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conformance.contract.operation import Answer, Operation, Requirement, Scheme
from conformance.contract.vocabulary import Ownership
from conformance.http.messages import Request
from conformance.judgement.expectations import (
    challenge,
    challenged,
    gone_or_like,
    not_found,
    refusal,
    refused,
    replay_of,
    significant_parts,
    status,
    unauthorized,
)
from conformance.judgement.oauth_expectations import no_token
from conformance.observations.challenges import challenges


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
def test_a_field_that_breaks_the_grammar_holds_no_challenge(reply, field):
    with pytest.raises(ValueError, match=r"\S"):
        challenges(field)
    assert reply(401, WWW_Authenticate=field) != challenge("Bearer")


def test_a_challenge_is_found_among_several_fields_in_any_case_of_its_scheme(reply):
    answer = reply(401, WWW_Authenticate="Negotiate", www_authenticate='bearer error="invalid_token"')
    assert answer == status(401) & challenge("Bearer", error="invalid_token")
    assert answer != challenge("Bearer", error="insufficient_scope")
    assert answer != challenge("Basic")


def test_an_expectation_says_in_words_what_it_expects():
    assert repr(status(404, 410)) == "404 or 410"
    assert repr(status(401) & challenge("Bearer")) == "401, WWW-Authenticate: Bearer"


def test_a_redirect_counts_as_a_refusal_and_a_server_error_does_not(reply):
    assert [reply(status=code) == refused for code in (200, 302, 403, 500)] == [False, True, True, False]


def test_what_was_deleted_is_not_there_or_a_list_without_items(reply):
    answers = [reply(404), reply(403), reply(body=b"[]"), reply(body=b'{"data": [], "next": null}')]
    shown = [reply(body=b'[{"id": 1}]'), reply(body=b'{"data": [{"id": 1}]}'), reply(body=b'{"id": 1, "tags": []}')]

    assert [answer == gone_or_like(reply(403), part=True) for answer in answers + shown] == [True] * 4 + [False] * 3
    assert [answer == gone_or_like(None, part=False) for answer in answers] == [True, False, False, False]
    assert reply(200) != gone_or_like(reply(200), part=False)


def test_a_replay_has_the_same_status_location_and_value(reply):
    first = reply(201, b'{"id": 1, "of": "tea"}', Location="/orders/1", Date="today")
    assert reply(201, b'{"of":"tea","id":1}', location="/orders/1", Date="tomorrow") == replay_of(first)
    assert reply(200, first.body, Location="/orders/1") != replay_of(first)
    assert reply(201, first.body, Location="/orders/2") != replay_of(first)
    assert reply(201, b'{"id": 2, "of": "tea"}', Location="/orders/1") != replay_of(first)


def test_bodies_that_are_no_json_are_compared_byte_by_byte(reply):
    assert significant_parts(reply(body=b"one ")) != significant_parts(reply(body=b"one"))


def test_a_refusal_that_holds_a_token_is_none(reply):
    body = {"error": "invalid_client"}
    assert reply(401, json.dumps(body).encode()) == no_token("invalid_client")
    assert reply(400, json.dumps(body).encode()) != no_token("invalid_request")
    assert reply(400, json.dumps({**body, "access_token": "t"}).encode()) != no_token()
    assert reply(500, json.dumps(body).encode()) != no_token()


def test_a_put_that_makes_something_has_not_found_it(reply):
    made = [replace(reply(201), request=Request(method=method, path="/")) for method in ("PUT", "POST")]

    assert [answer == not_found for answer in (*made, reply(404), reply(200))] == [True, False, True, False]


@pytest.mark.parametrize(
    ("media_type", "met"), [("application/x-www-form-urlencoded", True), ("application/json", False)]
)
def test_oauth_may_answer_400_to_a_client_that_does_not_show_itself(reply, media_type, met):
    operation = Operation(
        id="token",
        method="POST",
        path="/token",
        summary="",
        tags=(),
        alternatives=(("client",),),
        parameters=(),
        bodies={media_type: {}},
        body_required=True,
        answers=(Answer(status="400", content={}, headers={}, links={}),),
        ownership=Ownership(),
    )
    denial = reply(400, body=b'{"error": "invalid_request"}', Content_Type="application/json")

    assert (denial == unauthorized(operation, normative=True)) is met
    assert reply(401) == unauthorized(operation, normative=True)
    assert reply(400, body=b"{}", Content_Type="application/json") != unauthorized(operation, normative=True)


def taking(*statuses, kind="bearer"):
    scheme = Requirement(scheme=Scheme(name="it", kind=kind), scopes=frozenset())
    return Operation(
        id="read",
        method="GET",
        path="/things",
        summary="",
        tags=(),
        alternatives=((scheme,),),
        parameters=(),
        bodies={},
        body_required=False,
        answers=tuple(Answer(status=each, content={}, headers={}, links={}) for each in statuses),
        ownership=Ownership(),
    )


@pytest.mark.parametrize(
    ("declared", "answered", "met"),
    [
        (("400",), 400, True),
        (("400",), 404, False),
        (("422",), 400, True),
        (("4XX",), 404, True),
        (("default",), 404, True),
        (("400",), 500, False),
    ],
)
def test_a_status_is_demanded_only_where_it_or_its_like_is_declared_by_number(reply, declared, answered, met):
    assert (reply(answered) == refusal(taking(*declared), 400, 422)) is met


@pytest.mark.parametrize(
    ("kind", "field", "met"),
    [
        ("key", "", True),
        ("key", "Key", True),
        ("key", 'Key x="', False),
        ("bearer", "", False),
        ("bearer", "Key", False),
    ],
)
def test_a_key_in_a_field_or_cookie_has_no_scheme_that_could_be_challenged_with(reply, kind, field, met):
    answer = reply(401, WWW_Authenticate=field) if field else reply(401)

    assert (answer == challenged(taking("401", kind=kind))) is met


def test_an_error_that_is_an_object_is_none_of_oauth(reply):
    answer = reply(400, body=b'{"error": {"code": 400}}', Content_Type="application/json")

    assert answer != no_token("invalid_grant")


def test_a_class_of_statuses_is_described_and_no_promise_of_each():
    operation = taking("4XX", "201")

    assert [(operation.declares(status), operation.describes(status)) for status in (413, 201, 500)] == [
        (False, True),
        (True, True),
        (False, False),
    ]
