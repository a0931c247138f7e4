"""Key pairs of receivers (Ed25519), in the form that Standard Webhooks prescribes."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class KeyPairs:
    """Signs, and tells the public half of a private key."""

    def public_key(self, private_key: str) -> str:
        return "whpk_" + self.encode(self.public_bytes(self.key(private_key)))

    def public_bytes(self, key: Ed25519PrivateKey) -> bytes:
        return key.public_key().public_bytes_raw()

    def sign(self, private_key: str, content: bytes) -> str:
        """The base64 of the signature."""
        return self.encode(self.signature(self.key(private_key), content))

    def signature(self, key: Ed25519PrivateKey, content: bytes) -> bytes:
        return key.sign(content)

    def key(self, private_key: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(private_key.removeprefix("whsk_")))

    def encode(self, content: bytes) -> str:
        return base64.b64encode(content).decode()
