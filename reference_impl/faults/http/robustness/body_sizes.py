"""Ways to get the size of bodies wrong."""

from __future__ import annotations

from reference_impl.faults import fault
from reference_impl.gateway.bodies import LIMIT, Bodies


@fault("ROB-PAYLOAD-LIMIT")
class OnlyAnnouncedLengthsCount(Bodies):
    """A body that comes in chunks is never too large."""

    def exceeds(self, content):
        return False


@fault("ROB-PAYLOAD-LIMIT-EXACT")
class TheLargestIsTooLarge(Bodies):
    """A body of just the size that is the limit is refused."""

    def exceeds(self, content):
        return len(content) >= LIMIT


@fault("ROB-PAYLOAD-LIMIT-EXACT")
class WhiteSpaceIsFree(Bodies):
    """The limit is held against what is left of a body without the white space around it."""

    def exceeds(self, content):
        return super().exceeds(content.strip())
