"""The extensions in use are those of the vocabulary, and what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml


def extensions(node):
    """Names and values of all x- members below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key.startswith("x-"):
                yield key, value
            else:
                yield from extensions(value)
    elif isinstance(node, list):
        for item in node:
            yield from extensions(item)


@pytest.fixture(scope="module")
def guide(spec_path):
    return (spec_path / "vocabulary.md").read_text()


@pytest.fixture(scope="module")
def words(vocabulary):
    return {name for name in vocabulary["$defs"] if name.startswith("x-")}


def unfit(found, words, vocabulary_errors):
    unknown = [f"{name} is not in the vocabulary" for name, _ in found if name not in words]
    return unknown + [error for name, value in found if name in words for error in vocabulary_errors(name, value)]


def test_every_extension_in_the_documents_fits_the_vocabulary(documents, words, vocabulary_errors):
    found = [extension for document in documents.files.values() for extension in extensions(document)]

    assert unfit(found, words, vocabulary_errors) == []


def test_every_word_of_the_vocabulary_is_in_use(documents, words):
    contract = yaml.safe_load((Path(__file__).parents[1] / "identities" / "openapi.yaml").read_text(encoding="utf-8"))
    known = [*documents.files.values(), contract]
    assert {name for document in known for name, _ in extensions(document)} == words


def test_the_guide_explains_every_word_and_no_other(guide, words):
    assert set(re.findall(r"^## (x-\S+)$", guide, re.MULTILINE)) == words


def test_the_guide_says_for_every_word_what_it_does_and_what_its_absence_means(guide, words):
    sections = dict(re.findall(r"^## (x-\S+)\n(.*?)(?=^## )", guide, re.MULTILINE | re.DOTALL))

    for name in words:
        assert "**Absent" in sections[name], name
        assert "```yaml" in sections[name], name


def test_every_example_in_the_guide_fits_the_vocabulary(guide, words, vocabulary_errors):
    blocks = re.findall(r"^```yaml\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    found = [extension for block in blocks for extension in extensions(yaml.safe_load(block))]

    assert {name for name, _ in found} == words
    assert unfit(found, words, vocabulary_errors) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-normative", "yes"),
        ("x-ownership", {"visibility": "secret"}),
        ("x-ownership", {"visibility": "private", "stranger": 200}),
        ("x-bounds", {"event": 0}),
        ("x-body-limit", "64 KiB"),
        ("x-idempotency", {"header": "Idempotency-Key", "scope": []}),
        ("x-idempotency", {"header": "Idempotency-Key", "scope": ["principal"], "conflict": 409}),
        ("x-idempotency", {"header": "Idempotency-Key", "scope": ["principal"], "stored": [200]}),
        ("x-unique", ["code"]),
        ("x-emits", []),
        ("x-implied-scopes", {"orders": "orders.read"}),
        ("x-upsert", "yes"),
        ("x-archives", 1),
        ("x-login", {}),
        ("x-introspection", True),
        ("x-roles", []),
        ("x-roles", "moderator"),
        ("x-counts", {"member": "/n"}),
        ("x-counts", {"operation": "visit", "member": "n"}),
        ("x-subscription", {"url": "url"}),
        ("x-subscription", {"url": "/url", "handshake": "https://shop.example"}),
        ("x-session", {"scheme": "session", "username": "/name", "password": "/password"}),
        ("x-session", {"scheme": "s", "username": "/name", "password": "/word", "logout": "out", "proof": "csrf"}),
        ("x-cors", {"origins": "https://shop.example"}),
        ("x-cors", {"origins": ["https://shop.example/"]}),
        ("x-cors", {"origins": ["*"], "credentials": True}),
        ("x-access-token", {"format": "jwt", "algorithms": ["none"]}),
        ("x-signature", {"tolerance": 300}),
        ("x-signature", {"scheme": "Standard Webhooks"}),
        ("x-signature", {"scheme": "standard-webhooks", "asymmetric": True}),
        ("x-delivery", {"schedule": [-1]}),
        ("x-delivery", {"redirects": "sometimes"}),
        ("x-delivery", {"retry-after": True}),
        ("x-delivery", {"gone": "kept"}),
        ("x-delivery-log", {"message": "/id"}),
        ("x-delivery-log", {"message": "/id", "attempts": "/tries", "redeliver": "sendAgain"}),
        ("x-delivery-log", {"message": "/id", "attempts": "/tries", "state": "/s", "states": {"open": ["a"]}}),
    ],
)
def test_a_wrong_extension_is_noticed(vocabulary_errors, name, value):
    assert vocabulary_errors(name, value) != []


