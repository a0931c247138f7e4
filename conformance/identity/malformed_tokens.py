"""Malformed bearer tokens, and `kid` values that no issuer uses."""

from __future__ import annotations

import json

from conformance.identity.compact_jwt import base64url

HEADER = base64url(b'{"alg":"RS256","typ":"at+jwt"}')
ENCRYPTED = base64url(b'{"alg":"dir","enc":"A256GCM"}')
CLAIMS = base64url(b'{"sub":"somebody"}')
DEPTH = 10_000


def with_jose_header(header: bytes) -> str:
    """A token of three parts whose first one encodes these bytes."""
    return f"{base64url(header)}.{CLAIMS}.AAAA"


MALFORMED = {
    "word": "not-a-token",
    "two-parts": f"{HEADER}.{CLAIMS}",
    "four-parts": f"{HEADER}.{CLAIMS}.AAAA.AAAA",
    "encrypted": f"{ENCRYPTED}..AAAA.AAAA.AAAA",
    "dots": "..",
    "incomplete": "A.A.A",
    "no-base64": "~~~.+++.---",
    "padded": f"{HEADER}==.{CLAIMS}==.AAA=",
    "no-json": with_jose_header(b"{"),
    "no-utf8": with_jose_header(bytes([255, 254])),
    "header-list": with_jose_header(b"[]"),
    "claims-list": f"{HEADER}.{base64url(b'[]')}.AAAA",
    "header-null": with_jose_header(b"null"),
    "alg-number": with_jose_header(b'{"alg":1}'),
    "alg-list": with_jose_header(b'{"alg":["RS256"]}'),
    "deep": with_jose_header(b"[" * DEPTH + b"]" * DEPTH),
    "long": "A" * 16_384,
    "control": "not\x00a\x01token",
    "latin": "\xe9\xff",
    "space": "two words",
}

UNKNOWN_KIDS = {
    "unknown": "0123456789abcdef",
    "empty": "",
    "number": 7,
    "null": None,
    "list": ["0123456789abcdef"],
    "long": "k" * 8192,
    "control": json.loads('"\\u0000\\ud800"'),
}
