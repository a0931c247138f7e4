"""Every operation says who may call it, what may go wrong and where the answer leads."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

OPENID = {"profile", "email", "offline_access"}  # OpenID Connect Core sections 5.4 and 11: they open no operation
OAUTH_ENDPOINTS = {"authorization_endpoint", "token_endpoint", "revocation_endpoint", "introspection_endpoint"}


def missing(operations, wanted):
    """Operations that lack something, as readable lines."""
    return [f"{operation}: {lack}" for operation in operations for lack in sorted(wanted(operation))]


def test_every_operation_is_described(operations):
    required = {"operationId", "summary", "description", "tags", "security"}

    assert missing(operations, lambda op: required - op.node.keys()) == []


def test_operation_ids_are_unique(operations, by_id):
    assert len(by_id) == len(operations)


def test_every_tag_is_described(openapi, operations):
    described = {tag["name"] for tag in openapi["tags"] if tag.get("description")}

    assert {tag for op in operations for tag in op.node["tags"]} == described


def test_every_parameter_header_and_answer_is_described(operations):
    def silent(operation):
        yield from (p["name"] for p in operation.parameters if not p.get("description"))
        yield from (status for status, response in operation.responses.items() if not response.get("description"))

    assert missing(operations, silent) == []


def test_every_operation_can_succeed_or_redirect(operations):
    assert [str(op) for op in operations if not any(status[0] in "23" for status in op.responses)] == []


def test_protected_operations_declare_their_refusals(operations):
    def wanted(operation):
        refusals = {"401", "429"} | ({"403"} if operation.scopes else set())
        return (refusals if operation.security else set()) - operation.responses.keys()

    assert missing(operations, wanted) == []


def test_refusals_are_declared_only_where_something_is_protected(operations):
    open_to_all = [op for op in operations if not op.security and "x-session" not in op.node]

    assert [str(op) for op in open_to_all if {"401", "403"} & op.responses.keys()] == []


def test_every_scope_in_use_is_explained(openapi, operations):
    flows = openapi["components"]["securitySchemes"]["oauth2"]["flows"].values()
    explained = {scope for flow in flows for scope, text in flow["scopes"].items() if text}

    assert {scope for op in operations for scope in op.scopes} | OPENID == explained


def test_operations_that_address_an_owned_object_declare_what_a_stranger_sees(operations):
    addressed = [op for op in operations if op.ownership["visibility"] != "public" and "{" in op.path]

    assert addressed
    assert [str(op) for op in addressed if str(op.ownership["stranger"]) not in op.responses] == []


def test_operations_on_what_is_public_need_a_role_or_no_token(operations):
    public = [op for op in operations if op.ownership["visibility"] == "public"]

    assert [str(op) for op in public if op.scopes - {"openid"} and "x-roles" not in op.node] == []


def test_path_parameters_are_those_of_the_path(operations):
    for operation in operations:
        declared = {p["name"] for p in operation.parameters if p["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", operation.path)), str(operation)


def test_errors_are_problems_except_where_oauth_prescribes_another_form(openapi, operations):
    metadata = openapi["paths"]["/.well-known/openid-configuration"]["get"]["responses"]["200"]["content"]
    example = metadata["application/json"]["examples"]["metadata"]["value"]
    protocol = {urlsplit(url).path for name, url in example.items() if name in OAUTH_ENDPOINTS}
    wrong = [
        f"{operation}: {status}"
        for operation in operations
        if operation.path not in protocol
        for status, response in operation.responses.items()
        if status[0] in "45" and list(response.get("content", {})) != ["application/problem+json"]
    ]

    assert wrong == []


def test_every_answer_carries_the_request_id(operations):
    def anonymous(operation):
        return {status for status, r in operation.responses.items() if "X-Request-Id" not in r["headers"]}

    assert missing(operations, anonymous) == []


@pytest.mark.parametrize(
    ("status", "header"),
    [("201", "Location"), ("401", "WWW-Authenticate"), ("429", "Retry-After"), ("503", "Retry-After")],
)
def test_answers_carry_the_header_that_goes_with_their_status(operations, status, header):
    answers = [(str(op), op.responses[status]["headers"]) for op in operations if status in op.responses]

    assert answers
    assert [name for name, headers in answers if header not in headers] == []


def test_links_lead_to_operations_and_their_parameters(operations, by_id):
    links = [link for op in operations for r in op.responses.values() for link in r.get("links", {}).values()]

    assert links
    for link in links:
        names = {parameter["name"] for parameter in by_id[link["operationId"]].parameters}
        assert link["parameters"].keys() <= names, link


def test_links_read_members_that_the_answer_has(documents, operations):
    for operation in operations:
        for response in operation.responses.values():
            for name, link in response.get("links", {}).items():
                schema = documents.resolve(response["content"]["application/json"]["schema"])
                body, path = sources_of(link, "$response.body#/"), sources_of(link, "$request.path.")
                assert body <= schema["properties"].keys(), f"{operation}: {name}"
                assert all(f"{{{parameter}}}" in operation.path for parameter in path), f"{operation}: {name}"
                assert len(body) + len(path) == len(link["parameters"]), f"{operation}: {name}"


def sources_of(link, place):
    """What a link takes from this place of the exchange."""
    return {str(source).removeprefix(place) for source in link["parameters"].values() if str(source).startswith(place)}
