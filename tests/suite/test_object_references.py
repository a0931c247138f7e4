"""References to objects that OpenAPI links put into queries and bodies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.contract import openapi
from conformance.http.messages import Reply, Request
from conformance.requests.identifiers import ArrangedObject
from conformance.requests.references import is_circular, with_identifiers

CLINIC = Path(__file__).parents[2] / "tests/clinic/openapi.yaml"


def reference(identifier):
    return openapi.read(CLINIC).operation(identifier).references[0]


def with_reference(identifier, request):
    """The request with the id of a patient where the link puts it."""
    reply = Reply(
        request=Request(method="POST", path="/patients"),
        status=201,
        headers=(),
        body=b'{"reference": "p-1"}',
        url="",
        seconds=0.0,
    )
    return with_identifiers(request, reference(identifier), ArrangedObject(parameters={}, marker="canary", reply=reply))


def test_a_link_names_an_object_in_the_query():
    request = with_reference("get_summary", Request(method="GET", path="/summary"))

    assert (request.path, request.marker) == ("/summary?patient=p-1", "canary")


def test_a_link_names_an_object_in_a_member_of_the_body():
    request = with_reference("certify_patient", Request(method="POST", path="/certificates", body=b'{"copies": 2}'))

    assert json.loads(request.body) == {"copies": 2, "patient": "p-1"}
    assert not reference("certify_patient").listed


def test_a_link_names_an_object_in_a_list_of_the_body():
    request = with_reference(
        "plan_round", Request(method="POST", path="/rounds", body=b'{"patients": []}', marker="own")
    )

    assert (request.json, request.marker) == ({"patients": ["p-1"]}, "own")
    assert reference("plan_round").listed


def test_what_a_link_puts_into_the_path_or_takes_from_the_same_operation_is_none():
    contract = openapi.read(CLINIC.parents[2] / "spec/openapi.yaml")

    assert [operation.id for operation in contract.operations if operation.references] == []


ORDERS = """
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /customers: {post: {operationId: addCustomer, responses: {'201': {$ref: '#/components/responses/Customer'}}}}
  /customers/{id}:
    get:
      operationId: readCustomer
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: It.}}
  /orders:
    get:
      operationId: listOrders
      parameters: [{name: customerId, in: query, required: true, schema: {type: string}}]
      responses: {'200': {description: Those.}}
    post:
      operationId: addOrder
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'201': {description: Made.}}
components:
  responses:
    Customer: {description: It., content: {application/json: {schema: {properties: {id: {type: string}}}}}}
  schemas:
    Order: {allOf: [{required: [customerId, text], properties: {customerId: {}, payerId: {}, text: {type: string}}}]}
"""


def test_what_is_called_as_the_identifier_of_others_is_filled_and_promises_nothing(tmp_path):
    (tmp_path / "openapi.yaml").write_text(ORDERS)
    contract = openapi.read(tmp_path / "openapi.yaml")

    found = {each.id: each.references for each in contract.operations if each.references}

    assert {name: (each.source, each.query, each.body, each.inferred) for name, (each,) in found.items()} == {
        "listOrders": ("addCustomer", {"customerId": "$response.body#/id"}, {}, True),
        "addOrder": ("addCustomer", {}, {"customerId": "$response.body#/id"}, True),
    }


SHOP = """
openapi: 3.1.0
info: {title: Shop, version: '1'}
x-id: &id [{name: id, in: path, required: true, schema: {type: integer}}]
x-it: &it {'200': {description: It.}}
paths:
  /categories: {get: {operationId: listCategories, responses: {'200': {$ref: '#/components/responses/Categories'}}}}
  /sellers:
    get: {operationId: listSellers, responses: {'200': {$ref: '#/components/responses/Categories'}}}
    post: {operationId: addSeller, responses: {'201': {$ref: '#/components/responses/Seller'}}}
  /sellers/{id}: {get: {operationId: readSeller, parameters: *id, responses: *it}}
  /tags:
    post:
      operationId: addTag
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Tag'}}}}
      responses: {'201': {$ref: '#/components/responses/Seller'}}
  /tags/{id}: {get: {operationId: readTag, parameters: *id, responses: *it}}
  /products:
    post:
      operationId: addProduct
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Product'}}}}
      responses: {'201': {$ref: '#/components/responses/Seller'}}
  /products/{id}: {get: {operationId: readProduct, parameters: *id, responses: *it}}
