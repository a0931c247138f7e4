"""What is left of a quota, as answers announce it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.errors import UntestableError

if TYPE_CHECKING:
    from conformance.http.messages import Reply

# RateLimit of draft-ietf-httpapi-ratelimit-headers, and the number of its earlier versions.
REMAINING = re.compile(r"(?:.*;\s*r=|\s*)(\d+)")
QUOTA_FIELDS = ("RateLimit", "RateLimit-Remaining", "X-RateLimit-Remaining")


def remaining(reply: Reply) -> int:
    """The quota that is left after this reply, in requests. Raises UntestableError if the reply does not say it."""
    fields = (REMAINING.match(reply.header(name)) for name in QUOTA_FIELDS)
    found = next((field for field in fields if field), None)
    if found is None:
        raise UntestableError(f"{reply.request.operation} declares a quota, and its answer does not say what is left.")
    return int(found[1])
