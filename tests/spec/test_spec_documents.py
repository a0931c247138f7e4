"""The documents are well formed, and everything they refer to is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema_rs
from openapi_spec_validator import validate

ASYNCAPI_SCHEMA = Path(__file__).with_name("asyncapi-3.0.0.schema.json")


def test_the_openapi_document_is_valid(openapi, spec_path):
    validate(openapi, base_uri=(spec_path / "openapi.yaml").as_uri())


def test_the_asyncapi_document_fits_the_official_schema(asyncapi):
    official = jsonschema_rs.Draft7Validator(json.loads(ASYNCAPI_SCHEMA.read_text()))

    assert [error.message for error in official.iter_errors(asyncapi)] == []


def test_every_reference_leads_somewhere(documents):
    dangling = []
    for place in documents.places():
        if "$ref" in place.node:
            try:
                documents.follow(place.node["$ref"], place.file)
            except (KeyError, TypeError):
                dangling.append(f"{place.at()}: {place.node['$ref']}")

    assert dangling == []


def test_every_shared_schema_is_used(documents):
    used = {documents.follow(p.node["$ref"], p.file)[0] for p in documents.places() if "$ref" in p.node}

    assert {name for name in documents.files if name.startswith("schemas/")} - used == set()


def test_documents_keep_to_the_yaml_that_every_reader_knows(spec_path):
    """Merge keys are not part of YAML 1.2."""
    merging = [
        path.name for path in spec_path.glob("**/*.yaml") if re.search(r"^\s*<<:", path.read_text(), re.MULTILINE)
    ]

    assert merging == []


def test_operations_send_messages_of_their_channel(asyncapi):
    for operation in asyncapi["operations"].values():
        channel = operation["channel"]["$ref"]
        assert channel.removeprefix("#/channels/") in asyncapi["channels"]
        assert [m for m in operation["messages"] if not m["$ref"].startswith(f"{channel}/messages/")] == []


def test_every_message_is_sent(documents, asyncapi):
    """A message that no operation mentions is a promise that nobody keeps."""
    mentioned = [m for operation in asyncapi["operations"].values() for m in operation["messages"]]
    sent = [documents.resolve(message, "asyncapi.yaml")["name"] for message in mentioned]

    assert sorted(sent) == sorted(message["name"] for message in asyncapi["components"]["messages"].values())


def test_a_message_is_named_as_the_type_in_its_payload(documents, messages):
    for name, message in messages.items():
        assert documents.resolve(message["payload"], "asyncapi.yaml")["properties"]["type"]["const"] == name


def test_every_message_explains_itself(messages):
    silent = [name for name, m in messages.items() if not {"title", "summary", "description", "examples"} <= m.keys()]

    assert silent == []
