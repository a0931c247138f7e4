"""Members that are declared readOnly are found and set wherever an answer shows them."""

from __future__ import annotations

import pytest

from conformance.authorization.mass_assignment import altered_value, read_only_members, with_member

FIXED = {"type": "string", "readOnly": True}
INNER = {"allOf": [{"properties": {"title": {"type": "string"}}}, {"properties": {"owner": FIXED}}]}


@pytest.mark.parametrize(
    ("schema", "places"),
    [
        ({"properties": {"id": FIXED, "title": {}}}, ["/id"]),
        (INNER, ["/owner"]),
        (
            {"properties": {"data": {"properties": {"id": FIXED, "attributes": INNER}}}},
            ["/data/id", "/data/attributes/owner"],
        ),
        ({"properties": {"self": {"$ref": "#/Loop"}}}, ["/self/id", "/self/self/id"]),
    ],
)
def test_members_are_found_in_envelopes(schema, places):
    document = {"Loop": {"properties": {"id": FIXED, "self": {"$ref": "#/Loop"}}}}

    assert sorted(place for place, _ in read_only_members(document, schema))[:2] == sorted(places)


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ({"data": {"title": "x"}}, {"data": {"title": "x", "owner": "bob"}}),
        ({"title": "x"}, {"title": "x", "owner": "bob"}),
    ],
)
def test_a_member_is_set_where_the_request_has_such_an_envelope(body, changed):
    assert with_member(body, "/data/owner", "bob") == changed


def test_another_value_is_one_that_the_schema_lists():
    role = {"properties": {"role": {"enum": ["author", "admin"], "readOnly": True}}}

    ((place, listed),) = read_only_members({}, role)

    assert (place, altered_value("author", listed), altered_value(7, [])) == ("/role", "admin", 48)
    assert altered_value(None, listed) is None, "what it is now is not known"
