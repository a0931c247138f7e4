"""Requests and replies, and identifiers of objects that do not exist."""

from __future__ import annotations

import pytest

from conformance.http.messages import Request, fill
from conformance.requests.identifiers import unknown_identifier


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


def test_repeated_fields_of_a_reply_are_joined(reply):
    answer = reply(Vary="Accept", vary="Origin")
    assert answer.header("VARY") == "Accept, Origin"
    assert answer.header("ETag") == ""


def test_a_body_that_is_no_json_has_no_members(reply):
    assert reply(body=b"<html>").member("id") is None
    assert reply(body=b"[" * 100_000).json is None
    assert reply(body=b'["id"]').member("id") is None


@pytest.mark.parametrize("identifier", ["12345", "ord_4fKq9ZtB1mWc7XyR2dPs", "6b3f0f52-6a0e-4d53-9d5e", "zZ"])
def test_an_unknown_identifier_has_the_form_of_a_known_one(identifier):
    other = unknown_identifier(identifier)
    assert other != identifier
    assert len(other) == len(identifier) or identifier.isdigit()
    assert [character.isdigit() for character in other[-5:]] == [character.isdigit() for character in identifier[-5:]]
