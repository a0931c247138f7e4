"""Every example is what its schema says: people copy examples."""

from __future__ import annotations

import pytest


def examples_at(place, documents):
    """Pairs of a schema's reference and a value that stands as its example (or default) at a place."""
    node = place.node
    if "payload" in node:
        for example in node.get("examples", []):
            yield from ((place.at(part), example[part]) for part in ("payload", "headers") if part in example)
    elif "schema" in node:
        named = [documents.resolve(example, place.file)["value"] for example in node.get("examples", {}).values()]
        yield from ((place.at("schema"), value) for value in [*named, *[node[k] for k in ("example",) if k in node]])
    elif isinstance(node.get("examples"), list):
        yield from ((place.at(), value) for value in [*node["examples"], *[node[k] for k in ("default",) if k in node]])


def wrong_examples(documents):
    return [
        error
        for place in documents.places()
        for reference, value in examples_at(place, documents)
        for error in documents.errors(reference, value)
    ]


def test_every_example_fits_its_schema(documents):
    assert wrong_examples(documents) == []


@pytest.mark.parametrize(
    "document",
    [
        {"examples": [1], "type": "string"},
        {"examples": ["yesterday"], "type": "string", "format": "date-time"},
        {"examples": [], "default": 1, "type": "string"},
        {"content": {"application/json": {"schema": {"type": "string"}, "examples": {"one": {"value": 1}}}}},
        {"parameters": [{"schema": {"type": "string"}, "example": 1}]},
        {"message": {"payload": {"type": "string"}, "examples": [{"payload": 1}]}},
        {"message": {"payload": {}, "headers": {"required": ["id"]}, "examples": [{"headers": {}, "payload": 1}]}},
    ],
    ids=["schema", "format", "default", "media type", "parameter", "payload", "headers"],
)
def test_a_wrong_example_is_noticed(documents, document):
    assert len(wrong_examples(type(documents)({"some.yaml": document}))) == 1


def test_every_answer_and_every_request_with_content_has_an_example_unless_it_is_a_page(documents, operations):
    bare = []
    for operation in operations:
        bodies = {"request": documents.resolve(operation.node.get("requestBody", {})), **operation.responses}
        for where, body in bodies.items():
            media = {name: found for name, found in body.get("content", {}).items() if name != "text/html"}
            bare += [f"{operation} {where}" for found in media.values() if not found.get("examples")]

    assert bare == []


def test_an_example_of_a_problem_has_the_status_that_it_stands_under(documents, operations):
    wrong = []
    for operation in operations:
        for status, response in operation.responses.items():
            media = response.get("content", {}).get("application/problem+json", {})
            values = [documents.resolve(example)["value"] for example in media.get("examples", {}).values()]
            wrong += [f"{operation} {status}: {value['status']}" for value in values if str(value["status"]) != status]

    assert wrong == []
