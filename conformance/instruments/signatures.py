"""Verifying signed deliveries by the scheme that the contract describes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.signatures import Field, SignatureScheme

DIGESTS = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}


@dataclass(frozen=True)
class Signatures:
    """The parts of a scheme at work on the headers (lower-case names) and the raw body of a delivery."""

    scheme: SignatureScheme

    def verifies(self, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
        """At least one entry is the signature of exactly these bytes with this secret."""
        return self.matches(secret, headers, self.content(headers, body))

    def matches(self, secret: str, headers: Mapping[str, str], content: bytes) -> bool:
        """At least one entry is the signature of this content."""
        expected = hmac.new(self.key(secret), content, DIGESTS[self.scheme.algorithm]).digest()
        return any(hmac.compare_digest(expected, entry) for entry in self.entries(headers))

    def content(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """The bytes that are signed."""
        identifier, timestamp = self.id(headers).encode(), self.timestamp(headers).encode()
        before, _, after = self.scheme.content.encode().partition(b"{body}")
        filled = [part.replace(b"{id}", identifier).replace(b"{timestamp}", timestamp) for part in (before, after)]
        return filled[0] + (body if "{body}" in self.scheme.content else b"") + filled[1]

    def key(self, secret: str) -> bytes:
        text = secret.removeprefix(self.scheme.secret_prefix)
        if self.scheme.secret_encoding == "base64":
            return base64.b64decode(text)
        return bytes.fromhex(text) if self.scheme.secret_encoding == "hex" else text.encode()

    def id(self, headers: Mapping[str, str]) -> str:
        return next(iter(_values(self.scheme.id, headers)), "")

    def timestamp(self, headers: Mapping[str, str]) -> str:
        return next(iter(_values(self.scheme.timestamp, headers)), "")

    def entries(self, headers: Mapping[str, str]) -> list[bytes]:
        """The decoded signatures that the delivery carries; undecodable ones are left out."""
        decoded = (_decoded(value, self.scheme.signature.encoding) for value in _values(self.scheme.signature, headers))
        return [entry for entry in decoded if entry is not None]


def _values(field: Field | None, headers: Mapping[str, str]) -> list[str]:
    if field is None:
        return []
    text = headers.get(field.header.lower(), "")
    parts = text.split(field.separator) if field.separator else [text]
    return [part.removeprefix(field.prefix) for part in parts if part and part.startswith(field.prefix)]


def _decoded(value: str, encoding: str) -> bytes | None:
    try:
        return bytes.fromhex(value) if encoding == "hex" else base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return None