components:
  responses:
    Seller: {description: It., content: {application/json: {schema: {properties: {id: {type: integer}}}}}}
    Categories:
      description: Those.
      content:
        application/json: {schema: {properties: {results: {type: array, items: {properties: {id: {type: integer}}}}}}}
  schemas:
    Tag: {required: [product], properties: {product: {type: integer}}}
    Product:
      required: [category, seller, tags, text, stock, parts, anything]
      properties:
        category: {anyOf: [{type: integer}, {type: 'null'}]}
        seller: {type: SELLER}
        tags: {type: array, items: {type: integer}}
        text: {type: string}
        stock: {type: integer}
        anything: true
        parts:
          type: array
          items: {required: [seller_id, number], properties: {seller_id: {type: integer}, number: {type: integer}}}
"""


@pytest.fixture
def shop(tmp_path):
    """The contract of a shop, whose products name their sellers by a value of this type."""

    def read(seller):
        (tmp_path / "openapi.yaml").write_text(SHOP.replace("SELLER", seller))
        return openapi.read(tmp_path / "openapi.yaml")

    return read


def test_an_identifier_is_known_by_the_word_for_its_object_and_its_type(shop):
    found = {each.source: each for each in shop("integer").operation("addProduct").references}

    assert {source: dict(each.body) for source, each in found.items()} == {
        "listCategories": {"category": "$response.body#/id"},
        "addSeller": {"seller": "$response.body#/id"},
        "addTag": {"tags": ["$response.body#/id"]},
    }
    assert {source: each.listing for source, each in found.items()} == {
        "listCategories": "listCategories",
        "addSeller": "listSellers",
        "addTag": "",
    }


def test_an_identifier_is_filled_in_each_item_of_a_list(shop):
    found = next(each for each in shop("integer").operation("addProduct").references if each.source == "addSeller")
    making = Request(method="POST", path="/sellers")
    reply = Reply(request=making, status=201, headers=(), body=b'{"id": 7}', url="", seconds=0.0)
    body = {"seller": 1, "parts": [{"seller_id": 1, "number": 1}, {"seller_id": 2, "number": 2}]}
    request = Request(method="POST", path="/products", body=json.dumps(body).encode())

    filled = with_identifiers(request, found, ArrangedObject(parameters={}, marker="", reply=reply))

    assert filled.json == {"seller": 7, "parts": [{"seller_id": 7, "number": 1}, {"seller_id": 7, "number": 2}]}


def test_a_text_that_is_called_like_an_object_is_no_identifier(shop):
    found = {each.source: each for each in shop("string").operation("addProduct").references}

    assert not found["addSeller"].body


def test_what_refers_to_itself_in_the_end_cannot_come_first(shop):
    contract = shop("integer")
    circular = {each.source for each in contract.operation("addProduct").references if is_circular(contract, each)}

    assert circular == {"addTag"}


def test_a_link_names_an_object_in_each_item_of_a_list(tmp_path):
    body = "{orders: [{customer: $response.body#/id}], tags: [$response.body#/id]}"
    link = f"{{bulk: {{operationId: addAll, requestBody: {body}}}}}"
    document = f"""
openapi: 3.1.0
info: {{title: Orders, version: '1'}}
paths:
  /customers:
    post: {{operationId: addCustomer, responses: {{'201': {{description: Made., links: {link}}}}}}}
  /orders: {{post: {{operationId: addAll, responses: {{'201': {{description: Made.}}}}}}}}
"""
    (tmp_path / "openapi.yaml").write_text(document)
    (found,) = openapi.read(tmp_path / "openapi.yaml").operation("addAll").references

    assert found.inner == {("orders", "*", "customer"): "$response.body#/id"}
    assert found.body == {"tags": ["$response.body#/id"]}


NAMED = """
openapi: 3.1.0
info: {title: Invoices, version: '1'}
paths:
  /customers: {get: {operationId: listCustomers, responses: {'200': {description: Those.}}}}
  /customers/{slug}:
    put:
      operationId: putCustomer
      parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
      responses:
        '201':
          description: Made.
          content: {application/json: {schema: {properties: {id: {type: integer}, slug: {type: string}}}}}
  /invoices:
    post:
      operationId: addInvoice
      requestBody:
        content:
          application/json: {schema: {required: [customerSlug], properties: {customerSlug: {type: string}}}}
      responses: {'201': {description: Made.}}
"""


def test_what_is_made_under_a_name_is_called_by_it(tmp_path):
    (tmp_path / "openapi.yaml").write_text(NAMED)
    (found,) = openapi.read(tmp_path / "openapi.yaml").operation("addInvoice").references

    assert (found.source, found.listing) == ("putCustomer", "listCustomers")
    assert found.body == {"customerSlug": "$response.body#/slug"}
