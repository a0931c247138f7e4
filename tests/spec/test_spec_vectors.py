"""The signature vectors are right, by the schemes' descriptions alone and by an independent library."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import jsonschema_rs
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageSignaturesException, HTTPMessageVerifier, MappingKeyResolver, algorithms
from standardwebhooks import Webhook, WebhookVerificationError
from verifying import verdict


def test_the_vectors_fit_their_schema(vectors, spec_path):
    schema = json.loads((spec_path / "vectors/signatures.schema.json").read_text())

    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(vectors)] == []


def test_names_are_unique(vectors):
    assert len({vector["name"] for vector in vectors}) == len(vectors)


def test_every_scheme_has_valid_and_invalid_vectors(vectors, schemes):
    both = {(name, valid) for name in schemes for valid in (True, False)}

    assert {(vector["scheme"], vector["valid"]) for vector in vectors} == both


def test_every_verdict_follows_from_the_description_of_its_scheme(vectors, schemes):
    assert [v["name"] for v in vectors if verdict(schemes[v["scheme"]], v) is not v["valid"]] == []


def of(vectors, *schemes):
    return [vector for vector in vectors if vector["scheme"] in schemes]


def at(monkeypatch, module, now):
    """Sets the clock that a library reads."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(now, tz)

    monkeypatch.setattr(module, Clock)


def library_accepts(vector):
    """The verdict of the library of Standard Webhooks."""
    try:
        Webhook(vector["secret"]).verify(base64.b64decode(vector["body_base64"]), vector["headers"])
    except (WebhookVerificationError, ValueError):
        return False
    return True


def test_the_library_of_standard_webhooks_agrees(vectors, monkeypatch):
    found = {}
    for vector in of(vectors, "standard-webhooks"):
        at(monkeypatch, "standardwebhooks.webhooks.datetime", vector["now"])
        found[vector["name"]] = library_accepts(vector)

    assert found == {vector["name"]: vector["valid"] for vector in of(vectors, "standard-webhooks")}


OTHERWISE = {
    "message-unknown-digest-beside": "the library refuses digests that it does not know",
    "message-expired": "the library has one tolerance for creation and for expiry",
}


def verified_by_rfc_9421_library(vector):
    """The verdict of the library http-message-signatures, which takes one label at a time."""
    headers = dict(vector["headers"])
    told = SimpleNamespace(method=vector["method"], url=vector["url"], headers=headers)
    hmac, key = vector["scheme"] == "http-message-signatures", base64.b64decode(vector["secret"])
    known = key if hmac else Ed25519PublicKey.from_public_bytes(key)
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.HMAC_SHA256 if hmac else algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={vector["keyid"]: known}, private_keys={}),
    )
    verifier.max_clock_skew, verifier.allow_label_only_selection = timedelta(seconds=300), True
    labels = re.findall(r"(\w+)=", headers.get("Signature", headers.get("signature", "")))
    return any(accepted(verifier, told, label, base64.b64decode(vector["body_base64"])) for label in labels)


def accepted(verifier, told, label, body):
    components = ("@method", "@target-uri", "content-type", "content-digest")
    options = {"max_age": timedelta(0), "require_components": components, "body": body}
    try:
        return bool(verifier.verify(told, expect_label=label, **options))
    except (HTTPMessageSignaturesException, ValueError):
        return False


@pytest.mark.filterwarnings("ignore:Using only a label")
def test_the_library_of_rfc_9421_agrees(vectors, monkeypatch):
    chosen = of(vectors, "http-message-signatures", "http-message-signatures-ed25519")
    found = {}
    for vector in chosen:
        at(monkeypatch, "http_message_signatures.signatures.datetime.datetime", vector["now"])
        found[vector["name"]] = verified_by_rfc_9421_library(vector)

    assert {vector["name"] for vector in chosen if found[vector["name"]] is not vector["valid"]} == OTHERWISE.keys()


def test_the_deliveries_in_the_asyncapi_document_are_rightly_signed(documents, messages, schemes):
    secret = documents.files["openapi.yaml"]["components"]["examples"]["WebhookWithSecret"]["value"]["secret"]
    for name, message in messages.items():
        for example in message["examples"]:
            body = json.dumps(example["payload"], separators=(",", ":"), ensure_ascii=False).encode()
            headers = example["headers"]
            clock = {"now": int(headers["webhook-timestamp"])}
            vector = {"secret": secret, "headers": headers, "body_base64": base64.b64encode(body), **clock}
            assert verdict(schemes["standard-webhooks"], vector), name
