"""The time, and how it is written."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """What time it is."""

    def seconds(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def timestamp(self) -> str:
        """The moment in UTC, RFC 3339 with milliseconds."""
        return self.timestamp_of(self.seconds())

    def timestamp_of(self, seconds: float) -> str:
        """A moment in seconds since the epoch, written."""
        return self.written(datetime.fromtimestamp(seconds, UTC))

    def written(self, moment: datetime) -> str:
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
