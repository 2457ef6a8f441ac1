"""Dates: how they are written, and steps that end where dates do, in the years 1 and 9999."""

from __future__ import annotations

import re
from datetime import date, timedelta

from notifier.domain.errors import DayError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_day(text: str) -> date:
    """Read a full date of ISO 8601 in its extended form (RFC 3339 §5.6): 2027-01-20. Raises DayError."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise DayError(text=text) from error
    raise DayError(text=text)


def days_after(day: date, days: int) -> date:
    """Return the date so many days after `day`, or the first or last date of all where it would lie beyond."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
