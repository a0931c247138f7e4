from __future__ import annotations

import pytest

from conformance.contract.document import ContractError
from conformance.contract.expressions import evaluate

EXCHANGE = {
    "url": "https://shop.example/orders?expand=items",
    "method": "POST",
    "statusCode": 201,
    "request": {
        "path": {"shop.id": "s1"},
        "query": {"expand": "items"},
        "header": {"x-trace": "t1"},
        "body": {"lines": [{"sku": "tea"}, {"sku": "milk"}]},
    },
    "response": {"header": {"location": "/orders/o1"}, "body": {"id": "o1", "a/b": "slash", "count": 0}},
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$url", "https://shop.example/orders?expand=items"),
        ("$method", "POST"),
        ("$statusCode", 201),
        ("$request.path.shop.id", "s1"),
        ("$request.query.expand", "items"),
        ("$request.header.X-Trace", "t1"),
        ("$request.body#/lines/1/sku", "milk"),
        ("$response.header.Location", "/orders/o1"),
        ("$response.body#/id", "o1"),
        ("$response.body#/a~1b", "slash"),
        ("$response.body#/count", 0),
        ("$response.body", EXCHANGE["response"]["body"]),
    ],
)
def test_an_expression_takes_its_value_out_of_the_exchange(expression, value):
    assert evaluate(expression, EXCHANGE) == value


@pytest.mark.parametrize(
    "expression",
    [
        "$request.path.other",
        "$request.query.other",
        "$response.header.ETag",
        "$response.body#/other",
        "$response.body#/id/deeper",
        "$request.body#/lines/2",
    ],
)
def test_where_the_exchange_has_nothing_the_value_is_none(expression):
    assert evaluate(expression, EXCHANGE) is None


def test_a_reply_without_json_gives_nothing():
    assert evaluate("$response.body#/id", {**EXCHANGE, "response": {"header": {}, "body": None}}) is None


@pytest.mark.parametrize("constant", ["tea", "", 7, True, None, {"$response": "body"}])
def test_a_constant_stands_for_itself(constant):
    assert evaluate(constant, EXCHANGE) == constant


def test_expressions_in_braces_are_filled_into_the_text_around_them():
    assert evaluate("{$method} order {$response.body#/id} {as is}", EXCHANGE) == "POST order o1 {as is}"


@pytest.mark.parametrize("expression", ["$", "$response", "$reply.body#/id", "$request.cookie.session", "$statuscode"])
def test_what_is_no_expression_is_told_in_a_sentence(expression):
    with pytest.raises(ContractError, match=r"has the expression .*, which is none\. Mend the link\."):
        evaluate(expression, EXCHANGE)
