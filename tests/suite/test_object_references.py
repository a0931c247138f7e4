"""References to objects that OpenAPI links put into queries and bodies."""

from __future__ import annotations

import json
from pathlib import Path

from conformance.contract import openapi
from conformance.http.messages import Reply, Request
from conformance.requests.arrangement import ArrangedObject, Arranger

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
