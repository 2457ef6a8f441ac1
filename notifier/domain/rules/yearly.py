"""What the calendars of other systems have in common: months that begin on a day, and one keeping a year at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from notifier.domain.rules import RuleDay

JULIAN_DAY_OF_ORDINAL_0 = 1721424.5
"""The astronomers' Julian day at the midnight that begins ordinal 0, the day before 1 January of the year 1."""

_LAST_ORDINAL = date.max.toordinal()


class Month(NamedTuple):
    """A month of one year: its first day as an ordinal of Python's `date`, which may lie outside its range."""

    first: int
    days: int

    def day(self, number: int) -> date | None:
        """Return the day of that number, counted from 1; None where Python has no date for it."""
        return day_at(self.first + number - 1)


def day_at(ordinal: int) -> date | None:
    """Return the day with this ordinal; None before the year 1 and after 9999."""
    return date.fromordinal(ordinal) if 1 <= ordinal <= _LAST_ORDINAL else None


def ordinal_of(julian_day: float) -> int:
    """Return the ordinal of the day on whose midnight a Julian day number falls."""
    return int(julian_day - JULIAN_DAY_OF_ORDINAL_0)


def kept_between(
    in_year: Callable[[int], date | None], years: Iterable[int], start: date, end: date
) -> Iterator[RuleDay]:
    """Yield the keepings whose day lies in [start, end), soonest first.

    `years` are the nominal years that may reach into the range, in order; a year in which `in_year` finds no day is
    left out.
    """
    for year in years:
        day = in_year(year)
        if day is not None and start <= day < end:
            yield RuleDay(year, day, day)
