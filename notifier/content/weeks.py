"""Months and weeks as a language writes them: where a week begins, what its days and the months are called."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifier.content.language import Language

# Where CLDR has no country to go by, the week would begin on a Monday: right for all but Persian.
_REGIONS = {"fa": "fa_IR"}


@dataclass(frozen=True, slots=True)
class Weekday:
    """What a day of the week is called: in one or a few letters at the head of a column, and in full."""

    short: str
    name: str


def first_weekday(language: Language) -> int:
    """Return the day on which a week begins where the language is spoken; 0 is Monday."""
    from babel import Locale

    region = _REGIONS.get(language.locale.language)
    locale = Locale.parse(region) if region else language.locale
    return int(locale.first_week_day)


def weekdays(language: Language) -> Sequence[Weekday]:
    """Return the seven days, beginning with that on which a week does."""
    names, first = language.locale.days["stand-alone"], first_weekday(language)
    order = [(first + n) % 7 for n in range(7)]
    short = names.get("short") or names["abbreviated"]
    return [Weekday(language.capital(short[n]), language.capital(names["wide"][n])) for n in order]


def month_names(language: Language) -> Sequence[str]:
    """Return the twelve months as they stand alone, January first."""
    names = language.locale.months["stand-alone"]["wide"]
    return [language.capital(names[month]) for month in range(1, 13)]


def weeks_of(year: int, month: int, first: int) -> Sequence[Sequence[date | None]]:
    """Return a month's weeks, each of seven days; None stands for days of other months. `first` 0 is Monday."""
    weeks = Calendar(first).monthdayscalendar(year, month)
    return [[date(year, month, day) if day else None for day in week] for week in weeks]
