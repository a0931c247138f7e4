"""The least and the greatest value of what a schema bounds."""

from __future__ import annotations

import pytest

from conformance.schemas.extremes import extremes


@pytest.mark.parametrize(
    ("declared", "sizes"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 9}, [0, 9]),
        ({"type": ["number", "null"], "maximum": 1.5}, [1.5]),
        ({"type": "string", "minLength": 2, "maxLength": 5}, [2, 5]),
        ({"type": "string", "minLength": 64, "maxLength": 64}, []),
        ({"type": "string", "maxLength": 10**6}, []),
        ({"type": "string", "maxLength": 5, "format": "uri"}, []),
        ({"type": "integer", "minimum": 0, "readOnly": True}, []),
        ({"allOf": [{"type": "integer", "minimum": 3}, {"enum": [3, 4]}]}, []),
        ({"type": "string"}, []),
        ({"type": "boolean"}, []),
    ],
)
def test_only_bounds_without_other_rules_are_tried(declared, sizes):
    found = list(extremes({}, {"type": "object", "properties": {"size": declared, "note": {"type": "object"}}}))

    assert [len(value) if isinstance(value, str) else value for _, value in found] == sizes
    assert {name for name, _ in found} <= {"size"}


def test_texts_are_new_each_time():
    schema = {"properties": {"name": {"type": "string", "maxLength": 30}}}

    assert list(extremes({}, schema)) != list(extremes({}, schema))
