"""Days of the Gregorian calendar: fixed ones, and weekdays counted within a month."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from notifier.domain.errors import ImpossibleDayError, ImpossibleWeekdayError
from notifier.domain.rules import CalendarSystem, RuleDay

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

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""In the order of `date.weekday`."""

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

LAST = -1
"""The ordinal of the last weekday of a month."""

_A_LEAP_YEAR = 2024
_MOST_IN_A_MONTH = 5


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

    system: ClassVar[CalendarSystem] = CalendarSystem.GREGORIAN
    table_ends: ClassVar[date | None] = None

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


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """A weekday counted within a month: the second Sunday of November, the last Monday of May.

    `nth` is 1 to 5, or LAST; `weekday` is 0 (Monday) to 6. A month without a fifth one has no such day that year.
    """

    nth: int
    weekday: int
    month: int

    estimated: ClassVar[bool] = False
    system: ClassVar[CalendarSystem] = CalendarSystem.GREGORIAN
    table_ends: ClassVar[date | None] = None

    def __post_init__(self) -> None:
        """Refuse the sixth Sunday of a month."""
        if self.nth != LAST and not 1 <= self.nth <= _MOST_IN_A_MONTH:
            raise ImpossibleWeekdayError(rule=str(self))

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        for year in range(start.year, end.year + 1):
            day = self._in_year(year)
            if day is not None and start <= day < end:
                yield RuleDay(year, day, day)

    def _in_year(self, year: int) -> date | None:
        first, days = calendar.monthrange(year, self.month)
        day = 1 + (self.weekday - first) % 7
        day += (days - day) // 7 * 7 if self.nth == LAST else 7 * (self.nth - 1)
        return date(year, self.month, day) if day <= days else None

    def __str__(self) -> str:
        """Return the rule as it is written: `second Sunday of November`."""
        nth = "last" if self.nth == LAST else ORDINALS[self.nth - 1]
        return f"{nth} {WEEKDAYS[self.weekday]} of {MONTHS[self.month - 1]}"
