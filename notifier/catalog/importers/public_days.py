"""Public holidays of a country, from the package `holidays`: as dates of years, and as rules for a calendar file.

The package is imported at first use: it takes a quarter of a second.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from notifier.domain.errors import NotifierError

if TYPE_CHECKING:
    from holidays import HolidayBase

REGION = re.compile(r"([A-Z]{2})(?::([A-Za-z0-9][A-Za-z0-9 _-]{0,40}))?", re.ASCII)
"""A country (ISO 3166-1) and, after a colon, a part of it as the package calls it: `AZ`, `DE:BE`."""


class UnknownRegionError(NotifierError):
    """A country or a part of one that the package does not have."""

    wrong_use = True
    sentence = "{region} is not known to the package holidays {version}; {remedy}"


@dataclass(frozen=True, slots=True)
class Region:
    """A country, or a part of one; `part` is None for the whole of it."""

    country: str
    part: str | None = None

    def __str__(self) -> str:
        """Return it as it is written."""
        return self.country if self.part is None else f"{self.country}:{self.part}"


@dataclass(frozen=True, slots=True)
class PublicDay:
    """One public holiday on one date, in one language.

    `substitute` says that the day is free in place of another one; `estimated` that the date was calculated where
    authorities decide by observation.
    """

    date: date
    name: str
    language: str
    substitute: bool
    estimated: bool


def parse_region(text: str) -> Region:
    """Read a region. Raises UnknownRegionError where it is not of the form, or the package does not have it."""
    match = REGION.fullmatch(text)
    if match is None:
        raise UnknownRegionError(
            region=f'"{text[:60]}"', version=version(), remedy="write it as AZ, or DE:BE for a part"
        )
    region = Region(match[1], match[2])
    _ = _calendar(region, None, observed=False)
    return region


def version() -> str:
    """Return the package's version."""
    from importlib.metadata import version as installed

    return installed("holidays")


def languages(region: Region) -> Mapping[str, str]:
    """Return the languages that names are there in: by tag such as `en`, as the package calls them; its own first."""
    calendar = _calendar(region, None, observed=False)
    own = calendar.default_language
    known = [*([own] if own else []), *sorted(calendar.supported_languages)]
    tags: dict[str, str] = {}
    for code in known:
        tags.setdefault(code.partition("_")[0], code)
    return tags or {"en": ""}


def is_weekend(region: Region, day: date) -> bool:
    """Whether a date is one of the days on which most people there do not work."""
    return bool(_calendar(region, None, observed=False).is_weekend(day))


def public_days(region: Region, years: Iterable[int], language: str) -> list[PublicDay]:
    """Return a region's public holidays of some years, by date; names in `language` where there are any, else English.

    A region without English names has its own.
    """
    there = languages(region)
    tag = next((one for one in (language, "en") if one in there), next(iter(there)))
    days = []
    for year in sorted(set(years)):
        plain, observed = _year(region, there[tag], year)
        days += [_public_day(on, name, tag, region, substitute=name not in plain.get(on, ())) for on, name in observed]
    return days


def _public_day(on: date, name: str, tag: str, region: Region, *, substitute: bool) -> PublicDay:
    calendar = _calendar(region, languages(region)[tag], observed=True)
    bare, labels = _bare(name, calendar)
    substitute = substitute or "substituted" in labels
    return PublicDay(on, bare, tag, substitute, "estimated" in labels)


_LABELS = {
    "observed_estimated_label": frozenset({"observed", "estimated"}),
    "estimated_label": frozenset({"estimated"}),
    "observed_label": frozenset({"observed"}),
    "substituted_label": frozenset({"substituted"}),
}


def _bare(name: str, calendar: HolidayBase) -> tuple[str, frozenset[str]]:
    """Return a name without the words that a label such as `%s (estimated)` adds, and what they say.

    What is free in place of a date is called by that date alone: such a name stays whole.
    """
    for attribute, meaning in _LABELS.items():
        label = getattr(calendar, attribute, None)
        if not isinstance(label, str) or "%s" not in label:
            continue
        before, _, after = calendar.tr(label).partition("%s")
        if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after):
            bare = name if "substituted" in meaning else name[len(before) : len(name) - len(after)]
            return bare, meaning
    return name, frozenset()


def named_dates(region: Region, first: int, last: int) -> dict[str, list[tuple[date, bool]]]:
    """Return when each holiday is kept in the years first through last, without substitutes, by its own name.

    With each date stands whether it is estimated. What is kept in place of another day is left out.
    """
    own = next(iter(languages(region).values()))
    calendar = _calendar(region, own or None, observed=False)
    found: dict[str, list[tuple[date, bool]]] = defaultdict(list)
    for year in range(first, last + 1):
        for on, names in _year(region, own, year)[0].items():
            for name in names:
                bare, labels = _bare(name, calendar)
                if not labels & {"observed", "substituted"}:
                    found[bare].append((on, "estimated" in labels))
    return {name: sorted(dates) for name, dates in found.items()}


def is_moved(region: Region, name: str, days: Iterable[date]) -> date | None:
    """Return the first of a holiday's days that it is not kept on because it is moved off it; None where there is none.

    What is free in place of another day leaves that one a holiday too, and is not meant.
    """
    own = next(iter(languages(region).values()))
    calendar = _calendar(region, own or None, observed=True)
    for on in days:
        kept = {_bare(given, calendar)[0] for at, given in _year(region, own, on.year)[1] if at == on}
        if name not in kept:
            return on
    return None


def names_on(region: Region, days: Sequence[date], language: str) -> str | None:
    """Return what a holiday of these days is called in a language: its name on one that no other holiday shares."""
    code = languages(region).get(language)
    if code is None:
        return None
    calendar = _calendar(region, code or None, observed=False)
    for on in reversed(days):
        names = _year(region, code, on.year)[0].get(on, ())
        if len(names) == 1:
            return _bare(names[0], calendar)[0]
    return None


@cache
def _year(region: Region, code: str, year: int) -> tuple[dict[date, tuple[str, ...]], tuple[tuple[date, str], ...]]:
    """Return a year's names by date without substitutes, and all names with them, by date."""
    plain, observed = (_calendar(region, code or None, observed=one) for one in (False, True))
    for calendar in (plain, observed):
        _ = date(year, 7, 1) in calendar  # makes the year
    by_date = {on: tuple(plain.get_list(on)) for on in sorted(plain) if on.year == year}
    every = tuple((on, name) for on in sorted(observed) if on.year == year for name in observed.get_list(on))
    return by_date, every


@cache
def _calendar(region: Region, code: str | None, *, observed: bool) -> HolidayBase:
    from holidays import country_holidays

    try:
        return country_holidays(region.country, subdiv=region.part, language=code, observed=observed)
    except NotImplementedError as error:
        remedy = "write a country as AZ, and a part of one as DE:BE"
        raise UnknownRegionError(region=region, version=version(), remedy=remedy) from error
