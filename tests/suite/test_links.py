"""Links of a contract, by whichever field they name the operation to which they lead."""

from __future__ import annotations

import json

import pytest

from conformance.contract import openapi
from conformance.requests.identifiers import Producers


def contract_with(folder, link, **reading):
    """A creation whose answer has this link, and a reading at another path."""
    answer = {"description": "made", "links": {"self": {**link, "parameters": {"id": "$response.body#/id"}}}}
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    read = {**reading, "parameters": [parameter], "responses": {"200": {"description": "shown"}}}
    gone = {"parameters": [parameter], "responses": {"204": {"description": "gone"}}}
    paths = {"/new": {"post": {"responses": {"201": answer}}}, "/one/{id}": {"get": read, "delete": gone}}
    document = {"openapi": "3.1.0", "info": {"title": "Ones", "version": "1"}, "paths": paths}
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return openapi.read(path)


@pytest.mark.parametrize("named", [{}, {"operationId": "readOne"}], ids=["without an id", "with an id"])
@pytest.mark.parametrize("pointer", ["#/paths/~1one~1{id}/get", "#/paths/~1one~1%7Bid%7D/get"])
def test_an_operation_reference_leads_where_an_id_does(tmp_path, pointer, named):
    contract = contract_with(tmp_path, {"operationRef": pointer}, **named)

    producer = Producers(contract=contract).of(contract.at("GET", "/one/{id}"))

    assert producer.operation.path == "/new"


def test_what_a_link_leads_to_is_changed_where_it_is_read(tmp_path):
    """A link leads to the reading alone; what deletes the same object takes its parameters from there too."""
    contract = contract_with(tmp_path, {"operationRef": "#/paths/~1one~1{id}/get"})

    producer = Producers(contract=contract).of(contract.at("DELETE", "/one/{id}"))

    assert producer.operation.path == "/new"


def test_a_reference_into_another_document_leads_nowhere(tmp_path):
    contract = contract_with(tmp_path, {"operationRef": "https://api.example/openapi.json#/paths/~1one~1{id}/get"})

    assert Producers(contract=contract).of(contract.at("GET", "/one/{id}")) is None


def test_nothing_makes_what_has_no_identifier_in_its_path(tmp_path):
    made, shown = {"responses": {"201": {"description": "made"}}}, {"responses": {"200": {"description": "shown"}}}
    paths = {"/api/things": {"post": made, "get": shown}}
    path = tmp_path / "openapi.json"
    document = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": paths}
    path.write_text(json.dumps(document), encoding="utf-8")
    contract = openapi.read(path)

    assert Producers(contract=contract).of(contract.at("GET", "/api/things")) is None
