"""OpenAPI 3.0 is judged as 3.1: schemas of its own dialect become those of JSON Schema 2020-12."""

from __future__ import annotations

import jsonschema_rs
import pytest

from conformance.contract.document import ContractError

HEAD = """
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things:
    post:
      operationId: make
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
      responses: {"201": {description: Made}}
"""


def schema(read, text):
    """A schema of 3.0 as the contract holds it."""
    contract = read(f"{HEAD}components: {{schemas: {{Thing: {text}, Other: {{type: object}}}}}}\n")
    return contract.document, contract.document["components"]["schemas"]["Thing"]


def permits(document, schema, value):
    whole = {"$defs": document["components"]["schemas"], "components": document["components"], **schema}
    return jsonschema_rs.Draft202012Validator(whole).is_valid(value)


PERMITTED = {
    "nullable": ("{type: string, nullable: true}", [None, "a"], [3]),
    "nullable and not": ("{type: string, nullable: false}", ["a"], [None]),
    "nullable with an enumeration": ("{type: string, nullable: true, enum: [a]}", [None, "a"], ["b"]),
    "nullable with null in its enumeration": ("{type: string, nullable: true, enum: [a, null]}", [None, "a"], ["b"]),
    "nullable without a type": ('{nullable: true, allOf: [{$ref: "#/components/schemas/Other"}]}', [None, {}], [3]),
    "nullable with a type and a part": (
        '{type: object, nullable: true, allOf: [{$ref: "#/components/schemas/Other"}]}',
        [None, {}],
        [3],
    ),
    "nullable alone": ("{nullable: true, description: whatever}", [None, 3, "a"], []),
    "an excluded minimum": ("{type: integer, minimum: 3, exclusiveMinimum: true}", [4], [3, 2]),
    "a minimum that is not excluded": ("{type: integer, minimum: 3, exclusiveMinimum: false}", [3, 4], [2]),
    "an excluded maximum": ("{type: number, maximum: 3, exclusiveMaximum: true}", [2.9], [3]),
    "excluded, without a bound": ("{type: integer, exclusiveMaximum: true}", [3], []),
    "within a member": ("{properties: {a: {type: integer, nullable: true}}}", [{"a": None}, {"a": 1}], [{"a": ""}]),
    "within items": ("{type: array, items: {type: integer, nullable: true}}", [[None, 1]], [[""]]),
}


@pytest.mark.parametrize(("text", "permitted", "forbidden"), PERMITTED.values(), ids=PERMITTED)
def test_a_schema_permits_what_it_did(read, text, permitted, forbidden):
    document, found = schema(read, text)

    assert all(permits(document, found, value) for value in permitted)
    assert not any(permits(document, found, value) for value in forbidden)


def test_the_document_is_one_of_openapi_31(read):
    document, _ = schema(read, "{type: object}")

    assert document["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{type: string, format: binary}", {"type": "string", "contentMediaType": "application/octet-stream"}),
        ("{type: string, format: byte}", {"type": "string", "contentEncoding": "base64"}),
        ("{type: string, format: base64}", {"type": "string", "contentEncoding": "base64"}),
        ("{type: string, example: a}", {"type": "string", "examples": ["a"]}),
        ("{type: string, format: date}", {"type": "string", "format": "date"}),
        ("{type: string, x-kept: {nullable: true}}", {"type": "string", "x-kept": {"nullable": True}}),
    ],
)
def test_a_keyword_is_the_one_of_2020_12(read, text, expected):
    assert schema(read, text)[1] == expected


def test_what_an_example_or_a_default_holds_stays_as_it_is(read):
    told = {"nullable": True, "example": 1, "$ref": "#/nowhere"}
    _, found = schema(read, "{type: object, default: {nullable: true, example: 1, $ref: '#/nowhere'}}")

    assert found["default"] == told


def test_a_member_may_be_called_like_a_keyword(read):
    _, found = schema(read, "{properties: {example: {type: string, nullable: true}, nullable: {type: boolean}}}")

    assert found["properties"] == {"example": {"type": ["string", "null"]}, "nullable": {"type": "boolean"}}


BESIDE = "{properties: {a: {$ref: '#/components/schemas/Other', nullable: true}}}"


def test_what_stands_beside_a_reference_says_nothing_and_is_named(read):
    contract = read(f"{HEAD}components: {{schemas: {{Thing: {BESIDE}, Other: {{type: string}}}}}}\n")
    thing = contract.document["components"]["schemas"]["Thing"]

    assert thing["properties"]["a"] == {"$ref": "#/components/schemas/Other"}
    assert [each.what for each in contract.omissions] == ["`nullable` beside a `$ref` says nothing in OpenAPI 3.0"]


def test_a_reference_into_what_was_moved_still_leads_there(read):
    contract = read(
        f"{HEAD}components: {{schemas: {{Thing: {{nullable: true, properties: {{a: {{type: integer}}}}}},"
        " Same: {$ref: '#/components/schemas/Thing/properties/a'}}}\n"
    )

    assert contract.schema(contract.document["components"]["schemas"]["Same"]) == {"type": "integer"}


def test_what_only_31_can_say_is_told_in_its_own_words(read):
    with pytest.raises(ContractError, match='Thing/properties/a/type: "null" is not one of'):
        schema(read, "{properties: {a: {type: 'null'}}}")
