"""Servers of a path or an operation: what the target serves is asked below its path, what it does not is named."""

from __future__ import annotations

import pytest

from conformance.assembly.run import with_base_path

HEAD = """
openapi: 3.1.0
info: {title: Things, version: "1"}
servers: [{url: "https://{region}.example.com/{version}", variables: {region: {default: eu}, version: {default: v1}}}]
"""
DONE = "responses: {'200': {description: Done}}"


def paths(contract):
    return {operation.id: operation.path for operation in contract.operations}


def test_the_path_of_the_first_server_stands_before_every_path(read):
    contract = read(f"{HEAD}paths: {{/things: {{get: {{operationId: list, {DONE}}}}}}}\n")

    assert (contract.base_path, paths(contract), contract.omissions) == ("/v1", {"list": "/things"}, ())


OWN = {
    "of the operation": "/things: {get: {operationId: list, %s}, post: {operationId: make, servers: %s, %s}}",
    "of the path": "/things: {get: {operationId: list, %s}}, /things/all: {servers: %s, post: {operationId: make, %s}}",
}


@pytest.mark.parametrize("item", OWN.values(), ids=OWN)
@pytest.mark.parametrize("server", ["/v2", "https://eu.example.com/v2/"])
def test_what_is_below_another_path_has_it_in_its_own(read, item, server):
    contract = read(HEAD + "paths: {" + item % (DONE, f"[{{url: '{server}'}}]", DONE) + "}\n")

    assert (contract.base_path, contract.within) == ("", "/v1")
    assert paths(contract)["list"] == "/v1/things"
    assert paths(contract)["make"].startswith("/v2/things")
    assert contract.omissions == ()


@pytest.mark.parametrize("item", OWN.values(), ids=OWN)
def test_what_is_on_another_host_is_not_judged_and_named(read, item):
    contract = read(HEAD + "paths: {" + item % (DONE, "[{url: 'https://files.example.net'}]", DONE) + "}\n")

    assert (contract.base_path, paths(contract)) == ("/v1", {"list": "/things"})
    assert [(each.what, each.place) for each in contract.omissions] == [
        ("operations of https://files.example.net are not judged", "make")
    ]


def test_references_into_what_was_moved_still_lead_there(read):
    answer = "responses: {'200': {description: Done, content: {application/json: {schema: %s}}}}"
    there = "#/paths/~1things/post/responses/200/content/application~1json/schema"
    contract = read(
        f"{HEAD}paths: {{/things: {{post: {{operationId: make, servers: [{{url: /v2}}], {answer % '{title: Thing}'}}}, "
        f"get: {{operationId: list, {answer % f'{{$ref: {there!r}}}'}}}}}}}\n"
    )
    content = contract.operation("list").answer(200).content["application/json"]

    assert contract.schema(content["schema"]) == {"title": "Thing"}


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://staging.example.com", "https://staging.example.com"),
        ("https://staging.example.com/v1/", "https://staging.example.com"),
        ("https://staging.example.com/other", "https://staging.example.com/other"),
    ],
)
def test_a_target_may_be_named_with_the_path_of_the_first_server(read, url, asked):
    item = OWN["of the operation"] % (DONE, "[{url: /v2}]", DONE)

    assert with_base_path(url, read(HEAD + "paths: {" + item + "}\n")) == asked
