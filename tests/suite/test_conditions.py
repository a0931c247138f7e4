"""Runtime expressions and conditions of Arazzo 1.1, value by value."""

from __future__ import annotations

import pytest

from conformance.contract.arazzo.conditions import Criterion
from conformance.contract.arazzo.runtime_expressions import evaluated, expressions, insist_on_grammar
from conformance.contract.document import ContractError

SCOPE = {
    "url": "https://shop.example/orders?limit=2",
    "method": "GET",
    "statusCode": 200,
    "self": "https://shop.example/journeys",
    "request": {"path": {"orderId": "o1"}, "query": {"limit": "2"}, "header": {"x-trace": "t1"}, "body": {"size": 3}},
    "response": {
        "header": {"location": "/orders/o1", "x-count": "7"},
        "body": {
            "items": [{"sku": "tea", "price": 4}, {"sku": "milk", "price": 1.5}],
            "state": "Paid",
            "open": False,
            "total": 0,
            "a/b": "slash",
            "note": None,
        },
    },
    "message": {"header": {"x-id": "m1"}, "payload": {"type": "order.paid", "data": {"id": "o1"}}},
    "inputs": {"size": "3", "shop.name": "Tea & Co", "pattern": "^Pa", "price": 4},
    "steps": {"make": {"outputs": {"id": "o1", "lines": [{"sku": "tea"}], "by.dot": "dotted"}}},
    "workflows": {"before": {"inputs": {"n": 1}, "outputs": {"token": "x"}}},
    "outputs": {"id": "o9"},
    "sourceDescriptions": {"http": {"url": "openapi.yaml"}},
}
VALUES = {
    "$url": SCOPE["url"],
    "$method": "GET",
    "$statusCode": 200,
    "$self": SCOPE["self"],
    "$request.path.orderId": "o1",
    "$request.query.limit": "2",
    "$request.header.X-Trace": "t1",
    "$request.body#/size": 3,
    "$response.header.Location": "/orders/o1",
    "$response.header.Missing": None,
    "$response.body#/items/1/sku": "milk",
    "$response.body.items[0].sku": "tea",
    "$response.body.items[9].sku": None,
    "$response.body#/a~1b": "slash",
    "$response.body#/nowhere": None,
    "$response.body.open": False,
    "$message.payload.data.id": "o1",
    "$message.header.X-Id": "m1",
    "$inputs.shop.name": "Tea & Co",
    "$steps.make.outputs.id": "o1",
    "$steps.make.outputs.by.dot": "dotted",
    "$steps.make.outputs.lines[0].sku": "tea",
    "$steps.make.outputs.lines#/0/sku": "tea",
    "$workflows.before.outputs.token": "x",
    "$outputs.id": "o9",
    "$sourceDescriptions.http.url": "openapi.yaml",
}


@pytest.mark.parametrize(("expression", "value"), VALUES.items())
def test_an_expression_stands_for_what_was_seen(expression, value):
    insist_on_grammar(expression)

    assert evaluated(expression, SCOPE) == value


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("to {$inputs.size} of {$statusCode}", "to 3 of 200"),
        ("{$response.body#/open} {$response.body#/note}", "false null"),
        ("{$steps.make.outputs.lines}", '[{"sku": "tea"}]'),
        ({"a": ["$inputs.size", {"b": "$statusCode"}], "c": 4}, {"a": ["3", {"b": 200}], "c": 4}),
        ("$5 off", "$5 off"),
        ("{size}", "{size}"),
        ({"context": "$response.body", "selector": "$.items[0].sku", "type": "jsonpath"}, "tea"),
        ({"context": "$response.body", "selector": "$.items[*].sku", "type": "jsonpath"}, ["tea", "milk"]),
        ({"context": "$response.body", "selector": "$.none", "type": {"type": "jsonpath", "version": "rfc9535"}}, None),
        ({"context": "$response.body", "selector": "/items/1/sku", "type": "jsonpointer"}, "milk"),
    ],
)
def test_a_value_of_the_document_is_filled(given, value):
    assert evaluated(given, SCOPE) == value


def test_all_expressions_of_a_value_are_found():
    assert list(expressions({"a": ["$url", "x{$method}y{$self}"], "b": {"c": "$5 off"}})) == [
        "$url",
        "$method",
        "$self",
    ]


@pytest.mark.parametrize(
    "expression",
    ["$status", "$response.status", "$steps.make.id", "$step.make.outputs.id", "$inputs", "$response.header"],
)
def test_what_only_looks_like_an_expression_is_refused(expression):
    with pytest.raises(ContractError, match="no runtime expression"):
        insist_on_grammar(expression)


