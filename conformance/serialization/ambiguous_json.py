"""JSON on which parsers disagree, put in the place of a text in a valid body (RFC 8259)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import InapplicableError

if TYPE_CHECKING:
    from conformance.http.messages import Request

DEPTH = 10_000
DUPLICATE_VALUE = 98_765_432_101  # no text, so a schema that wants text forbids it


@dataclass(frozen=True)
class AmbiguousJson:
    """A JSON value in raw bytes, and the text that must be stored if it is accepted."""

    raw: bytes
    accepted_text: str | None = None

    def replacing_marker(self, request: Request) -> Request:
        """The request with this value instead of its marker. Raises InapplicableError if its body holds no marker."""
        marker = json.dumps(request.marker).encode()
        if not request.marker or marker not in (request.body or b""):
            raise InapplicableError(f"no member of the body of {request.operation} may hold any text")
        return request.with_body((request.body or b"").replace(marker, self.raw))


AMBIGUOUS_VALUES = {
    "deep-array": AmbiguousJson(b"[" * DEPTH + b"]" * DEPTH),
    "deep-object": AmbiguousJson(b'{"a":' * DEPTH + b"1" + b"}" * DEPTH),
    "overflowing-number": AmbiguousJson(b"1e400"),
    "long-number": AmbiguousJson(b"9" * 5000),
    "lone-surrogate": AmbiguousJson(b'"a\\ud800b"', "a\ud800b"),
    "nul": AmbiguousJson(b'"a\\u0000b"', "a\0b"),
    "raw-nul": AmbiguousJson(b'"a\x00b"'),
    "paired-surrogates": AmbiguousJson(b'"a\\ud83d\\ude00b"', "a\U0001f600b"),
}


def with_duplicate_member(request: Request) -> Request:
    """The request whose body repeats the name of the marked member, with a number as the second value.

    Raises InapplicableError if no top-level member holds the marker.
    """
    marker = json.dumps(request.marker).encode()
    body = request.json
    name = next((name for name, value in body.items() if value == request.marker), None)
    if name is None:
        raise InapplicableError(f"no member of the body of {request.operation} may hold a text of the suite's choice")
    member = b": ".join((json.dumps(name).encode(), marker))
    second = b"%b, %b: %d" % (member, json.dumps(name).encode(), DUPLICATE_VALUE)
    return request.with_body((request.body or b"").replace(member, second))
