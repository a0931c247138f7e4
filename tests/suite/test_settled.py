"""Which values a schema settles, so that a server has no rule of its own to add."""

from __future__ import annotations

import pytest

from conformance.schemas.settled import settles

SETTLED = [
    ({"enum": ["a", "b"]}, "a"),
    ({"type": "string", "maxLength": 40}, "x" * 40),
    ({"type": "string", "pattern": "^[a-z]+$"}, "tea"),
    ({"type": "integer", "maximum": 100}, 100),
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
    ({"type": "string", "maxLength": 40, "format": "uri"}, "ftp://example.org"),
    ({"type": "integer"}, 7),
    ({}, None),
    ({"type": "object", "properties": {"size": {"enum": [1, 2]}}}, {}),
    ({"type": "object", "properties": {"size": {"enum": [1, 2]}}}, {"size": 2, "colour": "red"}),
    ({"type": "array", "items": {"type": "string"}}, ["tea"]),
]


@pytest.mark.parametrize(("schema", "value", "settled"), [(*s, True) for s in SETTLED] + [(*o, False) for o in OPEN])
def test_what_is_enumerated_or_bounded_is_settled(schema, value, settled):
    assert settles({}, schema, value) is settled
