"""The keys of a registration: decoding their text, and verifying signatures with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DIGESTS = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}
ED25519_SIGNATURE = 64  # bytes


class KeyHolder(Protocol):
    """Anything that holds the keys of a receiver: shared secret, key id, public key; "" where there is none."""

    @property
    def secret(self) -> str: ...
    @property
    def keyid(self) -> str: ...
    @property
    def public_key(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of a receiver, as the target shows them; "" where there is none."""

    secret: str = ""
    keyid: str = ""
    public_key: str = ""


def verifies(algorithm: str, key: bytes, content: bytes, signature: bytes) -> bool:
    """Whether this is the signature of the content by this key: a shared one, or the public key of a pair."""
    if algorithm == "ed25519":
        return _verifies_ed25519(key, content, signature)
    return hmac.compare_digest(hmac.new(key, content, DIGESTS[algorithm]).digest(), signature)


def signature_size(algorithm: str) -> int:
    """The size of a signature by this algorithm (bytes)."""
    return ED25519_SIGNATURE if algorithm == "ed25519" else DIGESTS[algorithm]().digest_size


def decoded(value: str, encoding: str) -> bytes | None:
    """The bytes that a text encodes ("text", "hex" or "base64"); None if it is malformed."""
    if encoding == "text":
        return value.encode()
    try:
        return bytes.fromhex(value) if encoding == "hex" else base64.b64decode(value, validate=True)
    except ValueError:
        return None


def _verifies_ed25519(key: bytes, content: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
