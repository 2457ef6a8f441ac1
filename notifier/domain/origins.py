"""When something happened, as far as it is known, and from which year its anniversaries are counted."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from notifier.domain.errors import OriginBeforeDatesError
from notifier.domain.rules import CalendarSystem, Rule
from notifier.domain.rules.composed import rewritten
from notifier.domain.rules.hebrew import HebrewDay
from notifier.domain.rules.systems import day_in_year, nominal_year


@dataclass(frozen=True, slots=True)
class Origin:
    """A year, with a month, with a day; in the Gregorian calendar (EDTF levels 0 and 1) or in another.

    Years before 1 are astronomical: 0 is 1 BC, -43 is 44 BC. `years` is how many it may have been, from `year` on
    (10 for `193X`). `certain` is false where it is said to be uncertain or approximate. `last` is the end of an
    interval. In another calendar `kept` is the rule of its day where that is known, and month and day stand there
    alone. `written` is how it was written where that is not its plain EDTF form.
    """

    year: int
    month: int | None = None
    day: int | None = None
    years: int = 1
    certain: bool = True
    last: Origin | None = None
    system: CalendarSystem = CalendarSystem.GREGORIAN
    kept: Rule | None = None
    written: str | None = None

    def __str__(self) -> str:
        """Return it as it was written: its EDTF form, or `10 Muharram 61 AH`."""
        if self.written is not None:
            return self.written
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    @property
    def date(self) -> date | None:
        """The Gregorian day, where it is known for certain and is one that a date can be; None for an interval."""
        if self.month is None or self.day is None or not self.certain or self.last is not None or self.year < 1:
            return None
        return date(self.year, self.month, self.day)

    @property
    def end(self) -> Origin:
        """The end of an interval; itself otherwise."""
        return self.last or self


class Counting(NamedTuple):
    """How anniversaries are counted: they begin after a nominal year, and after a day where it is known.

    `ordinal_from` is the year that the ordinal is counted from, None where no single year is known.
    """

    after_year: int
    after_day: date | None
    ordinal_from: int | None


@lru_cache(maxsize=16384)
def counting(origin: Origin, system: CalendarSystem) -> Counting:
    """Return how anniversaries of an origin are counted in the years of a calendar.

    An interval counts from its last year: by then all of it has happened. Where the year is uncertain, approximate or
    one of several, nothing is remembered before the last one that it may have been is over, and there is no ordinal: a
    title has no room for a doubt. Raises OriginBeforeDatesError for a year before 1 that another calendar would count.
    """
    end = origin.end
    first, last = _nominal_years(end, system)
    known = first == last and origin.certain and end.certain
    return Counting(last, end.date, last if known else None)


def _nominal_years(origin: Origin, system: CalendarSystem) -> tuple[int, int]:
    """Return the first and the last year of a calendar that the origin may lie in."""
    if origin.system is system:
        return origin.year, origin.year + origin.years - 1
    first, last = _gregorian_days(origin, system)
    return nominal_year(system, first), nominal_year(system, last)


def _gregorian_days(origin: Origin, system: CalendarSystem) -> tuple[date, date]:
    """Return the first and the last day that the origin may be."""
    if origin.system is not CalendarSystem.GREGORIAN:
        return _days_of_year(origin)
    if origin.year < 1:
        raise OriginBeforeDatesError(origin=origin, system=system)
    month, day = origin.month, origin.day
    first = date(origin.year, month or 1, day or 1)
    if month is None:
        return first, date(origin.year + origin.years - 1, 12, 31)
    return first, first if day is not None else _last_of_month(first)


def _last_of_month(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _days_of_year(origin: Origin) -> tuple[date, date]:
    """Return the day of an origin in another calendar where it is known, else the first and last of its year."""
    if origin.kept is not None and (day := day_in_year(origin.kept, origin.year)) is not None:
        return day, day

    def year(ordinal: int) -> int:
        return nominal_year(origin.system, date.fromordinal(ordinal))

    days = range(1, date.max.toordinal() + 1)
    first, after = (bisect_left(days, wanted, key=year) + 1 for wanted in (origin.year, origin.year + 1))
    start, end = date.fromordinal(min(first, days[-1])), date.fromordinal(min(after, days[-1]))
    return start, date.fromordinal(max(end.toordinal() - 1, 1))


def kept_since(rule: Rule, origin: Origin) -> Rule:
    """Return the rule, its Hebrew days told the year of the origin where they are the anniversary of that very day.

    By the customs for yahrzeits it decides how a day is kept in years that lack it.
    """

    def told(part: Rule) -> Rule:
        year = _hebrew_year(part, origin) if isinstance(part, HebrewDay) else None
        return part if year is None or not isinstance(part, HebrewDay) else replace(part, origin_year=year)

    return rewritten(rule, told)


def _hebrew_year(rule: Rule, origin: Origin) -> int | None:
    if origin.system is CalendarSystem.HEBREW and origin.certain and origin.last is None:
        return origin.year if origin.kept is None or origin.kept == rule else None
    if origin.date is None:
        return None
    year = nominal_year(CalendarSystem.HEBREW, origin.date)
    day = day_in_year(rule, year)
    # A day after sunset is the next one's already.
    return year if day is not None and (day - origin.date).days in {0, 1} else None
