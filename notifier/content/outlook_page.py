"""The round anniversaries of the coming years, for those who plan exhibitions, visits and programmes: page and tables.

They are those of whole years, so that the tables are the same bytes until the year turns or the calendar changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from notifier.content.csv_feed import CSV_TYPE, csv_feed
from notifier.content.frame import Head
from notifier.content.language import Language
from notifier.content.marks import Mark, mark
from notifier.content.pages import lasting_page
from notifier.content.resources import Headers, Resource, with_etag
from notifier.content.site import SiteDay, feeds
from notifier.domain import addresses
from notifier.domain.occurrences import Occurrence
from notifier.domain.round_years import round_anniversaries, round_numbers

YEARS_AHEAD = 5
"""How many whole years after the present one are looked at."""

_FARTHEST = 30
"""Where there is nothing in them, the next one is looked for so many years ahead."""

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEPT: Final = ("Cache-Control", "public, no-cache")


@dataclass(frozen=True, slots=True)
class Year:
    """A year and its round anniversaries, soonest first."""

    called: str
    marks: Sequence[Mark]


def rounds(site: SiteDay) -> list[Occurrence]:
    """Return what is round from the beginning of the present year to the end of the fifth after it."""
    return _rounds(site, date(site.years.seen_from, 1, 1), site.years.seen_from + YEARS_AHEAD + 1)


def outlook_page(site: SiteDay, language: Language) -> Resource:
    """Return the years with their round anniversaries, and where the tables are."""
    found, present = rounds(site), site.years.seen_from
    by_year = {year: [one for one in found if one.first.year == year] for year in range(present, _end(site).year)}
    years = [
        Year(language.digits(year), [mark(site, language, one) for one in ones])
        for year, ones in by_year.items()
        if ones
    ]
    after = None if found else next(iter(_rounds(site, _end(site), present + _FARTHEST)), None)
    head = Head(
        language.say("Round anniversaries"),
        addresses.outlook,
        description=language.say("Round anniversaries from {first} to {last}", **_span(site, language)),
        feeds=feeds(site, language)[:1],
    )
    files = {shape: site.local(addresses.outlook(language.tag, shape)) for shape in ("xlsx", "csv")}
    numbers = language.join([language.number(number) for number in round_numbers(site.catalog.calendar)])
    values = {
        "heading": head.title,
        "years": years,
        "after": None if after is None else mark(site, language, after),
        "files": files,
        "numbers": numbers,
        **_span(site, language),
    }
    return lasting_page(site, language, "web/outlook.html", head, **values)


def _end(site: SiteDay) -> date:
    """Return the first day that is no longer looked at."""
    return date(site.years.seen_from + YEARS_AHEAD + 1, 1, 1)


def _rounds(site: SiteDay, start: date, end_year: int) -> list[Occurrence]:
    """Return what is round from `start` to the beginning of `end_year`."""
    every = round_numbers(site.catalog.calendar)
    return round_anniversaries(site.catalog.events, every, start, date(end_year, 1, 1))


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
