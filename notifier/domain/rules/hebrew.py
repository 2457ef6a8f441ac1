"""Days of the Hebrew calendar, with the customs for the anniversary of a death (yahrzeit).

A Hebrew day begins at sunset; dates here are those of its daylight. Years are counted from the creation (AM) and begin
in Tishrei. pyluach reckons them, by the fixed calendar that has been used since the fourth century: it has no end.
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

ADAR, ADAR_I, ADAR_II = "Adar", "Adar I", "Adar II"

MONTHS = (
    "Nisan",
    "Iyar",
    "Sivan",
    "Tammuz",
    "Av",
    "Elul",
    "Tishrei",
    "Heshvan",
    "Kislev",
    "Tevet",
    "Shevat",
    ADAR,
    ADAR_I,
    ADAR_II,
)
"""As they are written, in the order of the Bible's count. A year has either Adar or both Adar I and Adar II."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "Nissan": "Nisan",
        "Iyyar": "Iyar",
        "Tamuz": "Tammuz",
        "Ab": "Av",
        "Tishri": "Tishrei",
        "Cheshvan": "Heshvan",
        "Marheshvan": "Heshvan",
        "Marcheshvan": "Heshvan",
        "Tebet": "Tevet",
        "Shvat": "Shevat",
        "Sh'vat": "Shevat",
        "Adar Rishon": ADAR_I,
        "Adar Sheni": ADAR_II,
    }
)

_NUMBERS = {name: number for number, name in enumerate(MONTHS[:12], 1)}
_LAST_ADAR = 13
"""pyluach's number of Adar II; 12 is Adar, or Adar I."""

_SHORT = ("Iyar", "Tammuz", "Elul", "Tevet", ADAR, ADAR_II)
"""The months that never have a 30th. Heshvan and Kislev have one in some years."""

_YEARS_AHEAD = 3760
"""1 January of the year 1 lay in the year 3761, and in our time too a year's first of January lies 3760 ahead."""


@dataclass(frozen=True, slots=True)
class HebrewDay:
    """The same day and month of every Hebrew year, such as 27 Nisan.

    With `origin_year`, the Hebrew year of a death, it is the yahrzeit by the custom most widespread among Ashkenazim,
    which hebcal follows too:

    * Adar of a common year is kept in Adar I of a leap year; a death in Adar I or Adar II is kept in the month of the
      same name, and both in Adar of a common year. 30 Adar I is kept on 30 Shevat then.
    * 30 Heshvan and 30 Kislev, in a year without them, are kept on the 29th if the first anniversary's year was without
      them as well, else on the day after the 29th.

    Without it, it is an observance: Adar means the month of Purim, Adar II of a leap year; and a 30th in a year without
    it is kept on the day after the 29th, as birthdays are.

    Raises ImpossibleDayError for a day no year has. Other names of a month are taken, and written as in MONTHS.
    """

    month: str
    day: int
    origin_year: int | None = None

    estimated: ClassVar[bool] = False
    system: ClassVar[CalendarSystem] = CalendarSystem.HEBREW
    table_ends: ClassVar[date | None] = None

    def __post_init__(self) -> None:
        """Refuse 30 Iyar."""
        object.__setattr__(self, "month", ALIASES.get(self.month, self.month))
        days = 29 if self.month in _SHORT else 30
        if not 1 <= self.day <= days:
            raise ImpossibleDayError(rule=str(self), month=self.month, days=days)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first; years are Hebrew ones."""
        years = range(start.year + _YEARS_AHEAD, end.year + _YEARS_AHEAD + 2)
        return kept_between(self._in_year, years, start, end)

    def _in_year(self, year: int) -> date | None:
        month = self._month_in(year)
        if self.day <= month.days:
            return month.day(self.day)
        # Only a 30th can be missing.
        if self.origin_year is None:
            return month.day(30)
        if self.month == ADAR_I:
            return month.day(0)
        had_it = self._month_in(self.origin_year + 1).days == self.day
        return month.day(30 if had_it else 29)

    def _month_in(self, year: int) -> Month:
        number = _NUMBERS.get(self.month, 12)
        if number == 12 and _is_leap(year) and not self._is_first_adar:
            number = _LAST_ADAR
        return _month(year, number)

    @property
    def _is_first_adar(self) -> bool:
        died_in_common_year = self.origin_year is not None and not _is_leap(self.origin_year)
        return self.month == ADAR_I or (self.month == ADAR and died_in_common_year)

    def __str__(self) -> str:
        """Return the rule as it is written: `27 Nisan`."""
        return f"{self.day} {self.month}"


def year_of(day: date) -> int:
    """Return the Hebrew year in which a Gregorian day's daylight lies."""
    year = day.year + _YEARS_AHEAD
    return year + 1 if day.toordinal() >= _month(year + 1, _NUMBERS["Tishrei"]).first else year


def day_in(year: int, month: str, day: int) -> date | None:
    """Return the Gregorian date of a Hebrew one; None for a day that this very year has not, or Python no date for."""
    month = ALIASES.get(month, month)
    if year < 1 or month not in MONTHS or (month in {ADAR_I, ADAR_II} and not _is_leap(year)):
        return None
    number = _LAST_ADAR if month == ADAR_II else _NUMBERS.get(month, 12)
    found = _month(year, number)
    return found.day(day) if 1 <= day <= found.days else None


@lru_cache(maxsize=4096)
def _month(year: int, number: int) -> Month:
    from pyluach.dates import HebrewDate

    first = ordinal_of(HebrewDate(year, number, 1).jd)
    return Month(first, 30 if _exists(year, number, 30) else 29)


@lru_cache(maxsize=1024)
def _is_leap(year: int) -> bool:
    return _exists(year, _LAST_ADAR, 1)


def _exists(year: int, number: int, day: int) -> bool:
    """Return whether a year has a day; pyluach says it by refusing others."""
    from pyluach.dates import HebrewDate

    try:
        HebrewDate(year, number, day)
    except ValueError:
        return False
    return True
