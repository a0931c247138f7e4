"""The odd values that are tried in a query."""

from __future__ import annotations

import pytest

from conformance.http.messages import Request
from conformance.schemas.odd_values import ODD_NUMBERS, ODD_TEXTS, odd_values


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"type": "integer", "minimum": 0}, ODD_NUMBERS),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, ODD_NUMBERS),
        ({"type": ["string", "null"]}, ODD_TEXTS),
        ({}, ODD_TEXTS),
        ({"type": "array", "items": {"type": "string"}}, ()),
        ({"type": "boolean"}, ()),
    ],
)
def test_they_fit_the_kind_of_the_parameter(schema, values):
    assert odd_values({}, schema) == values


@pytest.mark.parametrize(
    ("path", "rest"), [("/notes?limit=1&q=a", "/notes?limit=1"), ("/notes?q=a", "/notes"), ("/notes", "/notes")]
)
def test_a_parameter_can_be_left_out(path, rest):
    assert Request(method="GET", path=path).without_query("q").path == rest
