"""What an anniversary falls on: a public holiday, a weekend, another day that is remembered.

The package that knows holidays and weekends is imported when a country is asked about, and never without one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from notifier.content.clash_words import beside_phrase, holiday_phrase, weekend_phrase
from notifier.content.language import Language
from notifier.content.wording import title_of
from notifier.domain.days import days_after
from notifier.domain.events import Catalog
from notifier.domain.occurrences import Occurrence, occurrences_between

if TYPE_CHECKING:
    from notifier.catalog.importers.public_days import Region

_LONGEST = 60
"""Days in the longest span that is remembered."""


@dataclass(frozen=True, slots=True)
class HolidayClash:
    """A public holiday; `substitute` where the day is free in place of another, `estimated` where it was calculated.

    `name` is in `language`: the one asked for, else English, else the country's own.
    """

    date: dt.date
    region: str
    name: str
    language: str
    substitute: bool
    estimated: bool
    kind: Literal["holiday"] = "holiday"


@dataclass(frozen=True, slots=True)
class WeekendClash:
    """A day on which most people of these countries do not work in any week."""

    date: dt.date
    regions: tuple[str, ...]
    kind: Literal["weekend"] = "weekend"


@dataclass(frozen=True, slots=True)
class EventClash:
    """Another day that is remembered; `title` is in the language asked for."""

    date: dt.date
    event: str
    year: int
    title: str
    kind: Literal["event"] = "event"


Clash = HolidayClash | WeekendClash | EventClash


class Clashes:
    """What the anniversaries of a period fall on, in the countries that were chosen."""

    def __init__(self, catalog: Catalog, countries: Sequence[str]) -> None:
        """Take countries as settings have them. Raises UnknownRegionError."""
        self._catalog = catalog
        self._regions: list[tuple[str, Region]] = []
        self._remembered: dict[date, list[Occurrence]] = defaultdict(list)
        self._years: set[int] = set()
        if countries:
            from notifier.catalog.importers.public_days import parse_region

            self._regions = [(text, parse_region(text)) for text in dict.fromkeys(countries)]

    def of(self, occurrence: Occurrence, language: Language) -> list[Clash]:
        """Return what an anniversary falls on, day by day, in the words of a language."""
        self._look_at(occurrence.first.year)
        return [clash for day in _days(occurrence) for clash in self._on(day, occurrence, language)]

    def phrases(self, occurrence: Occurrence, language: Language) -> list[str]:
        """Return the same in words, each once."""
        return list(dict.fromkeys(_phrase(clash, language) for clash in self.of(occurrence, language)))

    def fields(self, occurrence: Occurrence, language: Language) -> list[dict[str, object]]:
        """Return the same for machines."""
        return [asdict(clash) for clash in self.of(occurrence, language)]

    def _on(self, day: date, occurrence: Occurrence, language: Language) -> Iterator[Clash]:
        yield from self._holidays(day, language.tag)
        if regions := self._weekend(day):
            yield WeekendClash(day, regions)
        for other in self._remembered.get(day, ()):
            if other.event.id != occurrence.event.id:
                title = title_of(other, self._catalog, language)
                yield EventClash(day, other.event.id, other.year, title)

    def _holidays(self, day: date, tag: str) -> Iterator[HolidayClash]:
        if not self._regions:
            return
        from notifier.catalog.importers.public_days import public_days

        for text, region in self._regions:
            for one in public_days(region, (day.year,), tag):
                if one.date == day:
                    yield HolidayClash(day, text, one.name, one.language, one.substitute, one.estimated)

    def _weekend(self, day: date) -> tuple[str, ...]:
        if not self._regions:
            return ()
        from notifier.catalog.importers.public_days import is_weekend

        return tuple(text for text, region in self._regions if is_weekend(region, day))

    def _look_at(self, year: int) -> None:
        """Find all that is remembered in a year and in what of the next a span reaches into, once."""
        if year in self._years:
            return
        self._years.add(year)
        first = date(year, 1, 1)
        start = first - timedelta(days=_LONGEST) if year > 1 else first
        end = days_after(first, 366 + _LONGEST)
        for found in occurrences_between(self._catalog.events, start, end):
            for day in _days(found):
                if found not in self._remembered[day]:
                    self._remembered[day].append(found)


def _days(occurrence: Occurrence) -> Iterable[date]:
    last = min(occurrence.last, days_after(occurrence.first, _LONGEST))
    return [days_after(occurrence.first, number) for number in range((last - occurrence.first).days + 1)]


def _phrase(clash: Clash, language: Language) -> str:
    match clash:
        case HolidayClash():
            return holiday_phrase(
                clash.region, clash.name, language, substitute=clash.substitute, estimated=clash.estimated
            )
        case WeekendClash():
            return weekend_phrase(clash.regions, language)
        case EventClash():
            return beside_phrase(clash.title, language)
