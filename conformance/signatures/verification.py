"""Verifying signed deliveries by the scheme that the contract declares (x-signature)."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from conformance.signatures.header_scheme import HeaderScheme
from conformance.signatures.message_scheme import MessageScheme
from conformance.signatures.registered_keys import decoded, verifies

if TYPE_CHECKING:
    from conformance.contract.signature_scheme import SignatureScheme
    from conformance.signatures.registered_keys import KeyHolder
    from conformance.signatures.signed_message import SignatureEntry, SignedMessage

ENCODINGS = ("base64", "hex")  # of secrets that encode bytes
KEY_SIZES = range(24, 65)  # bytes, as Standard Webhooks has them
PUBLIC_KEY_SIZES = range(32, 33)


class SchemeReader(Protocol):
    """Reads the parts of one scheme from deliveries."""

    @property
    def headers(self) -> frozenset[str]: ...
    def entries(self, delivery: SignedMessage) -> list[SignatureEntry]: ...
    def id(self, delivery: SignedMessage) -> str: ...
    def timestamps(self, delivery: SignedMessage) -> list[str]: ...
    def complete(self, delivery: SignedMessage) -> bool: ...
    def well_formed(self, delivery: SignedMessage) -> bool: ...


@dataclass(frozen=True)
class Signatures:
    """Verifies deliveries by one signature scheme."""

    scheme: SignatureScheme

    @property
    def reader(self) -> SchemeReader:
        return MessageScheme(self.scheme) if self.scheme.components else HeaderScheme(self.scheme)

    def accepts(self, keys: KeyHolder, delivery: SignedMessage, *, now: float) -> bool:
        """Whether a careful receiver accepts the delivery at this time (seconds since the epoch)."""
        valid = (entry for entry in self.entries(delivery) if self._proves(keys, entry, entry.content))
        return self.reader.complete(delivery) and any(self._current(entry, now) for entry in valid)

    def verifies(self, keys: KeyHolder, delivery: SignedMessage) -> bool:
        """Whether at least one signature is that of all that the scheme signs, at whatever time."""
        return any(self._proves(keys, entry, entry.content) for entry in self.entries(delivery))

    def verifies_partial_content(self, keys: KeyHolder, delivery: SignedMessage) -> bool:
        """Whether some signature is that of less than the scheme signs."""
        return any(
            self._proves(keys, entry, less) for entry in self.entries(delivery) for less in entry.partial_contents
        )

    def new_secret(self) -> str:
        """A secret in the form of the scheme, for a target that lets its subscribers choose."""
        fresh = secrets.token_bytes(32)
        encodings = {"base64": base64.b64encode(fresh).decode(), "hex": fresh.hex()}
        return self.scheme.secret_prefix + encodings.get(self.scheme.secret_encoding, fresh.hex())

    def key(self, text: str) -> bytes | None:
        """The bytes of a secret or a public key; None if its prefix or encoding is not that of the scheme."""
        if not text.startswith(self.scheme.secret_prefix):
            return None
        return decoded(text.removeprefix(self.scheme.secret_prefix), self.scheme.secret_encoding)

    def well_formed_key(self, text: str) -> bool:
        """Whether a secret has the form of the scheme and, if it encodes bytes, 24 to 64 of them (public key: 32)."""
        key, sizes = self.key(text), PUBLIC_KEY_SIZES if self.scheme.asymmetric else KEY_SIZES
        return bool(key) and (self.scheme.secret_encoding not in ENCODINGS or len(key or b"") in sizes)

    def same_id(self, delivery: SignedMessage, other: SignedMessage) -> bool:
        """Whether two deliveries have the same id."""
        return self.id(delivery) == self.id(other)

    def id(self, delivery: SignedMessage) -> str:
        return self.reader.id(delivery)

    def timestamp(self, delivery: SignedMessage) -> str:
        return next(iter(self.reader.timestamps(delivery)), "")

    def fresh(self, delivery: SignedMessage, now: float, *, margin: float = 0.0) -> bool:
        """Whether there are timestamps, each in whole seconds and within the tolerance less `margin` seconds.

        The margin is at most half of the tolerance.
        """
        written, margin = self.reader.timestamps(delivery), min(margin, self.scheme.tolerance / 2)
        return bool(written) and all(self._tolerable(text, now, margin) for text in written)

    def well_formed(self, delivery: SignedMessage) -> bool:
        """Whether all parts are there in the declared form, and signatures have the size of the algorithm."""
        return self.reader.well_formed(delivery)

    @property
    def headers(self) -> frozenset[str]:
        """The names (lower case) of the fields that a delivery must have once only."""
        return self.reader.headers

    def entries(self, delivery: SignedMessage) -> list[SignatureEntry]:
        """The signatures of the delivery; those that cannot be decoded are left out."""
        return self.reader.entries(delivery)

    def _proves(self, keys: KeyHolder, entry: SignatureEntry, content: bytes | None) -> bool:
        key = self.key(keys.public_key if self.scheme.asymmetric else keys.secret)
        if key is None or content is None or (entry.keyid and keys.keyid and entry.keyid != keys.keyid):
            return False
        return verifies(self.scheme.algorithm, key, content, entry.value)

    def _current(self, entry: SignatureEntry, now: float) -> bool:
        tolerable = not self.scheme.timed or self._tolerable(entry.timestamp, now)
        return tolerable and (entry.expires is None or now <= entry.expires)

    def _tolerable(self, written: str, now: float, margin: float = 0.0) -> bool:
        if re.fullmatch("[0-9]{1,12}", written) is None:
            return False
        return not self.scheme.tolerance or abs(now - int(written)) <= self.scheme.tolerance - margin
