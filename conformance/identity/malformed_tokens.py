"""Texts in the place of a bearer token that are none, and key ids that nobody issues."""

from __future__ import annotations

import json

from conformance.identity.forged_tokens import encoded

HEADER = encoded(b'{"alg":"RS256","typ":"at+jwt"}')
ENCRYPTED = encoded(b'{"alg":"dir","enc":"A256GCM"}')
CLAIMS = encoded(b'{"sub":"somebody"}')
DEPTH = 10_000


def headed(header: bytes) -> str:
    """Three parts of which the first is this text."""
    return f"{encoded(header)}.{CLAIMS}.AAAA"


MALFORMED = {
    "word": "not-a-token",
    "two-parts": f"{HEADER}.{CLAIMS}",
    "four-parts": f"{HEADER}.{CLAIMS}.AAAA.AAAA",
    "encrypted": f"{ENCRYPTED}..AAAA.AAAA.AAAA",
    "dots": "..",
    "incomplete": "A.A.A",
    "no-base64": "~~~.+++.---",
    "padded": f"{HEADER}==.{CLAIMS}==.AAA=",
    "no-json": headed(b"{"),
    "no-utf8": headed(bytes([255, 254])),
    "header-list": headed(b"[]"),
    "claims-list": f"{HEADER}.{encoded(b'[]')}.AAAA",
    "header-null": headed(b"null"),
    "alg-number": headed(b'{"alg":1}'),
    "alg-list": headed(b'{"alg":["RS256"]}'),
    "deep": headed(b"[" * DEPTH + b"]" * DEPTH),
    "long": "A" * 16_384,
    "control": "not\x00a\x01token",
    "latin": "\xe9\xff",
    "space": "two words",
}

HOSTILE_KIDS = {
    "unknown": "0123456789abcdef",
    "empty": "",
    "number": 7,
    "null": None,
    "list": ["0123456789abcdef"],
    "long": "k" * 8192,
    "control": json.loads('"\\u0000\\ud800"'),
}
