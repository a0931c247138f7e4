"""Finding an Ed25519 private key in a text, in any of its usual encodings."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = (re.compile(r"[0-9A-Fa-f]{64,256}"), re.compile(r"[A-Za-z0-9+/]{42,256}"), re.compile(r"[A-Za-z0-9_-]{42,256}"))
SEED = 32  # bytes of an Ed25519 private key: raw, followed by the public key, or at the end of DER


def reveals_private_key(text: str, public_key: bytes | None) -> bool:
    """Whether the text holds, in hexadecimal or base64, the private key that belongs to this public key."""
    seeds = {content[at : at + SEED] for content in _decoded_words(text) for at in range(len(content) - SEED + 1)}
    return any(_public(seed) == public_key for seed in seeds)


def _decoded_words(text: str) -> Iterator[bytes]:
    """The bytes that the long words in a text encode, with and without a prefix such as `whsk_`."""
    plain = text.replace("\\n", "\n").replace("\\/", "/")  # as JSON writes the lines of a PEM file
    for word in {found for form in WORDS for found in form.findall(plain)}:
        for encoded in {word, word.partition("_")[2]}:
            yield from _decodings(encoded)


def _decodings(word: str) -> Iterator[bytes]:
    standard = word.replace("-", "+").replace("_", "/")
    with contextlib.suppress(binascii.Error):  # a length that no bytes have
        yield base64.b64decode(standard + "=" * (-len(word) % 4))
    if WORDS[0].fullmatch(word) and len(word) % 2 == 0:
        yield bytes.fromhex(word)


def _public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
