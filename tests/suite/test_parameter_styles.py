"""Parameters in every style of OpenAPI 3.1: as they are written, and as they are read back."""

from __future__ import annotations

import pytest

from conformance.contract.parameters import parameter_of
from conformance.serialization.parameters import cookie_text, filled, header_text, path_text, query_text
from conformance.serialization.readings import UnclearError, query_value, raw_pairs, simple_value

COLORS = ["blue", "black", "brown"]
COLOR = {"R": 100, "G": 200}
ARRAY = {"type": "array", "items": {"type": "string"}}
OBJECT = {"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}}}


def parameter(place, schema, **declared):
    return parameter_of({}, {"name": "color", "in": place, "schema": schema, **declared})


def schema_of(value):
    return ARRAY if isinstance(value, list) else OBJECT if isinstance(value, dict) else {"type": "string"}


@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("simple", False, "a/b é", "a%2Fb%20%C3%A9"),
        ("simple", False, COLORS, "blue,black,brown"),
        ("simple", False, COLOR, "R,100,G,200"),
        ("simple", True, COLOR, "R=100,G=200"),
        ("label", False, "blue", ".blue"),
        ("label", True, COLORS, ".blue.black.brown"),
        ("label", True, COLOR, ".R=100.G=200"),
        ("matrix", False, "blue", ";color=blue"),
        ("matrix", False, COLORS, ";color=blue,black,brown"),
        ("matrix", True, COLORS, ";color=blue;color=black;color=brown"),
        ("matrix", True, COLOR, ";R=100;G=200"),
    ],
)
def test_values_in_the_path(style, explode, value, text):
    assert path_text(parameter("path", schema_of(value), style=style, explode=explode), value) == text


@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("form", True, "a b&c", "color=a%20b%26c"),
        ("form", True, COLORS, "color=blue&color=black&color=brown"),
        ("form", False, COLORS, "color=blue,black,brown"),
        ("form", True, COLOR, "R=100&G=200"),
        ("form", False, COLOR, "color=R,100,G,200"),
        ("spaceDelimited", False, COLORS, "color=blue%20black%20brown"),
        ("pipeDelimited", False, COLORS, "color=blue%7Cblack%7Cbrown"),
        ("deepObject", True, COLOR, "color%5BR%5D=100&color%5BG%5D=200"),
    ],
)
def test_values_in_the_query_are_written_and_read_back(style, explode, value, text):
    declared = parameter("query", schema_of(value), style=style, explode=explode)

    assert query_text(declared, value) == text
    assert query_value({}, declared, raw_pairs(text)) == value


def test_header_fields_are_not_encoded_and_cookies_are_pairs():
    assert header_text(parameter("header", ARRAY), COLORS) == "blue,black,brown"
    assert header_text(parameter("header", {}), "a b/c") == "a b/c"
    assert simple_value({}, parameter("header", ARRAY), ["blue, black,brown"]) == COLORS
    assert cookie_text(parameter("cookie", {}), True) == "color=true"


def test_a_parameter_with_content_is_a_document():
    declared = parameter_of({}, {"name": "color", "in": "query", "content": {"application/json": {"schema": OBJECT}}})

    assert query_text(declared, COLOR) == "color=%7B%22R%22%3A%20100%2C%20%22G%22%3A%20200%7D"
    assert query_value({}, declared, raw_pairs(query_text(declared, COLOR))) == COLOR


def test_style_and_explode_have_the_defaults_of_their_place():
    told = {place: parameter(place, {}) for place in ("path", "query", "header", "cookie")}

    assert {place: (each.style, each.explode) for place, each in told.items()} == {
        "path": ("simple", False),
        "query": ("form", True),
        "header": ("simple", False),
        "cookie": ("form", True),
    }


def test_a_path_is_filled_in_the_style_of_each_parameter():
    declared = (parameter("path", ARRAY, style="matrix", required=True),)

    assert filled("/paint{color}/{id}", declared, {"color": ["a", "b"], "id": "../x"}) == "/paint;color=a,b/..%2Fx"


@pytest.mark.parametrize("query", ["color=a&color=b", "color=", "color[R][x]=1", "color=1&color[R]=2"])
def test_what_can_be_read_in_two_ways_is_unclear(query):
    schema = OBJECT if "[" in query else {"type": "string"}
    declared = parameter("query", schema, style="deepObject" if "[" in query else "form")

    with pytest.raises(UnclearError):
        query_value({}, declared, raw_pairs(query))
