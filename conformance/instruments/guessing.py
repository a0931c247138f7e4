"""Can the next identifier be guessed from those before?"""

from __future__ import annotations

from itertools import pairwise
from os.path import commonprefix

SMALL = 64  # a counter may be shared with others, who make things in between


def predictable(identifiers: list[str]) -> bool:
    """Most steps from one identifier to the next are small and upwards, as those of a counter are in any notation."""
    prefix = commonprefix(identifiers)
    tails = [identifier.removeprefix(prefix) for identifier in identifiers]
    decimal = all(tail.isdecimal() for tail in tails if tail)
    numbers = [int(tail or 0) if decimal else int.from_bytes(tail.encode()) for tail in tails]
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return 2 * sum(0 <= step <= SMALL for step in steps) > len(steps)
