"""A year at a glance: twelve months on which every remembered day is marked, and what is remembered below them.

Where that is very much, each month has a page of its own, and the year only says how much there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.marks import mark
from notifier.content.pages import lasting_page
from notifier.content.parts import in_part, part_links
from notifier.content.resources import Resource
from notifier.content.site import SiteDay, feeds
from notifier.content.tone import kinds_called
from notifier.content.weeks import first_weekday, month_names, weekdays, weeks_of
from notifier.domain import addresses
from notifier.domain.long_lists import in_month, in_year, is_long_year, part_count, part_of, place_of
from notifier.domain.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its number, and what is remembered on it, or how much that is.

    `path` leads to the one page, or to the list of several.
    """

    number: str
    said: tuple[str, ...]
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month, in weeks of seven days; None stands for days of other months.

    With a `path` it has a page of its own, and `said` is how much is remembered in it.
    """

    number: int
    name: str
    weeks: Sequence[Sequence[Day | None]]
    path: str = ""
    said: str = ""


Told = Callable[[date, Sequence[Occurrence]], tuple[tuple[str, ...], str]]
"""What is said of a day on which something is remembered, and where that leads."""


def year_named(site: SiteDay, text: str) -> int | None:
    """Return the published year that an address names, or None; `2027` is one, `02027` is not."""
    years = range(site.years.first, site.years.last + 1)
    return next((year for year in years if str(year) == text), None)


def year_page(site: SiteDay, language: Language, year: int) -> Resource:
    """Return one published year (Gregorian)."""
    found = in_year(site.catalog, year)
    divided = is_long_year(found)
    called = language.digits(year)
    head = Head(
        language.say("The year {year}", year=called),
        lambda tag: addresses.calendar(tag, year),
        description=language.say("All days of {year}, month by month", year=called),
        feeds=feeds(site, language)[:1],
    )
    months = [_one_month(site, language, found, year, n, divided=divided) for n in range(1, 13)]
    return lasting_page(
        site,
        language,
        "web/year.html",
        head,
        heading=head.title,
        year=called,
        weekdays=weekdays(language),
        months=months,
        kinds=kinds_called({one.event.kind for one in found}, language),
        marks=() if divided else [mark(site, language, one) for one in found],
        divided=divided,
        beside=[(language.digits(n), site.local(addresses.calendar(language.tag, n))) for n in _beside(site, year)],
        file=site.local(addresses.year_feed(language.tag, year)) if year >= site.years.seen_from else None,
    )


def month_page(site: SiteDay, language: Language, year: int, month: int, part: int) -> Resource:
    """Return one month of a year in which very much is remembered, or one part of what there is of it."""
    whole = in_year(site.catalog, year)
    found = in_month(whole, year, month)
    called = language.capital(language.edtf(f"{year}-{month:02d}"))
    head = Head(
        in_part(called, language, part),
        lambda tag: addresses.month(tag, year, month, part),
        description=language.say("All days of {year}, month by month", year=language.digits(year)),
        feeds=feeds(site, language)[:1],
    )
    there = [n for n in range(1, 13) if in_month(whole, year, n)]
    names = month_names(language)
    return lasting_page(
        site,
        language,
        "web/month.html",
        head,
        heading=head.title,
        year=language.digits(year),
        whole_year=site.local(addresses.calendar(language.tag, year)),
        weekdays=weekdays(language),
        month=_one_month(site, language, found, year, month, divided=True, own=True),
        months=[(names[n - 1], site.local(addresses.month(language.tag, year, n)), n == month) for n in there],
        kinds=kinds_called({one.event.kind for one in found}, language),
        marks=[mark(site, language, one) for one in part_of(found, part, site.long_lists.most)],
        parts_there=part_links(
            site,
            language,
            lambda n: addresses.month(language.tag, year, month, n),
            part,
            part_count(len(found), site.long_lists.most),
        ),
    )


def _beside(site: SiteDay, year: int) -> list[int]:
    return [n for n in range(site.years.first, site.years.last + 1) if n != year]


def _one_month(  # noqa: PLR0913  # which month, and how it is shown
    site: SiteDay,
    language: Language,
    found: Sequence[Occurrence],
    year: int,
    month: int,
    *,
    divided: bool,
    own: bool = False,
) -> Month:
    """Return a month of what was `found`: with all that is remembered, or with how much; `own` on its own page."""
    listed = in_month(found, year, month)
    tell = _many(site, language, listed, year, month) if divided else _each(site, language)
    by_day, first = _by_day(listed), first_weekday(language)

    def shown(day: date | None) -> Day | None:
        if day is None:
            return None
        there = by_day.get(day, ())
        said, path = tell(day, there) if there else ((), "")
        return Day(language.digits(day.day), said, there[0].event.kind if there else "", path)

    weeks = [[shown(day) for day in week] for week in weeks_of(year, month, first)]
    name = month_names(language)[month - 1]
    if not divided or own or not listed:
        return Month(month, name, weeks)
    path = site.local(addresses.month(language.tag, year, month))
    return Month(month, name, weeks, path, _how_many(language, len(listed)))


def _each(site: SiteDay, language: Language) -> Told:
    """Say everything that is remembered on a day; it leads to the one page, or to the list below."""

    def told(_: date, there: Sequence[Occurrence]) -> tuple[tuple[str, ...], str]:
        marks = [mark(site, language, one) for one in there]
        path = marks[0].path if len(marks) == 1 else _place(there[0])
        return tuple(one.title for one in marks), path

    return told


def _many(site: SiteDay, language: Language, listed: Sequence[Occurrence], year: int, month: int) -> Told:
    """Say how much is remembered on a day; it leads to where the month's list has it."""
    indexes = {id(one): index for index, one in reversed(list(enumerate(listed)))}

    def told(_: date, there: Sequence[Occurrence]) -> tuple[tuple[str, ...], str]:
        part = place_of(indexes[id(there[0])], site.long_lists.most)
        path = site.local(addresses.month(language.tag, year, month, part))
        return (_how_many(language, len(there)),), f"{path}{_place(there[0])}"

    return told


def _place(one: Occurrence) -> str:
    return f"#day-{one.first.isoformat()}"


def _how_many(language: Language, n: int) -> str:
    return language.say_many("{n} event", "{n} events", n)


def _by_day(found: Sequence[Occurrence]) -> Mapping[date, Sequence[Occurrence]]:
    """Return what is remembered on each day; what lasts several days stands on each of them."""
    by_day: dict[date, list[Occurrence]] = {}
    for one in found:
        for n in range((one.last - one.first).days + 1):
            by_day.setdefault(one.first + timedelta(days=n), []).append(one)
    return by_day
