"""The verifier agrees with every vector, and with the library of Standard Webhooks."""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from standardwebhooks import Webhook

from conformance import resources
from conformance.contract.signature_scheme import SignatureScheme
from conformance.signatures.private_keys import reveals_private_key
from conformance.signatures.registered_keys import Keys
from conformance.signatures.verification import Signatures

VECTORS = json.loads((resources.spec() / "vectors/signatures.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True)
class Message:
    """A signed request; header names in lower case."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def verifier(scheme):
    return Signatures(SignatureScheme.of({"scheme": scheme}))


def message(headers, body, *, method="POST", url="https://receiver.example/in"):
    return Message(method=method, url=url, headers={name.lower(): headers[name] for name in headers}, body=body)


def verdict(vector):
    sent = {member: vector[member] for member in ("method", "url") if member in vector}
    delivery = message(vector["headers"], base64.b64decode(vector["body_base64"]), **sent)
    keys = Keys(secret=vector["secret"], keyid=vector.get("keyid", ""), public_key=vector["secret"])
    return verifier(vector["scheme"]).accepts(keys, delivery, now=vector["now"])


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_verdict_is_that_of_the_vector(vector):
    assert verdict(vector) is vector["valid"]


@pytest.fixture
def sent():
    """A secret, and a delivery signed with it by the library of Standard Webhooks."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    body = json.dumps({"title": "Zażółć <&> \u2028 😀"}, ensure_ascii=False)
    moment = datetime.fromtimestamp(int(time.time()), UTC)
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign("evt_1", moment, body),
    }
    return Keys(secret=secret), message(headers, body.encode())


def test_what_the_library_signs_is_accepted(sent):
    keys, delivery = sent

    assert verifier("standard-webhooks").accepts(keys, delivery, now=time.time())


def test_what_the_library_signs_for_another_secret_is_refused(sent):
    _, delivery = sent
    others = Keys(secret="whsec_" + base64.b64encode(b"x" * 32).decode())

    assert not verifier("standard-webhooks").verifies(others, delivery)


def test_signatures_of_partial_content_are_recognised(sent):
    _, delivery = sent
    stamp = delivery.headers["webhook-timestamp"].encode()

    [entry] = verifier("standard-webhooks").entries(delivery)

    assert entry.partial_contents == (stamp + b"." + delivery.body, b"evt_1." + delivery.body, delivery.body)


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
    assert verifier("standard-webhooks").well_formed_key(secret) is fit


@pytest.fixture(scope="module")
def pair():
    """Both halves of a key pair; the private one ends in a byte that base64 writes otherwise for URLs."""
    return Ed25519PrivateKey.from_private_bytes(bytes(range(224, 255)) + b"\xff")


@pytest.mark.parametrize(
    "written",
    [
        lambda seed, _: "whsk_" + base64.b64encode(seed).decode(),
        lambda seed, _: base64.urlsafe_b64encode(seed).decode().rstrip("="),
        lambda seed, public: "whsk_" + base64.b64encode(seed + public).decode(),
        lambda seed, _: seed.hex(),
        lambda seed, _: seed.hex().upper(),
        lambda seed, _: json.dumps({"kty": "OKP", "d": base64.urlsafe_b64encode(seed).decode().rstrip("=")}),
        lambda seed, _: json.dumps({"pem": pem(seed)}),
        lambda seed, _: pem(seed),
    ],
)
def test_a_private_key_is_found_in_whatever_form(pair, written):
    seed, public = pair.private_bytes_raw(), pair.public_key().public_bytes_raw()

    assert reveals_private_key(f'200\nkey: {written(seed, public)}, "x"', public)


def test_other_keys_are_not_taken_for_the_private_key(pair):
    public = pair.public_key().public_bytes_raw()
    others = [public, secrets.token_bytes(32), secrets.token_bytes(64)]
    words = [base64.b64encode(each).decode() for each in others] + [each.hex() for each in others]

    assert not reveals_private_key("whpk_" + " whsec_".join(words), public)


def pem(seed):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