def test_every_scheme_fits_the_vocabulary(schemes, vocabulary_errors):
    assert schemes
    assert [error for scheme in schemes.values() for error in vocabulary_errors("signature-scheme", scheme)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"content": "{id}.{timestamp}"},
        {"content": "{body}{url}"},
        {"content": "{id}{body}", "id": None},
        {"content": "{timestamp}{body}", "timestamp": None, "tolerance": None},
        {"content": "{body}", "timestamp": None},
        {"signature": {"header": "Signature"}},
        {"timestamp": {"header": "Time", "format": "iso"}},
        {"algorithm": "md5"},
        {"components": ["@method"]},
        {"parameters": ["created"]},
    ],
)
def test_a_senseless_scheme_is_noticed(schemes, vocabulary_errors, change):
    changed = {**schemes["standard-webhooks"], **change}

    assert vocabulary_errors("signature-scheme", {k: v for k, v in changed.items() if v is not None}) != []


@pytest.mark.parametrize(
    "change",
    [
        {"components": []},
        {"components": ["Content-Type"]},
        {"components": ['"@method"']},
        {"parameters": ["keyid"]},
        {"parameters": ["label"]},
        {"parameters": None},
        {"algorithm": "hmac-sha512"},
        {"content": "{body}"},
        {"signature": {"header": "Signature", "encoding": "hex"}},
        {"timestamp": {"header": "Date"}},
    ],
)
def test_a_senseless_scheme_of_message_signatures_is_noticed(schemes, vocabulary_errors, change):
    changed = {**schemes["http-message-signatures"], **change}

    assert vocabulary_errors("signature-scheme", {k: v for k, v in changed.items() if v is not None}) != []


def test_schemes_in_use_are_described(asyncapi, schemes):
    named = [operation["x-signature"]["scheme"] for operation in asyncapi["operations"].values()]

    assert set(named) <= schemes.keys()


def test_emitted_events_are_messages(operations, messages):
    assert {name for op in operations for name in op.node.get("x-emits", [])} == messages.keys()


def test_idempotency_names_a_parameter_and_declared_statuses(operations):
    for operation in operations:
        promise = operation.node.get("x-idempotency", {})
        declared = {int(status) for status in operation.responses}
        refusals = {promise[case] for case in ("mismatch", "in-progress", "malformed", "missing") if case in promise}
        assert refusals <= declared, str(operation)
        assert not promise or promise["header"] in {p["name"] for p in operation.parameters}, str(operation)


def pointed(documents, schema, pointer):
    """The schema of the member that a pointer leads to."""
    for step in pointer.split("/")[1:]:
        schema = documents.resolve(documents.resolve(schema)["properties"][step], "schemas/")
    return schema


def media(body):
    return next(iter(body["content"].values()))["schema"]


def test_subscriptions_point_at_members_and_operations(documents, by_id):
    subscribing = [op for op in by_id.values() if "x-subscription" in op.node]
    assert subscribing
    for operation in subscribing:
        promise = operation.node["x-subscription"]
        others = {role: by_id[promise[role]] for role in ("update", "rotate", "ping")}
        created, rotated = operation.responses["201"], others["rotate"].responses["200"]

        for member in ("url", "events", "enabled"):
            assert pointed(documents, media(operation.node["requestBody"]), promise[member])
            assert pointed(documents, media(others["update"].node["requestBody"]), promise[member])
        for answer in (created, rotated):
            for member in ("secret", "public-key"):
                assert pointed(documents, media(answer), promise[member])["type"] == "string"
        assert {link["operationId"] for link in created["links"].values()} >= {promise[role] for role in others}


def test_the_log_of_deliveries_points_at_members_and_operations(documents, by_id):
    (listing,) = [op for op in by_id.values() if "x-delivery-log" in op.node]
    promise = listing.node["x-delivery-log"]
    item = pointed(documents, media(listing.responses["200"]), "/items")["items"]
    tried = pointed(documents, item, promise["attempts"])["items"]

    for member in ("id", "message", "state"):
        assert pointed(documents, item, promise[member])
    for member in ("time", "status", "failure"):
        assert pointed(documents, tried, promise[member])
    assert {state for states in promise["states"].values() for state in states} == set(
        pointed(documents, item, promise["state"])["enum"]
    )
    assert [by_id[promise[name]].path.startswith(listing.path) for name in ("read", "redeliver")] == [True, True]


def test_sessions_point_at_members_schemes_and_operations(documents, openapi, by_id):
    (login,) = [op for op in by_id.values() if "x-session" in op.node]
    promise, schemes = login.node["x-session"], openapi["components"]["securitySchemes"]

    assert schemes[promise["scheme"]]["in"] == "cookie"
    assert promise["proof"] in schemes
    assert promise["scheme"] in by_id[promise["logout"]].security[0]
    assert str(promise["foreign-origin"]) in by_id[promise["logout"]].responses
    for member in ("username", "password"):
        assert pointed(documents, media(login.node["requestBody"]), promise[member])
    assert pointed(documents, media(login.responses["201"]), promise["token"])["type"] == "string"


def test_one_can_subscribe_to_every_event_but_the_test_event(documents, by_id, messages):
    pinged = {name for op in by_id.values() for name in op.node.get("x-emits", []) if "ping" in op.path}

    assert set(documents.files["schemas/event-type.yaml"]["enum"]) == messages.keys() - pinged
