"""Which values a schema settles, so that a server has no rule of its own to add."""

from __future__ import annotations

import pytest

from conformance.contract.operation import Operation
from conformance.contract.vocabulary import Ownership
from conformance.http.messages import Request
from conformance.judgement.settled_requests import SettledRequests
from conformance.schemas.settled import settles

SETTLED = [
    ({"enum": ["a", "b"]}, "a"),
    ({"type": "string", "maxLength": 40}, "x" * 40),
    ({"type": "string", "pattern": "^[a-z]+$"}, "tea"),
    ({"type": "string", "pattern": "^[A-Z]+$", "minLength": 3, "maxLength": 3}, "TEA"),
    ({"type": "integer", "maximum": 100}, 100),
    ({"type": "integer", "minimum": 1}, 1),
    ({"type": ["string", "null"]}, None),
    ({"type": "boolean"}, True),
    ({"type": "object", "properties": {"size": {"enum": [1, 2]}}}, {"size": 2}),
    ({"allOf": [{"properties": {"size": {"maximum": 9}}}]}, {"size": 2}),
    ({"type": "array", "items": {"enum": [1, 2]}}, [1, 2]),
]
OPEN = [
    ({"type": "string"}, "tea"),
    ({"type": "string", "maxLength": 40}, "a\u0000b"),
    ({"type": "string", "maxLength": 40}, " tea"),
    ({"type": "string", "minLength": 3, "maxLength": 3}, "tea"),
    ({"type": "string", "maxLength": 40, "format": "uri"}, "ftp://example.org"),
    ({"type": "integer"}, 7),
    ({"type": "integer", "minimum": 0}, 7),
    ({"type": "integer", "minimum": 0, "maximum": 2**63}, 3161575088708),
    ({}, None),
    ({"type": "object", "properties": {"size": {"enum": [1, 2]}}}, {}),
    ({"type": "object", "properties": {"size": {"enum": [1, 2]}}}, {"size": 2, "colour": "red"}),
    ({"type": "array", "items": {"type": "string"}}, ["tea"]),
]


@pytest.mark.parametrize(("schema", "value", "settled"), [(*s, True) for s in SETTLED] + [(*o, False) for o in OPEN])
def test_what_is_enumerated_or_bounded_is_settled(schema, value, settled):
    assert settles({}, schema, value) is settled


DRAWN = {"name": "é" * 40, "qty": 100, "size": "L", "note": "\0", "other": 1}
PLAIN = {"name": "tea", "qty": 1}


def test_a_plain_request_takes_over_what_is_settled_with_plain_texts_as_long():
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 40},
            "qty": {"type": "integer", "maximum": 100},
            "size": {"enum": ["S", "L"]},
            "note": {"type": "string"},
        },
    }
    operation = Operation(
        id="addThing",
        method="POST",
        path="/things",
        summary="",
        tags=(),
        alternatives=(),
        parameters=(),
        bodies={"application/json": {"schema": schema}},
        body_required=True,
        answers=(),
        ownership=Ownership(),
    )
    plain, drawn = (
        Request(method="POST", path="/things").with_json(body, "application/json") for body in (PLAIN, DRAWN)
    )
    requests = SettledRequests(operation=operation, document={})

    made = requests.settled(drawn, plain).json

    assert (made["qty"], made["size"], len(made["name"]), "note" in made, "other" in made) == (
        100,
        "L",
        40,
        False,
        False,
    )
    assert made["name"].isalnum()
    assert requests.settled(plain.with_json({"note": "\0"}), plain) is None
