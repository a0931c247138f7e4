"""A contract that cannot be used: exit code 2 and a sentence with the file or the place in it."""

from __future__ import annotations

import re

import pytest

PLACED = re.compile(r"[\w./-]+\.yaml:[0-9]+: ")
HEAD = "openapi: 3.1.0\ninfo: {title: Things, version: '1'}\n"
THING = HEAD + "paths: {/things: {get: {%s}}}\n"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)
SENDING = "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\noperations: {say: {action: send, channel: {}, %s}}\n"

UNREADABLE = {
    "nothing": ("", "holds no contract"),
    "a list": ("- a\n- b\n", "holds no contract"),
    "a page": ("<html><body>Not found</body></html>", "holds no contract"),
    "broken YAML": ("paths: [", "openapi.yaml:2: this is not YAML"),
    "a tab": ("\topenapi: 3.1.0", "openapi.yaml:1: this is not YAML"),
    "a Python object": ("openapi: !!python/object/apply:os.getcwd []", "openapi.yaml:1: this is not YAML"),
    "latin-1": (b"title: caf\xe9", "not text in UTF-8"),
    "nested deeply": (HEAD + "paths: " + "[" * 100_000, "nested more than 100 levels"),
    "an alias of itself": (HEAD + "paths: &paths {/a: *paths}", "YAML aliases"),
    "a bomb of aliases": (HEAD + BOMB, "YAML aliases"),
}
OTHER = {
    "no OpenAPI": ("title: Things\n", "no OpenAPI document"),
    "Swagger 1": ("swaggerVersion: '1.2'\napis: []\n", "no OpenAPI document"),
    "Swagger 2": (
        "swagger: '2.0'\ninfo: {title: Things}\npaths: {}\n",
        "openapi.yaml:2: This is not valid Swagger 2.0",
    ),
    "an unquoted 2.0": ("swagger: 2.0\ninfo: {title: Things, version: '1'}\npaths: {}\n", "#/swagger"),
    "OpenAPI 4": ("openapi: 4.0.0\ninfo: {title: Things, version: '1'}\npaths: {}\n", "is OpenAPI 4.0.0"),
    "an unquoted 3.1": ("openapi: 3.1\ninfo: {title: Things, version: '1'}\npaths: {}\n", "#/openapi"),
    "AsyncAPI": ("asyncapi: 3.0.0\ninfo: {title: Things, version: '1'}\n", "an AsyncAPI document"),
}
INVALID = {
    "no info": ("openapi: 3.1.0\npaths: {}\n", '"info" is a required property'),
    "paths are a list": (HEAD + "paths: [a]\n", "#/paths"),
    "paths are nothing": (HEAD + "paths:\n", "#/paths"),
    "no operation": (HEAD + "paths: {}\n", "declares no operation"),
    "a path is a number": (HEAD + "paths: {/things: 3}\n", "#/paths/~1things"),
    "an operation is a number": (HEAD + "paths: {/things: {get: 3}}\n", "#/paths/~1things/get"),
    "responses are a list": (THING % "responses: [x]", "get/responses"),
    "a response is nothing": (THING % "responses: {200: }", "get/responses/200"),
    "a parameter without place": (THING % "parameters: [{name: x}], responses: {}", "get/parameters/0"),
    "an id is a list": (THING % "operationId: [x]", "get/operationId"),
    "an id twice": (HEAD + "paths: {/a: {get: &x {operationId: x}, put: *x}}\n", "several operations"),
    "servers are text": (HEAD + "servers: here\n" + THING[len(HEAD) :] % "responses: {}", "#/servers"),
    "an unknown type": (THING % "parameters: [{name: x, in: query, schema: {type: txt}}]", "schema/type"),
    "an unknown scheme": (THING % "security: [{door: []}]", "the security scheme door"),
    "a scheme is a list": (HEAD + "components: {securitySchemes: {door: [x]}}\n", "securitySchemes/door"),
    "bounds without number": (HEAD + "x-bounds: {event: soon}\n" + THING[len(HEAD) :] % "", "#/x-bounds/event"),
    "an unknown visibility": (THING % "x-ownership: {visibility: mine}", "x-ownership/visibility"),
    "idempotency is yes": (THING % "x-idempotency: yes", "get/x-idempotency"),
    "a subscription to nowhere": (THING % "x-subscription: {events: /e}", '"url" is a required property'),
    "a count of nothing": (THING % "x-counts: {operation: visit}", "the operation visit"),
    "an unknown update": (THING % "x-subscription: {url: /u, update: mend}", "the operation mend"),
}
REFERENCES = {
    "nothing there": ("$ref: '#/components/responses/Gone'", "but has nothing there"),
    "no such file": ("$ref: 'gone.yaml#/Thing'", "there is no such file"),
    "another host": ("$ref: 'https://example.com/x.yaml#/Thing'", "read from disk only"),
    "itself": ("$ref: '#/paths/~1things/get/responses/200'", "leads back to itself"),
}
EVENTS = {
    "OpenAPI": (THING % "", "`asyncapi` member is missing"),
    "AsyncAPI 1": ("asyncapi: 1.2.0\n", "is 1.2.0"),
    "operations are a list": ("asyncapi: 3.0.0\noperations: [x]\n", "#/operations"),
    "an operation is a number": ("asyncapi: 3.0.0\noperations: {say: 3}\n", "#/operations/say"),
    "a channel that is not there": (SENDING.replace("{}", "{$ref: '#/channels/x'}") % "", "nothing there"),
    "messages are text": (SENDING % "messages: all", "#/operations/say/messages"),
    "an unknown signature": (SENDING % "x-signature: {scheme: wax}", "the scheme wax"),
    "a delivery without schedule": (SENDING % "x-delivery: {schedule: daily}", "x-delivery/schedule"),
}


