"""The Content-Digest field (RFC 9530) and its comparison with a body."""

from __future__ import annotations

import hashlib
from typing import Any

import http_sf

ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}  # "Active" in the registry of RFC 9530 §7.2


def matches(field: str, body: bytes) -> bool:
    """Whether the field holds a digest by a secure algorithm, and every such digest is that of these bytes."""
    given = {name: digest for name, digest in digests(field).items() if name in ALGORITHMS}
    return bool(given) and all(ALGORITHMS[name](body).digest() == digest for name, digest in given.items())


def digests(field: str) -> dict[str, object]:
    """The digests in a field, by algorithm; empty if the field is malformed."""
    return {name: value for name, (value, _) in members(field).items()}


def members(field: str) -> dict[str, Any]:
    """The members of a structured field that is a Dictionary (RFC 9651 §3.2), by key; empty if it is malformed."""
    try:
        parsed = http_sf.parse(field.encode(), tltype="dictionary")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
