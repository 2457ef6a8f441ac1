"""Days of the Persian (solar Hijri) calendar of Iran and Afghanistan.

The year begins with the spring equinox: on its day if it comes before noon in Tehran, else on the next. convertdate
reckons it from the sun; that takes some milliseconds, so each year's first day is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar

from notifier.domain.errors import ImpossibleDayError
from notifier.domain.rules import CalendarSystem, RuleDay
from notifier.domain.rules.yearly import Month, kept_between

MONTHS = (
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
)

ALIASES: Mapping[str, str] = MappingProxyType({"Amordad": "Mordad", "Day": "Dey", "Isfand": "Esfand"})

FIRST_YEAR, LAST_YEAR = 1, 2377
"""What the formulas for the equinox reach."""

TABLE_ENDS = date(2999, 3, 21)
"""The first day of the year 2378."""

_YEARS_BEHIND = 621
_LONG_MONTHS = 6
_ESFAND = 12
_NOON_TO_ORDINAL = 1721424
"""A Julian day begins at noon. The equinox's lasts from noon to noon in Tehran; the year's first day holds its end."""


@dataclass(frozen=True, slots=True)
class PersianDay:
    """The same day and month of every Persian year, such as 1 Farvardin.

    30 Esfand, which common years have not, is kept on 29 Esfand there: the last day of the year.

    Raises ImpossibleDayError for a day no year has.
    """

    month: int
    day: int

    estimated: ClassVar[bool] = False
    system: ClassVar[CalendarSystem] = CalendarSystem.PERSIAN
    table_ends: ClassVar[date | None] = TABLE_ENDS

    def __post_init__(self) -> None:
        """Refuse 31 Mehr."""
        days = 31 if self.month <= _LONG_MONTHS else 30
        if not 1 <= self.day <= days:
            raise ImpossibleDayError(rule=str(self), month=MONTHS[self.month - 1], days=days)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first; years are Persian ones."""
        years = range(max(FIRST_YEAR, start.year - _YEARS_BEHIND - 1), min(LAST_YEAR, end.year - _YEARS_BEHIND) + 1)
        return kept_between(self._in_year, years, start, end)

    def _in_year(self, year: int) -> date | None:
        month = _month(year, self.month)
        return month.day(min(self.day, month.days))

    def __str__(self) -> str:
        """Return the rule as it is written: `1 Farvardin`."""
        return f"{self.day} {MONTHS[self.month - 1]}"


def year_of(day: date) -> int:
    """Return the Persian year in which a Gregorian day lies.

    Where the equinox is not reckoned, before the year 1 and after 2377, years turn on 21 March.
    """
    year = day.year - _YEARS_BEHIND
    turn = _nowruz(year) if FIRST_YEAR <= year <= LAST_YEAR else date(day.year, 3, 21).toordinal()
    return year if day.toordinal() >= turn else year - 1


def day_in(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian date of a Persian one; None for a day that this very year has not, or no year told of."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= _ESFAND):
        return None
    found = _month(year, month)
    return found.day(day) if 1 <= day <= found.days else None


def _month(year: int, month: int) -> Month:
    first = _nowruz(year) + 30 * (month - 1) + min(month - 1, _LONG_MONTHS)
    if month == _ESFAND:
        return Month(first, _nowruz(year + 1) - first)
    return Month(first, 31 if month <= _LONG_MONTHS else 30)


@lru_cache(maxsize=4096)
def _nowruz(year: int) -> int:
    """Return the ordinal of a year's first day."""
    from convertdate import persian

    return int(persian.equinox_jd(year + _YEARS_BEHIND)) - _NOON_TO_ORDINAL
