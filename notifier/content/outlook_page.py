"""The round anniversaries of the coming years, for those who plan exhibitions, visits and programmes: page and tables.

They are those of whole years, so that the tables are the same bytes until the year turns or the calendar changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Final

from notifier.content.csv_feed import CSV_TYPE, csv_feed
from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.marks import Mark, mark
from notifier.content.pages import lasting_page
from notifier.content.parts import in_part, part_links
from notifier.content.resources import Headers, Resource, with_etag
from notifier.content.site import SiteDay, feeds
from notifier.domain import addresses
from notifier.domain.long_lists import is_long, part_count, part_of
from notifier.domain.occurrences import Occurrence
from notifier.domain.round_years import YEARS_AHEAD, coming_rounds, planners_numbers, round_anniversaries

_FARTHEST = 30
"""Where there is nothing in them, the next one is looked for so many years ahead."""

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEPT: Final = ("Cache-Control", "public, no-cache")


@dataclass(frozen=True, slots=True)
class Year:
    """A year and its round anniversaries, soonest first."""

    called: str
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A year that has a page of its own, there being so much in all, and how much is in it."""

    called: str
    path: str
    said: str


def rounds(site: SiteDay) -> list[Occurrence]:
    """Return what is round from the beginning of the present year to the end of the fifth after it."""
    return coming_rounds(site.catalog, site.years)


def outlook_page(site: SiteDay, language: Language) -> Resource:
    """Return the years with their round anniversaries, or where each of them stands; and where the tables are."""
    found = rounds(site)
    after = None if found else next(iter(_later(site)), None)
    head = Head(
        language.say("Round anniversaries"),
        addresses.outlook,
        description=language.say("Round anniversaries from {first} to {last}", **_span(site, language)),
        feeds=feeds(site, language)[:1],
    )
    files = {shape: site.local(addresses.outlook(language.tag, shape)) for shape in ("xlsx", "csv")}
    numbers = language.one_of([language.number(number) for number in planners_numbers(site.catalog.calendar)])
    values = {
        "heading": head.title,
        "divided": is_long(found),
        "years": _own_pages(site, language, found) if is_long(found) else _years(site, language, found),
        "after": None if after is None else mark(site, language, after),
        "files": files,
        "numbers": numbers,
        **_span(site, language),
    }
    return lasting_page(site, language, "web/outlook.html", head, **values)


def outlook_year_page(site: SiteDay, language: Language, year: int, part: int) -> Resource:
    """Return the round anniversaries of one year, where there are very many, or one part of them."""
    by_year, most = _by_year(rounds(site)), site.long_lists.most
    heading = f"{language.say('Round anniversaries')}{language.comma} {language.digits(year)}"
    head = Head(
        in_part(heading, language, part),
        lambda tag: addresses.outlook_year(tag, year, part),
        description=language.say("Round anniversaries from {first} to {last}", **_span(site, language)),
        feeds=feeds(site, language)[:1],
    )

    def path_of(year: int, part: int = 1) -> str:
        return addresses.outlook_year(language.tag, year, part)

    values = {
        "heading": head.title,
        "whole": site.local(addresses.outlook(language.tag)),
        "years": [(language.digits(one), site.local(path_of(one)), one == year) for one in by_year],
        "marks": [mark(site, language, one) for one in part_of(by_year[year], part, most)],
        "parts_there": part_links(site, language, partial(path_of, year), part, part_count(len(by_year[year]), most)),
    }
    return lasting_page(site, language, "web/outlook_year.html", head, **values)


def _by_year(found: Sequence[Occurrence]) -> Mapping[int, Sequence[Occurrence]]:
    return {year: list(ones) for year, ones in groupby(found, key=lambda one: one.first.year)}


def _years(site: SiteDay, language: Language, found: Sequence[Occurrence]) -> list[Year]:
    by_year = _by_year(found).items()
    return [Year(language.digits(year), [mark(site, language, one) for one in ones]) for year, ones in by_year]


def _own_pages(site: SiteDay, language: Language, found: Sequence[Occurrence]) -> list[OwnPage]:
    return [
        OwnPage(
            language.digits(year),
            site.local(addresses.outlook_year(language.tag, year)),
            language.say_many("{n} event", "{n} events", len(ones)),
        )
        for year, ones in _by_year(found).items()
    ]


def _later(site: SiteDay) -> list[Occurrence]:
    """Return what is round in the years after those that are shown."""
    first, last = (site.years.seen_from + ahead for ahead in (YEARS_AHEAD + 1, _FARTHEST))
    every = planners_numbers(site.catalog.calendar)
    return round_anniversaries(site.catalog.events, every, date(first, 1, 1), date(last, 1, 1))


def outlook_csv(site: SiteDay, language: Language) -> Resource:
    """Return the table as CSV, in the columns of the feeds' tables."""
    body = csv_feed(rounds(site), site.catalog, language, site.base_url, site.years)
    return _file(body, CSV_TYPE, site, language, "csv")


def outlook_xlsx(site: SiteDay, language: Language) -> Resource:
    """Return the table as a workbook, worded in the language."""
    from notifier.content.workbook import planners_workbook

    return _file(planners_workbook(rounds(site), site, language), XLSX_TYPE, site, language, "xlsx")


def _file(body: bytes, media_type: str, site: SiteDay, language: Language, shape: str) -> Resource:
    name = f"round-anniversaries-{site.years.seen_from}-{language.tag}.{shape}"
    headers: Headers = (
        _KEPT,
        ("Content-Language", language.tag),
        ("Content-Disposition", f'attachment; filename="{name}"'),
    )
    return with_etag(Resource(body, media_type, headers))


def _span(site: SiteDay, language: Language) -> dict[str, str]:
    present = site.years.seen_from
    return {"first": language.digits(present), "last": language.digits(present + YEARS_AHEAD)}