def refused(told, words):
    assert (told.code, told.report, told.out) == (2, None, "")
    assert told.err.startswith("conformance: ")
    assert words in told.err
    lines = told.err.splitlines()
    for line in lines[1:]:
        assert PLACED.match(line), "each error has its file and its line"
    for line in lines[len(lines) > 1 :]:
        assert line.endswith((".", "?")), "it says what to do"


@pytest.mark.parametrize(("content", "words"), (known := UNREADABLE | OTHER | INVALID).values(), ids=known)
def test_a_contract_is_refused(folder, judge, content, words):
    (folder / "openapi.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())

    refused(judge(), words)


@pytest.mark.parametrize(("reference", "words"), REFERENCES.values(), ids=REFERENCES)
def test_a_reference_that_leads_nowhere_is_named(folder, judge, reference, words):
    (folder / "openapi.yaml").write_text(THING % f"responses: {{200: {{{reference}}}}}")

    refused(judge(), words)


@pytest.mark.parametrize("place", ["schema: {$ref: '#/components/schemas/Gone'}", "schema: {items: {$ref: '#/x'}}"])
def test_a_schema_that_is_not_there_is_named(folder, judge, place):
    """Nobody would follow it before a body is generated."""
    (folder / "openapi.yaml").write_text(THING % f"parameters: [{{name: q, in: query, {place}}}]")

    refused(judge(), "has nothing there")


@pytest.mark.parametrize(("content", "words"), EVENTS.values(), ids=EVENTS)
def test_a_description_of_events_is_refused(folder, judge, content, words):
    (folder / "asyncapi.yaml").write_text(content)

    refused(judge(target='asyncapi = "asyncapi.yaml"'), words)


@pytest.mark.parametrize(
    ("path", "words"), [("gone.yaml", "There is no contract at gone.yaml"), (".", "cannot be read: Is a directory")]
)
def test_a_path_that_is_no_file_is_named(judge, path, words):
    refused(judge("--contract", path), words)
