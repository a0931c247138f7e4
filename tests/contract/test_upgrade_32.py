"""OpenAPI 3.2 is judged as far as 3.1 can say it; the rest is named."""

from __future__ import annotations

import pytest

HEAD = "openapi: 3.2.0\ninfo: {title: Things, version: '1'}\n"
LIST = "get: {operationId: list, responses: {'200': {description: Done}}}"
DONE = "responses: {'200': {summary: Done}}"

NAMED = {
    "the method QUERY": (
        f"query: {{operationId: ask, {DONE}}}",
        ("operations with the method QUERY are not judged", "ask"),
    ),
    "further methods": (
        f"additionalOperations: {{COPY: {{operationId: copy, {DONE}}}}}",
        ("operations with the method COPY are not judged", "copy"),
    ),
    "the query as a whole": (
        (
            "post: {operationId: make, responses: {'200': {}}, parameters: [{name: q, in: querystring, "
            "content: {application/x-www-form-urlencoded: {schema: {type: object}}}}]}"
        ),
        ("the query as a whole, q, is not judged", "make"),
    ),
    "items of a stream": (
        "post: {responses: {'200': {content: {text/event-stream: {itemSchema: {type: object}}}}}}",
        (
            "`itemSchema`, which tells of the items of a stream or the parts of a body, is not judged",
            "paths//things/post/responses/200/content/text/event-stream/itemSchema",
        ),
    ),
}


@pytest.mark.parametrize(("member", "told"), NAMED.values(), ids=NAMED)
def test_what_is_not_judged_is_named(read, member, told):
    contract = read(f"{HEAD}paths: {{/things: {{{LIST}, {member}}}}}\n")

    assert [(omission.what, omission.place) for omission in contract.omissions] == [told]
    assert contract.operation("list").method == "GET"
    assert contract.document["openapi"] == "3.1.0"


def test_media_types_among_the_components_are_found(read):
    contract = read(
        HEAD + "paths: {/things: {post: {operationId: make, responses: {'200': {}}, "
        "requestBody: {content: {application/json: {$ref: '#/components/mediaTypes/Thing'}}}}}}\n"
        "components: {mediaTypes: {Thing: {schema: {type: object, title: Thing}}}}\n"
    )

    assert contract.operation("make").body_schema == {"type": "object", "title": "Thing"}


def test_an_example_is_its_value(read):
    contract = read(
        HEAD + "paths: {/things: {get: {operationId: list, responses: {'200': {}}, "
        "parameters: [{name: q, in: query, schema: {type: integer}, "
        "examples: {one: {dataValue: 1, serializedValue: '1'}}}]}}}\n"
    )

    assert contract.operation("list").parameters[0].examples == (1,)
