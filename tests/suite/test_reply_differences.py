"""Differences between replies, and predictable identifiers."""

from __future__ import annotations

import json
import secrets
import uuid

import pytest

from conformance.http.messages import Reply, Request
from conformance.observations.predictability import predictable
from conformance.observations.reply_difference import differences


def reply(identifier, status=404, headers=(), **members):
    request = Request(method="GET", path=f"/things/{identifier}", parameters=(("id", identifier),))
    body = json.dumps(members).encode()
    sent = (("Content-Type", "application/problem+json"), *headers)
    return Reply(request=request, status=status, headers=sent, body=body, url="", seconds=0.0)


def unknown_object(identifier):
    """A reply about an object that nobody created; its trace is another one each time."""
    return reply(identifier, detail=f"{identifier} is unknown", trace=secrets.token_hex(8))


def test_identifiers_and_varying_members_are_no_difference():
    assert differences(unknown_object("t-2"), unknown_object("t-1"), unknown_object("t-3")) == {}


@pytest.mark.parametrize(
    ("foreign_object", "found"),
    [
        (reply("t-2", 403, detail="t-2 is unknown", trace="x"), {"status": 403}),
        (reply("t-2", detail="t-2 is hers", trace="x"), {"body/detail": "{id} is hers"}),
        (reply("t-2", headers=(("ETag", '"1"'),), detail="t-2 is unknown", trace="x"), {"header etag": "present"}),
        (reply("t-2", detail="t-2 is unknown", trace="x", title="Tea"), {"body/title": "Tea"}),
    ],
)
def test_any_other_trait_is_a_difference(foreign_object, found):
    assert differences(foreign_object, unknown_object("t-1"), unknown_object("t-3")) == found


def test_a_text_that_holds_an_identifier_by_chance_is_no_difference():
    refusals = [reply(identifier, detail="Error 41: no such thing", code=41) for identifier in ("1", "7", "9")]

    assert differences(*refusals) == {}


def test_a_number_is_masked_where_it_is_the_identifier():
    refusals = [reply(identifier, id=int(identifier), detail="unknown") for identifier in ("1", "7", "9")]

    assert differences(*refusals) == {}


COUNTERS = {
    "decimal": [str(number) for number in range(95, 107)],
    "padded": [f"lnk_{number:020d}" for number in range(12)],
    "letters": [f"id-{letter}" for letter in "abcdefghijkl"],
    "shared counter": [str(number) for number in range(1000, 1240, 20)],
}


@pytest.mark.parametrize("identifiers", COUNTERS.values(), ids=COUNTERS)
def test_the_identifiers_of_a_counter_are_predictable(identifiers):
    assert predictable(identifiers)


def test_one_identifier_for_everything_is_no_counter():
    assert not predictable(["n1"] * 12)


def test_random_identifiers_are_not_predictable():
    assert not predictable([str(uuid.uuid4()) for _ in range(12)])
    assert not predictable([secrets.token_urlsafe(8) for _ in range(12)])
