"""Days of the Hijri calendar as Saudi Arabia's Umm al-Qura table has them, for 1343 to 1500 AH.

A Hijri day begins at sunset; dates here are those of its daylight. The table is calculated; authorities elsewhere
decide by sighting the moon, and may differ by a day or two. So every date is estimated until it has been confirmed.
hijridate brings the table; in its first decades, up to 1364, it has a few months of 28 and of 31 days. Beyond it, where
only the year or an origin is asked for, the civil tabular calendar serves, which may be a day or two off.
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
from notifier.domain.rules.yearly import Month, kept_between, ordinal_of

MONTHS = (
    "Muharram",
    "Safar",
    "Rabi al-Awwal",
    "Rabi al-Thani",
    "Jumada al-Awwal",
    "Jumada al-Thani",
    "Rajab",
    "Shaban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qada",
    "Dhu al-Hijja",
)

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "Rabi I": "Rabi al-Awwal",
        "Rabi' al-Awwal": "Rabi al-Awwal",
        "Rabi II": "Rabi al-Thani",
        "Rabi' al-Thani": "Rabi al-Thani",
        "Rabi al-Akhir": "Rabi al-Thani",
        "Jumada I": "Jumada al-Awwal",
        "Jumada al-Ula": "Jumada al-Awwal",
        "Jumada II": "Jumada al-Thani",
        "Jumada al-Akhira": "Jumada al-Thani",
        "Jumada al-Akhirah": "Jumada al-Thani",
        "Sha'ban": "Shaban",
        "Ramadhan": "Ramadan",
        "Dhu al-Qa'da": "Dhu al-Qada",
        "Dhu al-Qadah": "Dhu al-Qada",
        "Dhu al-Qi'dah": "Dhu al-Qada",
        "Dhu al-Hijjah": "Dhu al-Hijja",
    }
)

FIRST_YEAR, LAST_YEAR = 1343, 1500
TABLE_BEGINS = date(1924, 8, 1)
TABLE_ENDS = date(2077, 11, 17)
"""The first day after the table: 1 Muharram 1501."""

_EPOCH = date(622, 7, 19).toordinal()
_YEARS_IN_CYCLE, _DAYS_IN_CYCLE = 30, 10631


@dataclass(frozen=True, slots=True)
class HijriDay:
    """The same day and month of every Hijri year, such as 10 Muharram.

    A 30th in a year whose month is shorter is kept on its last day: so it stays in its month, and in its year.

    Raises ImpossibleDayError for a day no year has.
    """

    month: int
    day: int

    estimated: ClassVar[bool] = True
    system: ClassVar[CalendarSystem] = CalendarSystem.HIJRI
    table_ends: ClassVar[date | None] = TABLE_ENDS

    def __post_init__(self) -> None:
        """Refuse 31 Muharram."""
        if not 1 <= self.day <= 30:
            raise ImpossibleDayError(rule=str(self), month=MONTHS[self.month - 1], days=30)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first; years are Hijri ones.

        None before 1 August 1924 and after 16 November 2077, where the table ends.
        """
        # The tabular year may be off by one on the days around its turn.
        years = range(max(FIRST_YEAR, _tabular_year(start) - 1), min(LAST_YEAR, _tabular_year(end) + 1) + 1)
        return kept_between(self._in_year, years, start, end)

    def _in_year(self, year: int) -> date | None:
        month = _month(year, self.month)
        return month.day(min(self.day, month.days))

    def __str__(self) -> str:
        """Return the rule as it is written: `10 Muharram`."""
        return f"{self.day} {MONTHS[self.month - 1]}"


def year_of(day: date) -> int:
    """Return the Hijri year in which a Gregorian day's daylight lies; beyond the table the tabular calendar's."""
    if not TABLE_BEGINS <= day < TABLE_ENDS:
        return _tabular_year(day)
    from hijridate import Gregorian

    return Gregorian(day.year, day.month, day.day).to_hijri().year


def day_in(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian date of a Hijri one; None for a day that this very year has not, or Python no date for."""
    if not 1 <= month <= 12:
        return None
    found = _month(year, month) if FIRST_YEAR <= year <= LAST_YEAR else _tabular_month(year, month)
    return found.day(day) if 1 <= day <= found.days else None


@lru_cache(maxsize=2048)
def _month(year: int, month: int) -> Month:
    from hijridate import Hijri

    first = Hijri(year, month, 1)
    return Month(first.to_gregorian().toordinal(), first.month_length())


def _tabular_month(year: int, month: int) -> Month:
    from convertdate import islamic

    return Month(ordinal_of(islamic.to_jd(year, month, 1)), islamic.month_length(year, month))


def _tabular_year(day: date) -> int:
    """Return the year of the civil tabular calendar, in which 30 years have 10,631 days."""
    return (_YEARS_IN_CYCLE * (day.toordinal() - _EPOCH) + 10646) // _DAYS_IN_CYCLE
