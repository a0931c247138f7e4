"""The suite's own verifier reaches the verdict of every vector, and agrees with the standard library of others."""

from __future__ import annotations

import base64
import json
import secrets
import time
from datetime import UTC, datetime
from importlib import resources

import pytest
from standardwebhooks import Webhook

from conformance.contract.signatures import SignatureScheme
from conformance.instruments.signatures import Signatures

VECTORS = json.loads(resources.files("spec").joinpath("vectors", "signatures.json").read_text(encoding="utf-8"))


def verifier(scheme):
    return Signatures(SignatureScheme.of({"scheme": scheme}))


def verdict(vector):
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    body = base64.b64decode(vector["body_base64"])
    return verifier(vector["scheme"]).accepts(vector["secret"], headers, body, now=vector["now"])


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_verdict_is_that_of_the_vector(vector):
    assert verdict(vector) is vector["valid"]


@pytest.fixture
def sent():
    """A secret, headers and body, signed by the library of Standard Webhooks."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    body = json.dumps({"title": "Zażółć <&> \u2028 😀"}, ensure_ascii=False)
    moment = datetime.fromtimestamp(int(time.time()), UTC)
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign("evt_1", moment, body),
    }
    return secret, headers, body.encode()


def test_what_the_library_signs_is_accepted(sent):
    secret, headers, body = sent

    assert verifier("standard-webhooks").accepts(secret, headers, body, now=time.time())


def test_what_the_library_signs_for_another_secret_is_refused(sent):
    _, headers, body = sent

    assert not verifier("standard-webhooks").verifies("whsec_" + base64.b64encode(b"x" * 32).decode(), headers, body)


def test_what_lacks_a_part_of_the_content_is_known(sent):
    _, headers, body = sent
    stamp = headers["webhook-timestamp"].encode()

    found = verifier("standard-webhooks").lesser_contents(headers, body)

    assert found == [stamp + b"." + body, b"evt_1." + body, body]


@pytest.mark.parametrize(
    ("secret", "fit"),
    [
        ("whsec_" + base64.b64encode(b"x" * 24).decode(), True),
        ("whsec_" + base64.b64encode(b"x" * 64).decode(), True),
        ("whsec_" + base64.b64encode(b"x" * 16).decode(), False),
        ("whsec_" + base64.b64encode(b"x" * 65).decode(), False),
        ("whsec_" + base64.urlsafe_b64encode(b"\xff" * 32).decode(), False),
        ("78" * 32, False),
    ],
)
def test_a_secret_has_prefix_encoding_and_size(secret, fit):
    assert verifier("standard-webhooks").sufficient(secret) is fit
