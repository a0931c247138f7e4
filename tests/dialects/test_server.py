"""Every document is valid, and the sound server keeps it: else the laws would accuse the suite wrongly."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate

from dialects.client import Client
from dialects.configuration import PEOPLE
from dialects.contract.openapi import openapi
from dialects.dialect import Dialect, axes, sensible
from dialects.drawing import deviations, some
from dialects.faults import faults
from dialects.members import plain_body
from dialects.server.build import build
from dialects.server.people import GRANTS, VARIABLE, people
from dialects.server.store import LATE

EVERY = some(deviations()).map(lambda changes: sensible(Dialect(**dict(changes))))
PLAINEST = {axis: values[0] for axis, values in axes().items()}


def many(function):
    """Holds a function against many dialects, those in quarantine as well."""
    return settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))(
        given(EVERY)(function)
    )


@pytest.fixture(autouse=True)
def known_people(monkeypatch):
    held = {name: {grant: f"{name}-{grant}" for grant in (*GRANTS, "key")} for name in PEOPLE}
    monkeypatch.setenv(VARIABLE, json.dumps(held))


@many
def test_every_document_is_valid(dialect):
    validate(openapi(dialect))


@many
def test_the_sound_server_does_what_its_document_says(dialect):
    """A thing is made, found, read, listed, changed and deleted, and strangers and nobody are kept out."""
    service = build(dialect, people())
    client = Client(dialect=dialect, service=service)
    body = plain_body(dialect, "A lamp")

    chosen = service.store.new_id() if dialect.creation == "put" else ""
    made = client.call("createThing", "alice", chosen, body=body)
    for thing in service.store.things.values():
        thing.since -= LATE
    identifier = client.identifier(made, "alice", "A lamp")

    assert made.status == dialect.created
    assert shown(client.call("readThing", "alice", identifier))["name"] == "A lamp"
    assert identifier in {str(item["id"]) for item in client.listed("alice")}
    assert identifier not in {str(item["id"]) for item in client.listed("bob")}
    assert client.call("readThing", "bob", identifier).status == (403 if dialect.ownership == "forbidden" else 404)
    assert client.call("listThings", "").status == dialect.anonymous
    if dialect.update != "none":
        assert client.call("updateThing", "alice", identifier, body=plain_body(dialect, "Two lamps")).status < 300
        assert shown(client.call("readThing", "alice", identifier))["name"] == "Two lamps"
    assert client.call("deleteThing", "alice", identifier).status == dialect.deleted
    assert client.call("readThing", "alice", identifier).status == dialect.gone


def shown(response):
    value = json.loads(response.content)
    return value.get("data", value)


def test_the_axes_begin_with_the_plainest_value():
    assert Dialect(**PLAINEST) == Dialect()


@pytest.mark.parametrize("name", faults())
def test_a_fault_takes_the_place_of_a_part(name):
    """A dialect can show it, and the server is built with it."""
    fault = faults()[name]
    dialect = sensible(Dialect(**{axis: values[0] for axis, values in fault.needs.items()}))
    service = build(dialect, people(), fault=fault.part)

    assert fault.shown_by(dialect)
    assert any(isinstance(part, fault.part) for part in (service, *vars(service).values()))
