"""Whether identifiers can be predicted from earlier ones (OWASP API1:2023)."""

from __future__ import annotations

import re
from itertools import pairwise

SMALL_STEP = 64  # a counter may be shared with other users, who create objects in between


def predictable(identifiers: list[str]) -> bool:
    """Most identifiers follow the one before in a small step upwards, as a counter does in any notation."""
    decimals = [re.fullmatch(r"\D*(\d+)", identifier) for identifier in identifiers]
    numbers = [int(found[1]) for found in decimals if found]
    if len(numbers) < len(identifiers):
        numbers = [int.from_bytes(identifier.encode()) for identifier in identifiers]
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return 2 * sum(0 < step <= SMALL_STEP for step in steps) > len(steps)
