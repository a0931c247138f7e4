"""What the description of a scheme says about a vector, worked out without the suite's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MEMBER = re.compile(r'(\w+)=\((.*?)\)((?:;\w+=(?:"[^"]*"|[\w.]+))*)(?:, ?|$)')
SIGNATURE = re.compile(r"(\w+)=:([A-Za-z0-9+/]+=*):(?:, ?|$)")
DIGEST = re.compile(r"([a-z0-9-]+)=:([A-Za-z0-9+/]+=*):(?:, ?|$)")


def verdict(scheme, vector):
    """Whether the delivery is to be accepted."""
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    judge = message_verdict if "components" in scheme else header_verdict
    return judge(scheme, vector, headers)


def decoded(text, encoding):
    decode = {"text": str.encode, "hex": bytes.fromhex, "base64": lambda t: base64.b64decode(t, validate=True)}
    return decode[encoding](text)


def proven(scheme, vector, content, signature):
    """Whether these bytes are the signature of these."""
    secret = scheme["secret"]
    key = decoded(vector["secret"].removeprefix(secret.get("prefix", "")), secret["encoding"])
    if scheme["algorithm"] != "ed25519":
        return hmac.digest(key, content, scheme["algorithm"].removeprefix("hmac-")) == signature
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def fresh(scheme, vector, timestamp):
    return timestamp.isdecimal() and abs(vector["now"] - int(timestamp)) <= scheme["tolerance"]


def entries(part, headers):
    """The values of a part of a scheme that the headers hold."""
    value = headers.get(part["header"].lower())
    found = [] if value is None else value.split(part["separator"]) if "separator" in part else [value]
    prefix = part.get("prefix", "")
    return [entry.removeprefix(prefix) for entry in found if entry.startswith(prefix)]


def header_verdict(scheme, vector, headers):
    found = {part: entries(scheme[part], headers) for part in ("id", "timestamp") if part in scheme}
    if any(len(values) != 1 for values in found.values()):
        return False
    values = {part: value for part, [value] in found.items()}
    if "tolerance" in scheme and not fresh(scheme, vector, values["timestamp"]):
        return False
    before, after = (side.format(**values).encode() for side in scheme["content"].split("{body}"))
    content = before + base64.b64decode(vector["body_base64"]) + after
    encoding = scheme["signature"]["encoding"]
    return any(
        proven(scheme, vector, content, each) for each in readable(entries(scheme["signature"], headers), encoding)
    )


def readable(texts, encoding):
    for text in texts:
        try:
            yield decoded(text, encoding)
        except ValueError:
            continue


def message_verdict(scheme, vector, headers):
    """RFC 9421 §3.2, for components without parameters."""
    given = dict(SIGNATURE.findall(headers.get("signature", "")))
    asked = MEMBER.findall(headers.get("signature-input", ""))
    return digested(vector, headers) and any(
        label in given and signed(scheme, vector, headers, components, parameters, base64.b64decode(given[label]))
        for label, components, parameters in asked
    )


def digested(vector, headers):
    body = base64.b64decode(vector["body_base64"])
    given = {name: base64.b64decode(value) for name, value in DIGEST.findall(headers.get("content-digest", ""))}
    known = {"sha-256": hashlib.sha256(body).digest(), "sha-512": hashlib.sha512(body).digest()}
    return bool(given.keys() & known) and all(given[name] == known[name] for name in given.keys() & known)


def signed(scheme, vector, headers, components, written, signature):
    names = re.findall(r'"([^"]*)"', components)
    parameters = dict(part.split("=", 1) for part in written.split(";")[1:])
    texts = {"alg": f'"{scheme["algorithm"]}"', "keyid": f'"{vector["keyid"]}"'}
    derived = {"@method": vector["method"], "@target-uri": vector["url"]}
    values = [derived.get(name, headers.get(name)) for name in names]
    lines = [f'"{name}": {value}' for name, value in zip(names, values, strict=True)]
    inner = " ".join(f'"{name}"' for name in names)
    content = "\n".join([*lines, f'"@signature-params": ({inner}){written}']).encode()
    return (
        parameters.keys() >= set(scheme["parameters"])
        and all(parameters[name] == text for name, text in texts.items() if name in parameters)
        and set(names) >= set(scheme["components"])
        and len(set(names)) == len(names)
        and None not in values
        and fresh(scheme, vector, parameters["created"])
        and vector["now"] <= int(parameters.get("expires", vector["now"]))
        and proven(scheme, vector, content, signature)
    )
