"""What the contract permits, forbids, and leaves in doubt; plain requests that hold all it requires."""

from __future__ import annotations

import copy
import json
from types import SimpleNamespace

import pytest

from conformance.contract import openapi
from conformance.errors import UntestableError
from conformance.http.messages import FORM, Request
from conformance.requests.arrangement import Arranger
from conformance.requests.bodies import Bodies
from conformance.requests.request_generator import RequestGenerator
from conformance.requests.validity import RequestValidity, Validity

DONE = {"responses": {"204": {"description": "Done."}}}


@pytest.fixture
def world(tmp_path):
    """An arranger and the operation of a contract with one operation."""

    def made(body=None, parameters=(), media_type="application/json", method="post", components=None, **declared):
        content = {media_type: {"schema": body, **declared}} if body is not None else None
        operation = {"operationId": "act", "parameters": list(parameters), **DONE}
        if content is not None:
            operation["requestBody"] = {"required": True, "content": content}
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Things", "version": "1"},
            "paths": {"/things": {method: operation}},
            "components": {"schemas": components or {}},
        }
        path = tmp_path / "openapi.json"
        path.write_text(json.dumps(copy.deepcopy(document)))
        contract = openapi.read(path)
        generator = RequestGenerator(contract.document, seed=1)
        validity = RequestValidity(contract=contract)
        bodies = Bodies(contract=contract, request_generator=generator, receiver=None, validity=validity)
        return Arranger(contract=contract, bodies=bodies, request_generator=generator), contract.operation("act")

    return made


def plain(world, **declared):
    arranger, operation = world(**declared)
    request = arranger.request(operation, SimpleNamespace(name="alice"))
    assert arranger.bodies.validity.validity(operation, request) is not Validity.FORBIDDEN
    return request


def validity_of(world, query="", sent=None, content_type="application/json", **declared):
    arranger, operation = world(**declared)
    request = Request(
        method="POST", path=f"/things{query}", headers=(("Content-Type", content_type),), body=sent, operation="act"
    )
    return arranger.bodies.validity.validity(operation, request)


def in_query(schema, **declared):
    return {"name": "q", "in": "query", "schema": schema, **declared}


def test_a_plain_request_holds_all_required_parameters(world):
    request = plain(
        world,
        parameters=[
            in_query({"enum": ["red", "blue"]}, required=True),
            {"name": "X-Trace", "in": "header", "required": True, "schema": {"pattern": "^[a-z]{4}$"}},
            {"name": "lang", "in": "cookie", "required": True, "schema": {"type": "string"}, "example": "nl"},
            {"name": "optional", "in": "query", "schema": {"type": "string"}},
        ],
    )

    assert request.path == "/things?q=red"
    assert len(request.header("X-Trace")) == 4
    assert request.header("Cookie") == "lang=nl"


def test_a_required_parameter_without_any_value_is_told(world):
    with pytest.raises(UntestableError, match=r"query parameter q.*`example`"):
        plain(world, parameters=[in_query({"allOf": [{"type": "string"}, {"type": "integer"}]}, required=True)])


@pytest.mark.parametrize(
    ("schema", "query", "expected"),
    [
        ({"type": "integer"}, "?q=5", Validity.PERMITTED),
        ({"type": "integer"}, "?q=x", Validity.FORBIDDEN),
        ({"type": "integer"}, "?q=5.0", Validity.DOUBTFUL),
        ({"type": "boolean"}, "?q=on", Validity.DOUBTFUL),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "?q=5", Validity.PERMITTED),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "?q=a&q=b", Validity.PERMITTED),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "?q=a,b", Validity.DOUBTFUL),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "?q=c", Validity.FORBIDDEN),
        (True, "?q=anything", Validity.PERMITTED),
    ],
)
def test_a_query_is_forbidden_only_where_every_reading_forbids_it(world, schema, query, expected):
    assert validity_of(world, query, parameters=[in_query(schema)]) is expected


def test_a_missing_parameter_is_forbidden(world):
    assert validity_of(world, parameters=[in_query({"type": "string"}, required=True)]) is Validity.FORBIDDEN


NUMBERS = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}, "tags": {"type": "array"}}}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"n=5", Validity.PERMITTED),
        (b"n=5.0", Validity.DOUBTFUL),
        (b"n=x", Validity.FORBIDDEN),
        (b"m=5", Validity.FORBIDDEN),
    ],
)
def test_numbers_in_forms_are_read_as_numbers(world, sent, expected):
    assert validity_of(world, sent=sent, content_type=FORM, media_type=FORM, body=NUMBERS) is expected


def test_members_that_only_the_server_sets_are_neither_sent_nor_forbidden(world):
    schema = {
        "type": "object",
        "required": ["id", "name", "secret"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "name": {"type": "string"},
            "secret": {"type": "string", "writeOnly": True},
        },
    }
    request = plain(world, body=schema)

    assert set(request.json) == {"name", "secret"}
    assert request.json["name"] == request.marker
    assert validity_of(world, sent=b'{"id": "1", "name": "a", "secret": "b"}', body=schema) is Validity.DOUBTFUL
    assert validity_of(world, sent=b'{"name": "a"}', body=schema) is Validity.FORBIDDEN


