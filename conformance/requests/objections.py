"""What a server said against a request, and who is to act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.http.messages import Reply

TOLD = ("detail", "message", "title", "error_description", "error", "errors", "description", "reason", "msg")
LONGEST = 200  # characters that are repeated
DEEPEST = 3  # values within each other that are looked into
VALUES = {400, 409, 422}


def objection(reply: Reply) -> str:
    """What the server objected to, as the end of a sentence, and what would mend it; empty if it says nothing."""
    told = " ".join(next(_texts(reply.json, 0), "").split())[:LONGEST].rstrip(".")
    said = f"; it says “{told}”" if told else ""
    if reply.status not in VALUES:
        return said
    where = reply.request.operation
    return (
        f"{said}. If the values are the trouble: give the request of {where} an `example` that can be accepted again "
        "and again, or a link from the operation whose reply holds the value that is wanted"
    )


def blamed(reply: Reply) -> str:
    """Who has to act: refused credentials and values are to be mended in what was given to the suite."""
    return "configuration" if reply.status in {401, 403, *VALUES} else "target"


def _texts(value: Any, depth: int) -> Iterator[str]:
    """The texts under the names by which errors are told, the most telling first."""
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, list) and depth < DEEPEST:
        for item in value[:3]:
            yield from _texts(item, depth + 1)
    elif isinstance(value, dict) and depth < DEEPEST:
        for name in TOLD:
            yield from _texts(value.get(name), depth + 1)
