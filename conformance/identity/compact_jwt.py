"""JWTs in compact serialisation (RFC 7515, section 7.1): parts encoded, signed, and read without verification."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from jwt.algorithms import get_default_algorithms

if TYPE_CHECKING:
    from collections.abc import Mapping

ABSENT = object()  # in the place of a value: the member is left out


def base64url(content: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(part: str) -> bytes:
    """The bytes of a part. Raises ValueError if it is no Base64url."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def json_part(members: Mapping[str, Any]) -> str:
    """A JSON object as a part of a token, without the members that are ABSENT."""
    kept = {name: value for name, value in members.items() if value is not ABSENT}
    return base64url(json.dumps(kept, separators=(",", ":")).encode())


def signed_jwt(signing_input: str, algorithm: str, key: Any) -> str:
    """The signing input (`header.payload`) with its signature; `key` is a private key, or the bytes of an HMAC key."""
    signature: bytes = get_default_algorithms()[algorithm].sign(signing_input.encode(), key)
    return f"{signing_input}.{base64url(signature)}"


def unverified_header(token: str) -> dict[str, Any]:
    """The header of a JWT; empty if the token is none."""
    return _object(token, 0)


def unverified_claims(token: str) -> dict[str, Any]:
    """The claims of a JWT; empty if the token is none."""
    return _object(token, 1)


def _object(token: str, index: int) -> dict[str, Any]:
    try:
        return dict(json.loads(from_base64url(token.split(".")[index])))
    except (ValueError, TypeError, IndexError):
        return {}