@pytest.mark.parametrize(
    "schema",
    [
        {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "qty": {"type": "integer"}, "size": {"type": "integer"}},
            "anyOf": [{"required": ["qty"]}, {"required": ["size"]}],
        },
        {
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "a": {"type": "integer"}, "b": {"type": "integer"}},
            "dependentRequired": {"name": ["a", "b"]},
        },
        {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"qty": {"type": "integer"}}}]},
        {
            "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "pet", "mapping": {"cat": "#/components/schemas/Cat"}},
        },
        {"type": "object", "required": ["meta"], "properties": {"meta": {"$ref": "#/components/schemas/Base"}}},
        {"required": ["name"], "properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}]}}},
    ],
)
def test_composed_schemas_give_valid_bodies_with_a_marker(world, schema):
    pet = {"type": "object", "required": ["pet", "name"], "properties": {"name": {"type": "string"}}}
    components = {
        "Base": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "Cat": {**pet, "properties": {**pet["properties"], "pet": {"const": "cat"}}},
        "Dog": {**pet, "properties": {**pet["properties"], "pet": {"const": "dog"}}},
    }
    request = plain(world, body=schema, components=components)

    assert request.marker
    assert request.marked


@pytest.mark.parametrize("schema", [True, {}, {"type": "string"}, {"type": "array", "items": True}, {"const": None}])
def test_no_legal_schema_is_too_odd(world, schema):
    assert plain(world, body=schema).body


@pytest.mark.parametrize("schema", [False, {"allOf": [{"type": "string"}, {"type": "integer"}]}])
def test_a_schema_that_nothing_satisfies_is_told(world, schema):
    with pytest.raises(UntestableError, match=r"no body of act .*`example`"):
        plain(world, body=schema)


def test_a_deletion_may_have_a_body(world):
    assert plain(world, method="delete", body={"type": "object", "required": ["reason"]}).json.keys() == {"reason"}


def test_an_example_is_changed_in_its_free_text_alone(world):
    texts = {name: {"type": "string"} for name in ("unit", "content-type", "username", "note")}
    example = {"unit": "kg", "content-type": "text/plain", "username": "carol", "note": "By the door"}
    request = plain(world, body={"type": "object", "properties": texts}, example=example)
    without = {name: value for name, value in example.items() if name != "note"}

    assert request.json == {**example, "note": request.marker}
    assert plain(world, body={"type": "object", "properties": texts}, example=without).json == without


def test_an_example_that_the_contract_forbids_is_told(world):
    with pytest.raises(UntestableError, match=r"the body .*`example`"):
        plain(world, body={"type": "object", "properties": {"n": {"type": "integer"}}}, example={"n": "one"})


def test_values_are_new_each_time_within_pattern_and_format(world):
    schema = {
        "type": "object",
        "required": ["id", "mail", "day", "code", "number"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "mail": {"type": "string", "format": "email"},
            "day": {"type": "string", "format": "date"},
            "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"},
            "number": {"type": "integer", "minimum": 1000, "maximum": 9_999_999},
        },
    }
    arranger, operation = world(body=schema)
    made = [arranger.request(operation, SimpleNamespace(name="alice")).json for _ in range(12)]

    assert [len({each[name] for each in made}) for name in ("id", "mail", "number")] == [12, 12, 12]
    assert len({each["code"] for each in made}) > 6
    assert all(arranger.bodies.validity.value_validity(schema, each) is Validity.PERMITTED for each in made)


def test_a_multipart_body_has_files_and_json_parts(world):
    request = plain(
        world,
        media_type="multipart/form-data",
        body={
            "type": "object",
            "required": ["title", "file", "meta", "tags"],
            "properties": {
                "title": {"type": "string"},
                "file": {"type": "string", "contentMediaType": "image/png"},
                "meta": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}},
                "tags": {"type": "array", "minItems": 2, "items": {"type": "string"}},
            },
        },
    )

    assert request.header("Content-Type").startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="file"\r\nContent-Type: image/png' in request.body
    assert b'name="meta"\r\nContent-Type: application/json\r\n\r\n{"n": ' in request.body
    assert request.body.count(b'name="tags"') == 2
    assert request.marked


@pytest.mark.parametrize(
    ("media_type", "schema"),
    [
        ("text/plain", {"type": "string"}),
        ("application/octet-stream", {"type": "string", "format": "binary"}),
        ("image/*", {}),
        ("application/vnd.thing+json", {"type": "object", "required": ["n"]}),
        (FORM, {"type": "object", "required": ["tags"], "properties": {"tags": {"type": "array", "minItems": 2}}}),
    ],
)
def test_bodies_of_every_media_type(world, media_type, schema):
    request = plain(world, media_type=media_type, body=schema)

    assert request.body
    assert b"{'" not in request.body
    assert "*" not in request.header("Content-Type")


def test_a_media_type_that_nobody_can_write_is_told(world):
    with pytest.raises(UntestableError, match=r"application/xml.*`example`"):
        plain(world, media_type="application/xml", body={"type": "object", "required": ["a"]})


@pytest.mark.parametrize(
    ("kind", "sent", "validity"),
    [
        ("integer", b'{"count": [1]}', Validity.PERMITTED),
        ("integer", b'{"count": [1, 2.0]}', Validity.DOUBTFUL),
        ("integer", b'{"count": [1e2]}', Validity.DOUBTFUL),
        ("integer", b'{"count": [1.5]}', Validity.FORBIDDEN),
        ("number", b'{"count": [2.0]}', Validity.PERMITTED),
    ],
)
def test_servers_differ_over_integers_with_a_fraction(world, kind, sent, validity):
    body = {"type": "object", "properties": {"count": {"type": "array", "items": {"type": kind}}}}

    assert validity_of(world, sent=sent, body=body) is validity


def test_a_marker_is_no_member_that_is_declared_otherwise(world):
    note = {"type": "object", "properties": {"note": {"type": "integer"}}, "additionalProperties": True}

    assert not plain(world, body=note).marker
    assert plain(world, body={"type": "object"}).marker
