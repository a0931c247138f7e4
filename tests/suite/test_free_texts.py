"""Where a marker may stand: in a text that says nothing, or in an object that takes any member."""

from __future__ import annotations

import pytest

from conformance.schemas.free_texts import free_texts, takes_any_member

SIZE = {"size": {"type": "integer"}}


@pytest.mark.parametrize(
    ("schema", "any_member"),
    [
        ({"type": "object"}, True),
        ({"type": "object", "properties": SIZE, "additionalProperties": True}, True),
        ({"type": "object", "properties": SIZE}, False),
        ({"type": "object", "required": ["size"]}, False),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, False),
        ({"type": "object", "maxProperties": 0}, False),
        ({"type": ["object", "null"]}, False),
        ({}, False),
    ],
)
def test_an_object_takes_any_member_if_it_says_so_or_says_no_more(schema, any_member):
    assert takes_any_member({}, schema) is any_member


def test_a_secret_holds_no_marker_since_it_is_not_shown():
    text = {"type": "string"}
    schema = {"type": "object", "properties": {"secret": text, "clientSecret": text, "remark": text}}
    value = {"secret": "s", "clientSecret": "s", "remark": "r"}

    assert [found.path for found in free_texts({}, schema, value)] == [("remark",)]
