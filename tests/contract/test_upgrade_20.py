"""Swagger 2.0 is judged as OpenAPI 3.1."""

from __future__ import annotations

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from conformance.contract.reading.grammar import OPENAPI_GRAMMAR
from conformance.contract.reading.validation import refusals, refusals_of_schema

PETS = """
swagger: "2.0"
info: {title: Pets, version: "1"}
host: pets.example.com
basePath: /v2
schemes: [https]
consumes: [application/json]
produces: [application/json]
securityDefinitions:
  login: {type: basic}
  key: {type: apiKey, in: header, name: X-Key}
  grant:
    type: oauth2
    flow: accessCode
    authorizationUrl: https://pets.example.com/authorize
    tokenUrl: https://pets.example.com/token
    scopes: {"pets:write": change pets}
parameters:
  page: {name: page, in: query, type: integer, minimum: 1}
  pet: {name: pet, in: body, required: true, schema: {$ref: "#/definitions/Pet"}}
responses:
  Gone: {description: Gone, schema: {$ref: "#/definitions/Problem"}}
definitions:
  Problem: {type: object, properties: {title: {type: string}}}
  Pet:
    type: object
    required: [name]
    discriminator: kind
    properties:
      kind: {type: string}
      name: {type: string, x-nullable: true, example: Rex}
      first: {$ref: "#/paths/~1pets/get/responses/200/schema/items"}
paths:
  /pets:
    parameters: [{name: X-Trace, in: header, type: string}]
    get:
      operationId: listPets
      parameters:
        - $ref: "#/parameters/page"
        - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: multi}
        - {name: ids, in: query, type: array, items: {type: integer}}
        - {name: sizes, in: query, type: array, items: {type: string}, collectionFormat: pipes}
        - {name: words, in: query, type: array, items: {type: string}, collectionFormat: tsv}
      responses:
        "200":
          description: Pets
          schema: {type: array, items: {$ref: "#/definitions/Pet"}}
          headers: {X-Total: {type: integer, description: How many}}
          examples: {application/json: [{name: Rex}]}
          x-links: {next: {operationId: listPets, parameters: {page: $response.body#/next}}}
    post:
      operationId: makePet
      security: [{grant: ["pets:write"]}, {key: [], login: []}]
      parameters: [{$ref: "#/parameters/pet"}]
      responses: {"201": {description: Made}, "410": {$ref: "#/responses/Gone"}}
  /pets/{id}/photo:
    parameters: [{name: id, in: path, required: true, type: string}]
    put:
      operationId: putPhoto
      consumes: [multipart/form-data]
      produces: [image/png]
      parameters:
        - {name: photo, in: formData, type: file, required: true}
        - {name: note, in: formData, type: string}
      responses: {"200": {description: The photo, schema: {type: file}}}
    post:
      operationId: tellPhoto
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - {name: words, in: formData, type: array, items: {type: string}, collectionFormat: csv}
      responses: {"204": {description: Told}}
"""


@pytest.fixture
def pets(read):
    return read(PETS)


def test_where_it_is_served_comes_of_host_and_base_path(pets):
    assert pets.document["servers"] == [{"url": "https://pets.example.com/v2"}]
    assert pets.base_path == "/v2"


def test_a_body_is_that_of_its_operation_in_each_media_type(pets):
    assert pets.operation("makePet").bodies == {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}
    assert pets.operation("makePet").body_required


def test_parameters_of_path_item_and_operation_have_schemas(pets):
    found = {parameter.name: parameter for parameter in pets.operation("listPets").parameters}

    assert found["page"].schema == {"type": "integer", "minimum": 1}
    assert found["X-Trace"].place == "header"
    assert (found["tags"].style, found["tags"].explode) == ("form", True)
    assert (found["ids"].style, found["ids"].explode) == ("form", False)
    assert (found["sizes"].style, found["sizes"].explode) == ("pipeDelimited", False)


def test_what_openapi_3_cannot_say_is_named(pets):
    assert [omission.what for omission in pets.omissions] == [
        "the parameter words is written in a way that OpenAPI 3 has no word for (tsv), and is taken for a text"
    ]


def test_an_answer_has_its_schema_headers_and_examples(pets):
    answer = pets.operation("listPets").answer(200)

    assert answer.content["application/json"]["schema"]["items"] == {"$ref": "#/components/schemas/Pet"}
    assert answer.content["application/json"]["example"] == [{"name": "Rex"}]
    assert answer.headers["x-total"]["schema"] == {"type": "integer"}
    assert pets.operation("makePet").answer(410).content["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Problem"
    }


def test_links_of_an_answer_are_told_by_an_extension(pets):
    listing = pets.operation("listPets")

    assert listing.answer(200).links == {
        "next": {"operationId": "listPets", "parameters": {"page": "$response.body#/next"}}
    }
    assert list(listing.fed) == ["page"]


def test_schemas_are_those_of_31(pets):
    pet = pets.document["components"]["schemas"]["Pet"]

    assert pet["discriminator"] == {"propertyName": "kind"}
    assert pet["properties"]["name"] == {"type": ["string", "null"], "examples": ["Rex"]}
    assert pets.schema(pet["properties"]["first"]) == pet


def test_files_are_sent_as_parts_and_answered_as_bytes(pets):
    photo = pets.operation("putPhoto")
    schema = photo.bodies["multipart/form-data"]["schema"]

    assert schema["properties"]["photo"] == {"type": "string", "contentMediaType": "application/octet-stream"}
    assert schema["required"] == ["photo"]
    assert list(photo.answer(200).content) == ["image/png"]


def test_lists_in_a_form_are_written_as_they_were(pets):
    form = pets.operation("tellPhoto").bodies["application/x-www-form-urlencoded"]

    assert form["encoding"] == {"words": {"style": "form", "explode": False}}


def test_every_alternative_of_security_is_read(pets):
    alternatives = pets.operation("makePet").alternatives

    assert [[(each.scheme.name, each.scheme.kind) for each in alternative] for alternative in alternatives] == [
        [("grant", "bearer")],
        [("key", "key"), ("login", "basic")],
    ]
    assert pets.operation("makePet").scopes == {"pets:write"}
    assert (pets.token_path, pets.authorization_path) == ("/token", "/authorize")


def test_the_document_is_valid_openapi_31(pets):
    schemas = (found for found in OPENAPI_GRAMMAR.walk(pets.document) if found.kind == "Schema")

    assert list(refusals(OPENAPI_31, pets.document)) == []
    assert [told for found in schemas for told in refusals_of_schema(found.value)] == []
