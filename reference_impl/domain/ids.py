"""Identifiers, codes and secrets: random, never guessable."""

from __future__ import annotations

import base64
import re
import secrets
import string

BASE62 = string.digits + string.ascii_letters
ID_FORM = re.compile(r"[a-z]{3}_[0-9A-Za-z]{20}")


class Ids:
    """Identifiers of resources and events."""

    def new(self, prefix: str) -> str:
        """`prefix`, an underscore and 20 random characters (119 bits)."""
        return f"{prefix}_{random_base62(20)}"


class Codes:
    """Codes of links whose owner chose none."""

    def new(self) -> str:
        return random_base62(8)


class Secrets:
    """Signing secrets and private keys of receivers, in the form that Standard Webhooks prescribes."""

    size = 32  # bytes

    def new(self) -> str:
        return "whsec_" + self.encode(secrets.token_bytes(self.size))

    def private_key(self) -> str:
        """A private Ed25519 key: any 32 bytes will do (RFC 8032 §5.1.5)."""
        return "whsk_" + base64.b64encode(secrets.token_bytes(32)).decode()

    def encode(self, key: bytes) -> str:
        return base64.b64encode(key).decode()


def random_base62(length: int) -> str:
    return "".join(secrets.choice(BASE62) for _ in range(length))


def is_id(text: str) -> bool:
    """Whether the text could be an identifier at all."""
    return ID_FORM.fullmatch(text) is not None
