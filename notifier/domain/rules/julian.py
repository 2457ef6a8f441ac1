"""Days of the Julian calendar (Old Style), whose every fourth year is a leap year. convertdate turns them into ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from notifier.domain.errors import ImpossibleDayError
from notifier.domain.rules import CalendarSystem, RuleDay
from notifier.domain.rules.gregorian import MONTHS, LeapDay
from notifier.domain.rules.yearly import day_at, kept_between, ordinal_of

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class JulianDay:
    """The same day and month of every Julian year, such as 25 December: 7 January from 1901 to 2100.

    Raises ImpossibleDayError for a day no year has. `leap_day` matters for 29 February alone, and names Julian days.
    """

    month: int
    day: int
    leap_day: LeapDay = LeapDay.FEBRUARY_28

    estimated: ClassVar[bool] = False
    system: ClassVar[CalendarSystem] = CalendarSystem.JULIAN
    table_ends: ClassVar[date | None] = None

    def __post_init__(self) -> None:
        """Refuse 31 April, and 30 February."""
        days = _DAYS[self.month - 1]
        if not 1 <= self.day <= days:
            raise ImpossibleDayError(rule=str(self), month=MONTHS[self.month - 1], days=days)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first; years are Julian ones."""
        return kept_between(self._in_year, range(start.year - 1, end.year + 1), start, end)

    def _in_year(self, year: int) -> date | None:
        if (self.month, self.day) != (2, 29) or year % 4 == 0:
            return _gregorian(year, self.month, self.day)
        if self.leap_day is LeapDay.LEAP_YEARS_ONLY:
            return None
        return _gregorian(year, 2, 28) if self.leap_day is LeapDay.FEBRUARY_28 else _gregorian(year, 3, 1)

    def __str__(self) -> str:
        """Return the rule as it is written: `7 January Julian`."""
        return f"{self.day} {MONTHS[self.month - 1]} Julian"


def year_of(day: date) -> int:
    """Return the Julian year in which a Gregorian day lies; the year before 1 is 0."""
    from convertdate import julian

    year: int = julian.from_gregorian(day.year, day.month, day.day)[0]
    return year


def day_in(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian date of a Julian one; None for a day that this very year has not, or Python no date for."""
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1] or ((month, day) == (2, 29) and year % 4):
        return None
    return _gregorian(year, month, day)


def _gregorian(year: int, month: int, day: int) -> date | None:
    from convertdate import julian

    return day_at(ordinal_of(julian.to_jd(year, month, day)))
