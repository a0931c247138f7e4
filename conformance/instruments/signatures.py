"""Verifying signed deliveries by the scheme that the contract describes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.signatures import Field, SignatureScheme

DIGESTS = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}
ENCODINGS = ("base64", "hex")  # in which a secret is more than its text
KEY_SIZES = range(24, 65)  # bytes, as Standard Webhooks has them


@dataclass(frozen=True)
class Signatures:
    """The parts of a scheme at work on the headers (lower-case names) and the raw body of a delivery."""

    scheme: SignatureScheme

    def accepts(self, secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
        """What a careful receiver decides at this moment (seconds since the epoch)."""
        return self.complete(headers) and self.fresh(headers, now) and self.verifies(secret, headers, body)

    def verifies(self, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
        """At least one entry is the signature of exactly these bytes with this secret."""
        return self.matches(secret, headers, self.content(headers, body))

    def matches(self, secret: str, headers: Mapping[str, str], content: bytes) -> bool:
        """At least one entry is the signature of this content."""
        key = self.key(secret)
        if key is None:
            return False
        expected = hmac.new(key, content, DIGESTS[self.scheme.algorithm]).digest()
        return any(hmac.compare_digest(expected, entry) for entry in self.entries(headers))

    def content(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """The bytes that are signed."""
        return self._filled(self.scheme.content, headers, body)

    def lesser_contents(self, headers: Mapping[str, str], body: bytes) -> list[bytes]:
        """What would have been signed without the id, without the timestamp, or without both."""
        whole = self.scheme.content
        parts = [part for part in ("{id}", "{timestamp}") if part in whole]
        lesser = [_without(whole, part) for part in parts] + ["{body}"]
        return [self._filled(template, headers, body) for template in lesser if template != whole]

    def key(self, secret: str) -> bytes | None:
        """The key that a secret stands for; None if it is not written as the scheme says."""
        if not secret.startswith(self.scheme.secret_prefix):
            return None
        return _decoded(secret.removeprefix(self.scheme.secret_prefix), self.scheme.secret_encoding)

    def sufficient(self, secret: str) -> bool:
        """The secret is written as the scheme says and, where it encodes bytes, holds 24 to 64 of them."""
        key = self.key(secret)
        return bool(key) and (self.scheme.secret_encoding not in ENCODINGS or len(key or b"") in KEY_SIZES)

    def same(self, headers: Mapping[str, str], others: Mapping[str, str]) -> bool:
        """Two deliveries bear one id."""
        return self.id(headers) == self.id(others)

    def id(self, headers: Mapping[str, str]) -> str:
        return next(iter(_values(self.scheme.id, headers)), "")

    def timestamp(self, headers: Mapping[str, str]) -> str:
        return next(iter(_values(self.scheme.timestamp, headers)), "")

    def fresh(self, headers: Mapping[str, str], now: float, *, margin: float = 0.0) -> bool:
        """The timestamp, if the scheme has one, is in whole seconds and tolerable, by `margin` seconds at least."""
        if self.scheme.timestamp is None:
            return True
        written = self.timestamp(headers)
        seconds = re.fullmatch("[0-9]{1,12}", written) is not None
        return seconds and abs(now - int(written)) <= self.scheme.tolerance - margin

    def complete(self, headers: Mapping[str, str]) -> bool:
        """Id and timestamp are there, as far as the scheme has them, once each."""
        fields = [field for field in (self.scheme.id, self.scheme.timestamp) if field is not None]
        return all(len(_values(field, headers)) == 1 for field in fields)

    def wellformed(self, headers: Mapping[str, str]) -> bool:
        """All parts are there, and each signature is a digest of the right size in the declared encoding."""
        values = _values(self.scheme.signature, headers)
        size = DIGESTS[self.scheme.algorithm]().digest_size
        sizes = [len(_decoded(value, self.scheme.signature.encoding) or b"") for value in values]
        return self.complete(headers) and bool(values) and all(found == size for found in sizes)

    @property
    def headers(self) -> frozenset[str]:
        """The header fields (lower case) in which the scheme puts something."""
        fields = (self.scheme.id, self.scheme.timestamp, self.scheme.signature)
        return frozenset(field.header.lower() for field in fields if field is not None)

    def entries(self, headers: Mapping[str, str]) -> list[bytes]:
        """The decoded signatures that the delivery carries; undecodable ones are left out."""
        decoded = (_decoded(value, self.scheme.signature.encoding) for value in _values(self.scheme.signature, headers))
        return [entry for entry in decoded if entry is not None]

    def _filled(self, template: str, headers: Mapping[str, str], body: bytes) -> bytes:
        identifier, timestamp = self.id(headers).encode(), self.timestamp(headers).encode()
        before, placeholder, after = template.encode().partition(b"{body}")
        filled = [part.replace(b"{id}", identifier).replace(b"{timestamp}", timestamp) for part in (before, after)]
        return filled[0] + (body if placeholder else b"") + filled[1]


def _without(template: str, part: str) -> str:
    """The template without a part and the separator after it."""
    return re.sub(re.escape(part) + r"[^{]?", "", template)


def _values(field: Field | None, headers: Mapping[str, str]) -> list[str]:
    if field is None:
        return []
    text = headers.get(field.header.lower(), "")
    parts = text.split(field.separator) if field.separator else [text]
    return [part.removeprefix(field.prefix) for part in parts if part and part.startswith(field.prefix)]


def _decoded(value: str, encoding: str) -> bytes | None:
    if encoding == "text":
        return value.encode()
    try:
        return bytes.fromhex(value) if encoding == "hex" else base64.b64decode(value, validate=True)
    except ValueError:
        return None
