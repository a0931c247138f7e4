"""Content-Digest (RFC 9530): what a sender says that the bytes of a body hash to."""

from __future__ import annotations

import hashlib
from typing import Any

import http_sf

ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}  # the others are unknown, or known to be broken


def matches(field: str, body: bytes) -> bool:
    """The field has a digest of these bytes by an algorithm that is fit for it, and no wrong one by another."""
    given = {name: digest for name, digest in digests(field).items() if name in ALGORITHMS}
    return bool(given) and all(ALGORITHMS[name](body).digest() == digest for name, digest in given.items())


def digests(field: str) -> dict[str, object]:
    """The digests in a field, by algorithm; none if it is not written as a dictionary."""
    return {name: value for name, (value, _) in members(field).items()}


def members(field: str) -> dict[str, Any]:
    """The values and parameters in a structured field of the type dictionary; none if it is something else."""
    try:
        parsed = http_sf.parse(field.encode(), tltype="dictionary")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
