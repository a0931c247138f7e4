"""The beginning of a document of events: valid as it is and with every sign taken out."""

from __future__ import annotations

import re

import pytest
from bad_input import command, servers

from conformance.contract import asyncapi, openapi
from doctor.documents import shows

TEXT = {"type": "string"}
DONE = {"200": {"description": "Done."}}
ID = {"name": "id", "in": "path", "required": True, "schema": TEXT}
EVENTS = [
    "invoice.created",
    "invoice.updated",
    "invoice.deleted",
    "invoice.paid",
    "letter.sent",
    "booking.created",
    "booking.deleted",
]
HOOK = {"type": "object", "properties": {"url": TEXT, "events": {"type": "array", "items": {"enum": EVENTS}}}}
PATHS = {
    "/invoices": {
        "get": {"operationId": "listInvoices", "responses": DONE},
        "post": {"operationId": "addInvoice", "responses": DONE},
    },
    "/invoices/{id}": {
        "parameters": [ID],
        "patch": {"operationId": "changeInvoice", "responses": DONE},
        "delete": {"operationId": "dropInvoice", "responses": DONE},
    },
    "/invoices/{id}/lines": {"parameters": [ID], "post": {"operationId": "addLine", "responses": DONE}},
    "/bookings/": {"post": {"operationId": "book", "responses": DONE}},
    "/bookings/{id}/": {"parameters": [ID], "delete": {"operationId": "dropBooking", "responses": DONE}},
    "/invoices/{id}/pay": {"parameters": [ID], "post": {"operationId": "payInvoice", "responses": DONE}},
    "/webhooks": {
        "post": {
            "operationId": "addHook",
            "requestBody": {"content": {"application/json": {"schema": HOOK}}},
            "responses": DONE,
        }
    },
}
EMITTERS = {
    "addInvoice": {"invoice.created"},
    "changeInvoice": {"invoice.updated"},
    "dropInvoice": {"invoice.deleted"},
    "payInvoice": {"invoice.paid"},
    "book": {"booking.created"},
    "dropBooking": {"booking.deleted"},
}
STRIPE_LIKE = "Each delivery bears Acme-Signature: t=<seconds>,v1=<hex>."
GITHUB_LIKE = "Look at X-Acme-Signature, which is sha256= and the HMAC of the body."


def document(description=""):
    return {"openapi": "3.1.0", "info": {"title": "Acme", "version": "1", "description": description}, "paths": PATHS}


@pytest.fixture
def begun(tmp_path):
    """The folder in which it begins a configuration for a document."""

    def init(told):
        with servers.serving(shows(("/openapi.json", told))) as url:
            done = command.conformance("init", url, folder=tmp_path)
        assert done.code == 0, done.words
        return tmp_path

    return init


def whole(path):
    """The same with every sign taken out."""
    path.write_text(re.sub(r"^    #(?=x-|  )", "    ", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return path


def test_the_events_that_can_be_subscribed_to_are_its_messages(begun):
    events = asyncapi.read(begun(document()) / "asyncapi.yaml")

    assert [event.name for event in events] == EVENTS
    assert events.signature is None


def test_who_causes_an_event_is_guessed_by_noun_and_verb(begun):
    folder = begun(document())
    text = (folder / "promises.overlay.yaml").read_text("utf-8")
    overlay = folder / "whole.yaml"
    overlay.write_text(re.sub(r"^  #(?=- |  )", "  ", text, flags=re.MULTILINE), "utf-8")
    contract = openapi.read(folder / "openapi.json", None, [overlay])

    assert {each.id: set(each.emits) for each in contract.operations if each.emits} == EMITTERS


@pytest.mark.parametrize(
    ("description", "header", "prefix"),
    [(STRIPE_LIKE, "Acme-Signature", "v1="), (GITHUB_LIKE, "X-Acme-Signature", "sha256=")],
)
def test_the_signature_is_guessed_from_what_is_said_of_it(begun, description, header, prefix):
    signature = asyncapi.read(whole(begun(document(description)) / "asyncapi.yaml")).signature

    assert (signature.signature.header, signature.signature.prefix) == (header, prefix)


def test_a_scheme_of_a_known_name_is_named(begun):
    text = (begun(document("As webhook-signature, of Standard Webhooks.")) / "asyncapi.yaml").read_text("utf-8")

    assert "#x-signature:" in text
    assert "scheme: standard-webhooks" in text


def test_without_receivers_no_document_is_begun(begun):
    paths = {path: item for path, item in PATHS.items() if path != "/webhooks"}

    assert not (begun({**document(), "paths": paths}) / "asyncapi.yaml").exists()
