"""References to objects that OpenAPI links put into queries and bodies."""

from __future__ import annotations

import json
from pathlib import Path

from conformance.contract import openapi
from conformance.http.messages import Reply, Request
from conformance.requests.arrangement import Arranger
from conformance.requests.identifiers import ArrangedObject

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
    arranger = Arranger(contract=openapi.read(CLINIC), bodies=None, request_generator=None)
    return arranger.with_reference(
        request, reference(identifier), ArrangedObject(parameters={}, marker="canary", reply=reply)
    )


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
