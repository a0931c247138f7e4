"""Can the next identifier be guessed from those before?"""

from __future__ import annotations

import re
from itertools import pairwise

SMALL = 64  # a counter may be shared with others, who make things in between


def predictable(identifiers: list[str]) -> bool:
    """Most steps from one identifier to the next are small and upwards, as those of a counter are in any notation."""
    decimals = [re.fullmatch(r"\D*(\d+)", identifier) for identifier in identifiers]
    numbers = [int(found[1]) for found in decimals if found]
    if len(numbers) < len(identifiers):
        numbers = [int.from_bytes(identifier.encode()) for identifier in identifiers]
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return 2 * sum(0 <= step <= SMALL for step in steps) > len(steps)