HOLDING = [
    "$statusCode == 200",
    "$statusCode==200",
    "$statusCode == '200'",
    "$statusCode != 404 && $statusCode < 300",
    "$statusCode == 404 || $statusCode == 200",
    "$statusCode == 404 && $statusCode == 200 || $method == 'GET'",
    "$statusCode == 200 && ($method == 'PUT' || $method == 'get')",
    "!($statusCode >= 400)",
    "!$response.body.open",
    "$response.body.state == 'paid'",
    "$response.body.items[1].price <= 1.5",
    "$response.body.total == 0",
    "$response.body.total > -1",
    "$response.body.open == false",
    "$response.body.note == null",
    "$response.body.nowhere == null",
    "$response.header.Location != null",
    "$response.header.X-Count > 6",
    "$inputs.size == $request.body#/size",
    "$steps.make.outputs.id == 'o1'",
    "'it''s' == 'IT''S'",
    "2e1 == 20",
    "true",
]
FAILING = [
    "$statusCode == 404",
    "$response.body.note",
    "$response.body.total",
    "$response.body.note > 0",
    "$response.body.nowhere < 1",
    "$response.body.state > 3",
    "$response.body.open == 0",
    "$response.body.items == 'tea'",
    "'a' == 'b'",
    "false || null",
]


@pytest.mark.parametrize("condition", HOLDING)
def test_the_condition_holds(condition):
    assert Criterion.of({"condition": condition}).holds(SCOPE) is True


@pytest.mark.parametrize("condition", FAILING)
def test_the_condition_does_not_hold(condition):
    assert Criterion.of({"condition": condition}).holds(SCOPE) is False


@pytest.mark.parametrize(
    ("context", "condition", "kind", "holds"),
    [
        ("$statusCode", r"^2\d{2}$", "regex", True),
        ("$statusCode", r"^4\d{2}$", "regex", False),
        ("$response.body#/state", "^paid$", "regex", False),
        ("$response.body#/state", "^Paid$", "regex", True),
        ("$response.body#/state", "{$inputs.pattern}", "regex", True),
        ("$response.header.Missing", ".*", "regex", False),
        ("$response.body", '"sku": "milk"', "regex", True),
        ("$response.body", "$.items[?@.sku == 'tea']", "jsonpath", True),
        ("$response.body", "$.items[?@.sku == 'beer']", "jsonpath", False),
        ("$response.body", "$.items[?@.price == {$inputs.price}]", "jsonpath", True),
        ("$response.body#/items", "$[?count(@.*) > 1]", "jsonpath", True),
        ("$response.body#/nowhere", "$", "jsonpath", False),
        ("$response.body", "$.items[?@.price == {$inputs.pattern}]", "jsonpath", False),
        ("$response.body", {"type": "jsonpath", "version": "rfc9535"}, "$.state", True),
    ],
)
def test_patterns_and_paths_are_applied_to_their_context(context, condition, kind, holds):
    condition, kind = (kind, condition) if isinstance(condition, dict) else (condition, kind)
    criterion = Criterion.of({"context": context, "condition": condition, "type": kind})

    assert criterion.holds(SCOPE) is holds


def test_a_criterion_tells_what_its_expressions_stood_for():
    criterion = Criterion.of({"condition": "$statusCode == 404 && $method == 'GET'"})

    assert criterion.seen(SCOPE) == "$statusCode is 200, $method is 'GET'"


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"condition": "$statusCode = 200"}, "cannot be read at = 200"),
        ({"condition": "$statusCode =="}, "cannot be read to its end"),
        ({"condition": "($statusCode == 200"}, "a bracket is open"),
        ({"condition": "$statusCode == 200 200"}, "cannot be read at 200"),
        ({"condition": '$method == "GET"'}, "cannot be read at"),
        ({"condition": ""}, "cannot be read to its end"),
        ({"condition": "$status == 200"}, "no runtime expression"),
        ({"condition": "[", "context": "$url", "type": "regex"}, "is no regex"),
        ({"condition": "$[", "context": "$url", "type": "jsonpath"}, "is no jsonpath"),
        ({"condition": "/a", "context": "$url", "type": "xpath"}, "xpath are not supported"),
    ],
)
def test_what_is_no_condition_is_refused_before_the_run(declared, words):
    with pytest.raises(ContractError) as told:
        Criterion.of(declared)

    assert words in str(told.value)
