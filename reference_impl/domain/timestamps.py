"""Moments that a client gives (RFC 3339, with any offset)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

LEAP_SECOND = re.compile(r"(?<=:[0-9]{2}):60")
EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def in_utc(text: str) -> datetime:
    """The moment in UTC; what lies beyond the calendar is its end. The schema has judged the text.

    A leap second is the one after it, which no clock here counts apart (RFC 3339, section 5.7).
    """
    leap = LEAP_SECOND.search(text)
    try:
        moment = datetime.fromisoformat((LEAP_SECOND.sub(":59", text) if leap else text).upper())
    except ValueError:  # the year 0000, which RFC 3339 has and this calendar has not
        return EARLIEST
    try:
        return moment.astimezone(UTC) + timedelta(seconds=1 if leap else 0)
    except OverflowError:
        return EARLIEST if moment.year == EARLIEST.year else LATEST
