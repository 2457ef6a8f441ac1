"""Fixed days of the Gregorian calendar."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from notifier.domain.errors import ImpossibleDayError
from notifier.domain.rules import RuleDay

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_A_LEAP_YEAR = 2024


class LeapDay(StrEnum):
    """When 29 February is kept in a common year."""

    FEBRUARY_28 = "28 February"
    MARCH_1 = "1 March"
    LEAP_YEARS_ONLY = "leap years only"


@dataclass(frozen=True, slots=True)
class FixedDay:
    """The same day and month every year, such as 20 January.

    Raises ImpossibleDayError for a day no year has. `leap_day` matters for 29 February alone.
    """

    month: int
    day: int
    leap_day: LeapDay = LeapDay.FEBRUARY_28
    estimated: bool = False

    def __post_init__(self) -> None:
        """Refuse 31 April, and 30 February."""
        days = calendar.monthrange(_A_LEAP_YEAR, self.month)[1]
        if not 1 <= self.day <= days:
            raise ImpossibleDayError(rule=str(self), month=MONTHS[self.month - 1], days=days)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        for year in range(start.year, end.year + 1):
            day = self._in_year(year)
            if day is not None and start <= day < end:
                yield RuleDay(year, day, day)

    def _in_year(self, year: int) -> date | None:
        if (self.month, self.day) != (2, 29) or calendar.isleap(year):
            return date(year, self.month, self.day)
        if self.leap_day is LeapDay.LEAP_YEARS_ONLY:
            return None
        return date(year, 2, 28) if self.leap_day is LeapDay.FEBRUARY_28 else date(year, 3, 1)

    def __str__(self) -> str:
        """Return the rule as it is written: `20 January`."""
        return f"{self.day} {MONTHS[self.month - 1]}"
