"""A year at a glance: twelve months on which every remembered day is marked, and what is remembered below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.marks import Mark, mark
from notifier.content.pages import lasting_page
from notifier.content.resources import Resource
from notifier.content.site import SiteDay, feeds
from notifier.content.weeks import first_weekday, month_names, weekdays, weeks_of
from notifier.domain import addresses
from notifier.domain.occurrences import occurrences_between

_LONGEST_SPAN = timedelta(days=60)
_MANY = 90
"""From so many days on the list no longer fits below the months on one sheet, and is not printed."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its number, and what is remembered on it. `path` leads to the one page, or to the list of several."""

    number: str
    marks: tuple[Mark, ...]
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month, in weeks of seven days; None stands for days of other months."""

    number: int
    name: str
    weeks: Sequence[Sequence[Day | None]]


def year_named(site: SiteDay, text: str) -> int | None:
    """Return the published year that an address names, or None; `2027` is one, `02027` is not."""
    years = range(site.years.first, site.years.last + 1)
    return next((year for year in years if str(year) == text), None)


def year_page(site: SiteDay, language: Language, year: int) -> Resource:
    """Return one published year (Gregorian)."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    found = occurrences_between(site.catalog.events, start - _LONGEST_SPAN, end)
    marks = [mark(site, language, one) for one in found if one.last >= start]
    called = language.digits(year)
    head = Head(
        language.say("The year {year}", year=called),
        lambda tag: addresses.calendar(tag, year),
        description=language.say("All days of {year}, month by month", year=called),
        feeds=feeds(site, language)[:1],
    )
    return lasting_page(
        site,
        language,
        "web/year.html",
        head,
        heading=head.title,
        year=called,
        weekdays=weekdays(language),
        months=_months(language, year, _by_day(marks)),
        marks=marks,
        many=len(marks) > _MANY,
        beside=[(language.digits(n), site.local(addresses.calendar(language.tag, n))) for n in _beside(site, year)],
        file=site.local(addresses.year_feed(language.tag, year)) if year >= site.years.seen_from else None,
    )


def _beside(site: SiteDay, year: int) -> list[int]:
    return [n for n in range(site.years.first, site.years.last + 1) if n != year]


def _by_day(marks: Sequence[Mark]) -> Mapping[date, Sequence[Mark]]:
    """Return what is remembered on each day; what lasts several days stands on each of them."""
    found: dict[date, list[Mark]] = {}
    for one in marks:
        for n in range((one.last - one.first).days + 1):
            found.setdefault(one.first + timedelta(days=n), []).append(one)
    return found


def _months(language: Language, year: int, by_day: Mapping[date, Sequence[Mark]]) -> list[Month]:
    first, names = first_weekday(language), month_names(language)

    def shown(day: date | None) -> Day | None:
        if day is None:
            return None
        marks = tuple(by_day.get(day, ()))
        path = "" if not marks else marks[0].path if len(marks) == 1 else f"#day-{marks[0].first.isoformat()}"
        return Day(language.digits(day.day), marks, marks[0].kind if marks else "", path)

    return [
        Month(month, names[month - 1], [[shown(day) for day in week] for week in weeks_of(year, month, first)])
        for month in range(1, 13)
    ]
