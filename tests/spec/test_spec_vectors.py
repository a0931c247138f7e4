"""The signature vectors are right, by the schemes' descriptions alone and by an independent library."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from importlib import resources

import jsonschema_rs
import pytest
from standardwebhooks import Webhook


def entries(part, headers):
    """The values of a part of a scheme that the headers hold."""
    value = headers.get(part["header"].lower())
    found = [] if value is None else value.split(part["separator"]) if "separator" in part else [value]
    prefix = part.get("prefix", "")
    return [entry.removeprefix(prefix) for entry in found if entry.startswith(prefix)]


def decoded(text, encoding):
    decode = {"text": str.encode, "hex": bytes.fromhex, "base64": lambda t: base64.b64decode(t, validate=True)}
    return decode[encoding](text)


def fresh(scheme, vector, timestamp):
    return timestamp.isdecimal() and abs(vector["now"] - int(timestamp)) <= scheme["tolerance"]


def signature(scheme, vector, values):
    """What the signature of a vector with this id and timestamp must be."""
    before, after = (side.format(**values).encode() for side in scheme["content"].split("{body}"))
    secret = scheme["secret"]
    key = decoded(vector["secret"].removeprefix(secret.get("prefix", "")), secret["encoding"])
    content = before + base64.b64decode(vector["body_base64"]) + after
    digest = hmac.digest(key, content, scheme["algorithm"].removeprefix("hmac-"))
    return digest.hex() if scheme["signature"]["encoding"] == "hex" else base64.b64encode(digest).decode()


def verdict(scheme, vector):
    """Whether the description of a scheme says that a delivery is to be accepted."""
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    found = {part: entries(scheme[part], headers) for part in ("id", "timestamp") if part in scheme}
    if any(len(values) != 1 for values in found.values()):
        return False
    values = {part: value for part, [value] in found.items()}
    if "tolerance" in scheme and not fresh(scheme, vector, values["timestamp"]):
        return False
    return signature(scheme, vector, values) in entries(scheme["signature"], headers)


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


def library_entry(vector):
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    body = base64.b64decode(vector["body_base64"]).decode()
    return Webhook(vector["secret"]).sign(headers["webhook-id"], moment, body), headers["webhook-signature"]


def test_the_standard_library_signs_valid_vectors_alike(vectors):
    for vector in vectors:
        if vector["scheme"] == "standard-webhooks" and vector["valid"]:
            expected, signatures = library_entry(vector)
            assert expected in signatures.split(" "), vector["name"]


@pytest.mark.parametrize("name", ["altered-body", "altered-id", "altered-timestamp", "wrong-secret", "body-only"])
def test_the_standard_library_signs_invalid_vectors_otherwise(vectors, name):
    [vector] = [v for v in vectors if v["name"] == f"standard-{name}"]
    expected, signatures = library_entry(vector)

    assert expected not in signatures


def test_the_deliveries_in_the_asyncapi_document_are_rightly_signed(documents, messages, schemes):
    secret = documents.files["openapi.yaml"]["components"]["examples"]["WebhookWithSecret"]["value"]["secret"]
    for name, message in messages.items():
        for example in message["examples"]:
            body = json.dumps(example["payload"], separators=(",", ":"), ensure_ascii=False).encode()
            headers = example["headers"]
            clock = {"now": int(headers["webhook-timestamp"])}
            vector = {"secret": secret, "headers": headers, "body_base64": base64.b64encode(body), **clock}
            assert verdict(schemes["standard-webhooks"], vector), name


def test_the_documents_ship_with_the_package():
    assert resources.files("spec").joinpath("vectors", "signatures.json").is_file()
