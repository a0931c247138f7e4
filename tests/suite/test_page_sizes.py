"""Too large a page is told from everything else that a contract forbids."""

from __future__ import annotations

import json

import pytest

from conformance.contract import openapi
from conformance.http.messages import Request
from conformance.judgement.page_sizes import with_largest_page

SIZE = {"type": "integer", "minimum": 1, "maximum": 50}


@pytest.fixture
def contract(tmp_path):
    body = {"type": "object", "properties": {"max_results": SIZE, "age": SIZE}}
    query = [{"name": name, "in": "query", "schema": SIZE} for name in ("pageSize", "age")]
    search = {
        "operationId": "search",
        "parameters": query,
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "Found."}},
    }
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/search": {"post": search}}}
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))
    return openapi.read(path)


def capped(contract, query, body):
    request = Request(method="POST", path=f"/search?{query}", operation="search").with_json(body)
    found = with_largest_page(contract.document, contract.operation("search"), request)
    return found.path.partition("?")[2], found.json


@pytest.mark.parametrize(
    ("query", "body", "wanted"),
    [
        ("pageSize=51", {"max_results": 51}, ("pageSize=50", {"max_results": 50})),
        ("pageSize=50", {"max_results": 7}, ("pageSize=50", {"max_results": 7})),
        ("pageSize=-1", {"max_results": 0}, ("pageSize=-1", {"max_results": 0})),
        ("pageSize=x", {"max_results": "99"}, ("pageSize=x", {"max_results": "99"})),
        ("age=51", {"age": 51}, ("age=51", {"age": 51})),
    ],
)
def test_only_a_page_that_is_too_large_is_made_smaller(contract, query, body, wanted):
    assert capped(contract, query, body) == wanted
