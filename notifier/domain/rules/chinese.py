"""Days of the Chinese lunisolar calendar.

Its months begin on the day of the new moon in China's zone; a month without a principal solar term is a leap month,
and has the number of the month before it. lunar-python reckons it. A year is known here by the Gregorian one in which
it begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import ClassVar

from notifier.domain.errors import ImpossibleDayError
from notifier.domain.rules import CalendarSystem, RuleDay
from notifier.domain.rules.yearly import Month, kept_between

LAST = 0
"""Stands for the last day of a month, the 29th or 30th."""

FIRST_YEAR, LAST_YEAR = 1645, 2100
"""From the reform that made the rules of today, as far as the tables that observatories publish."""

TABLE_ENDS = date(2101, 1, 29)
"""The first day of the year 2101."""

_NOON_TO_ORDINAL = 1721425
"""lunar-python gives the noon of a month's first day as a Julian day."""


@dataclass(frozen=True, slots=True)
class ChineseDay:
    """The same day and month of every Chinese year, such as the 15th of the seventh month.

    A day of a leap month (`leap`) is kept in the plain month of that number in years without it, as birthdays and days
    of death mostly are. A 30th in a year whose month has 29 days is kept on the 29th, as New Year's Eve is.

    Raises ImpossibleDayError for a day no year has.
    """

    month: int
    day: int
    leap: bool = False

    estimated: ClassVar[bool] = False
    system: ClassVar[CalendarSystem] = CalendarSystem.CHINESE
    table_ends: ClassVar[date | None] = TABLE_ENDS

    def __post_init__(self) -> None:
        """Refuse the 31st of a month, and month 13."""
        days = 30 if 1 <= self.month <= 12 else 0
        if not (days and LAST <= self.day <= days):
            raise ImpossibleDayError(rule=str(self), month=self._month_name, days=days)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first; none before 1645 and from 2101."""
        years = range(max(FIRST_YEAR, start.year - 1), min(LAST_YEAR, end.year) + 1)
        return kept_between(self._in_year, years, start, end)

    def _in_year(self, year: int) -> date | None:
        months = _months(year)
        month = months.get((self.month, self.leap)) or months[self.month, False]
        return month.day(month.days if self.day == LAST else min(self.day, month.days))

    @property
    def _month_name(self) -> str:
        return f"{'leap ' if self.leap else ''}month {self.month}"

    def __str__(self) -> str:
        """Return the rule as it is written: `15 month 7 Chinese`, or `last day of month 12 Chinese`."""
        day = "last day of" if self.day == LAST else str(self.day)
        return f"{day} {self._month_name} Chinese"


def year_of(day: date) -> int:
    """Return the Gregorian year in which the Chinese year of a Gregorian day began.

    Beyond the table, years turn on 4 February.
    """
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        turn = _months(day.year)[1, False].first
    else:
        turn = date(day.year, 2, 4).toordinal()
    return day.year if day.toordinal() >= turn else day.year - 1


def day_in(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """Return the Gregorian date of a Chinese one; None for a day that this very year has not, or beyond the table."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    found = _months(year).get((month, leap))
    return found.day(day) if found is not None and 1 <= day <= found.days else None


@lru_cache(maxsize=512)
def _months(year: int) -> Mapping[tuple[int, bool], Month]:
    """Return the months of a year by their number and whether they are leap months."""
    from lunar_python import LunarYear

    return {
        (abs(month.getMonth()), month.isLeap()): Month(
            round(month.getFirstJulianDay()) - _NOON_TO_ORDINAL, month.getDayCount()
        )
        for month in LunarYear(year).getMonthsInYear()
    }
