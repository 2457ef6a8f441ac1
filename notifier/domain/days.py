"""Dates: how they are written, and steps that end where dates do, in the years 1 and 9999."""

from __future__ import annotations

import re
from datetime import date, timedelta

from notifier.domain.errors import DayError, NotifierError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

FIRST_TOLD, LAST_TOLD = date(1900, 1, 1), date(2200, 12, 31)
"""The dates on which messages are foretold and explained."""


class FarDayError(NotifierError):
    """A date on which nobody was, or will be, written to."""

    wrong_use = True
    sentence = "no message is of {day}; use a date from {first} through {last}"


def parse_day(text: str) -> date:
    """Read a full date of ISO 8601 in its extended form (RFC 3339 §5.6): 2027-01-20. Raises DayError."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise DayError(text=text) from error
    raise DayError(text=text)


def parse_told_day(text: str) -> date:
    """Read the date of a message, as `parse_day` does. Raises FarDayError for one on which there are none."""
    day = parse_day(text)
    if not FIRST_TOLD <= day <= LAST_TOLD:
        raise FarDayError(day=text, first=FIRST_TOLD, last=LAST_TOLD)
    return day


def days_after(day: date, days: int) -> date:
    """Return the date so many days after `day`, or the first or last date of all where it would lie beyond."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
