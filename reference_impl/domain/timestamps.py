"""Moments that a client gives (RFC 3339, with any offset)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def in_utc(text: str) -> datetime:
    """The moment in UTC; what lies beyond the calendar is its end. The schema has judged the text."""
    moment = datetime.fromisoformat(text.upper())
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return LATEST if (moment.utcoffset() or timedelta()) < timedelta() else EARLIEST
