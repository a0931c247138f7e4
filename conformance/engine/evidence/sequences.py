"""Whether a request makes sense by itself, or only after others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.http.guard import SAFE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.http.client import Record
    from conformance.http.messages import Request

IDENTIFIER = re.compile(r"[\w.~+/-]{12,}")  # ids, tokens, codes
MANY = 3  # requests to one operation, after which it may count them
KEY = "Idempotency-Key"


def follows(record: Record, earlier: Sequence[Record]) -> bool:
    """The request takes something from the answers to earlier ones, repeats one, or is one more of many."""
    request = record.request
    alike = [known for known in earlier if known.request.operation == request.operation and request.operation]
    return (
        bool(_introduced(earlier) & _identifiers(_text(request)))
        or len(alike) > MANY
        or any(_changed_before(request, known.request) for known in earlier)
    )


def _changed_before(request: Request, earlier: Request) -> bool:
    """The earlier request was about the same object, or bore the same key."""
    if request.header(KEY) and request.header(KEY) == earlier.header(KEY):
        return True
    return bool(request.parameters) and request.path == earlier.path and earlier.method not in SAFE


def _introduced(records: Iterable[Record]) -> set[str]:
    """The identifiers in answers that were not in what they answer."""
    found: set[str] = set()
    for record in records:
        if record.reply is not None:
            found |= _identifiers(record.reply.full_text) - _identifiers(_text(record.request))
    return found


def _identifiers(text: str) -> set[str]:
    return {each for each in IDENTIFIER.findall(text) if any(char.isdigit() for char in each)}


def _text(request: Request) -> str:
    fields = (value for name, value in request.headers if name.lower() != "accept")
    return "\n".join([request.path, *fields, (request.body or b"").decode("utf-8", "replace")])
