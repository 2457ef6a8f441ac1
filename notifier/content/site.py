"""What the pages of one calendar and one date have in common, and what stands around each page's content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial

from notifier.content.choices import collection_name
from notifier.content.feed_heads import selection
from notifier.content.language import Language
from notifier.content.templates import Templates
from notifier.content.views import OccurrenceView, Words
from notifier.content.wording import view_occurrence, words
from notifier.domain import addresses
from notifier.domain.built import Built
from notifier.domain.events import Catalog, Event
from notifier.domain.long_lists import LONGEST_SPAN, LongLists, how_many_fit, long_lists, weight
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.windows import FeedYears

MOST_COLLECTIONS = 30
"""So many have their feeds on every page that shows how to subscribe; each takes a kilobyte and a half."""

_AT_LEAST, _AT_MOST = 10, 60
_ROOM = 28_000
"""Bytes for what comes next: it stands beside other lists."""

_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class SiteDay:
    """One calendar on one date.

    `languages` are those served, in the calendar's order; `base_url` has no slash at its end; `day` is the date in
    the calendar's zone; `style`, `icon` and `script` are the paths of the stylesheet, the icon and the script. With
    `pictures` each published anniversary has one; a site that is not `live` has no running service beside it.
    """

    catalog: Catalog
    languages: tuple[Language, ...]
    templates: Templates
    base_url: str
    day: date
    years: FeedYears
    style: str
    icon: str
    script: str = addresses.static("page.js")
    pictures: bool = True
    live: bool = True

    @cached_property
    def long_lists(self) -> LongLists:
        """The pages that there are because lists are long."""
        return long_lists(self.catalog, self.years)

    @cached_property
    def coming(self) -> tuple[Occurrence, ...]:
        """What comes next: a year of it, but at least ten days where there are as many, and at most sixty.

        Where headings are very long they are fewer.
        """
        within_a_year = self.to_come(self.catalog.events, self.day + _YEAR)[:_AT_MOST]
        if len(within_a_year) >= _AT_LEAST:
            return tuple(within_a_year[: self.how_many_to_come(within_a_year)])
        return tuple(self.to_come(self.catalog.events, self.day + 10 * _YEAR)[:_AT_LEAST])

    @staticmethod
    def how_many_to_come(found: Sequence[Occurrence]) -> int:
        """Return how many of what comes next are shown beside other lists."""
        return how_many_fit((weight(one.event) for one in found[:_AT_MOST]), _AT_MOST, _ROOM)

    def to_come(self, events: Sequence[Event], end: date) -> list[Occurrence]:
        """Return what is not over yet and begins before `end`, soonest first."""
        found = occurrences_between(events, self.day - LONGEST_SPAN, end)
        return [occurrence for occurrence in found if occurrence.last >= self.day]

    def page_of(self, tag: str, occurrence: Occurrence) -> str:
        """Return the path of an anniversary's page; where it has none, being of another year, of its event's."""
        if occurrence.first in self.years:
            return addresses.occurrence(tag, occurrence.event.id, occurrence.year)
        return addresses.event(tag, occurrence.event.id)

    def absolute(self, path: str) -> str:
        """Return the whole address of a path."""
        return f"{self.base_url}{path}"

    def local(self, path: str) -> str:
        """Return the path as links on the same host need it: below the path that `base_url` itself may have."""
        return addresses.local(self.base_url, path)


@dataclass(frozen=True, slots=True)
class Row:
    """One anniversary on a page; `left` is None once it is over.

    Only a `published` one has a page of its own; for any other the path is the event's.
    """

    view: OccurrenceView
    anniversary: str | None
    left: str | None
    published: bool
    path: str


def row(site: SiteDay, language: Language, occurrence: Occurrence) -> Row:
    """Word one anniversary."""
    published = occurrence.first in site.years
    over = occurrence.last < site.day
    return Row(
        view=view_occurrence(occurrence, site.catalog, language),
        anniversary=None if occurrence.ordinal is None else language.anniversary(occurrence.ordinal),
        left=None if over else language.days_left(max(0, (occurrence.first - site.day).days)),
        published=published,
        path=site.local(site.page_of(language.tag, occurrence)),
    )


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """A feed's name and address, the links that subscribe to it, and the addresses of its other shapes."""

    name: Words
    url: str
    webcal: str
    google: str
    outlook: str
    office: str
    atom: str
    json: str
    csv: str


def feeds(site: SiteDay, language: Language) -> tuple[FeedLinks, ...]:
    """Return the feed of everything, then those of the collections."""
    catalog, tag = site.catalog, language.tag
    everything = words(catalog.calendar.name, catalog, language)
    named = [(addresses.EVERYTHING, everything)]
    named += [(id_, collection_name(id_, catalog, language)) for id_ in catalog.collection_ids()]
    return tuple(_feed_links(site, name, partial(addresses.feed, tag, of)) for of, name in named)


def main_feeds(site: SiteDay, language: Language) -> tuple[FeedLinks, ...]:
    """Return the feeds of everything and of the collections; of very many collections the first alone.

    Their own pages then say how to subscribe to them.
    """
    return feeds(site, language)[: None if len(site.catalog.collection_ids()) <= MOST_COLLECTIONS else 1]


def event_feed(site: SiteDay, language: Language, event: Event) -> FeedLinks:
    """Return the feed of one event."""
    name = words(event.heading, site.catalog, language)
    return _feed_links(site, name, partial(addresses.event_feed, language.tag, event.id))


def whole_years(site: SiteDay, language: Language) -> tuple[tuple[int, str], ...]:
    """Return this year and those to come, each with its path, for calendars that cannot subscribe."""
    years = range(site.years.seen_from, site.years.last + 1)
    return tuple((year, site.local(addresses.year_feed(language.tag, year))) for year in years)


def selection_feed(site: SiteDay, built: Built, language: Language) -> FeedLinks:
    """Return the feed of a built selection, which is in `language`."""
    head = selection(built, built.selection.pick(site.catalog.events), site.catalog, language)
    name = Words(head.name, language.tag, language.direction, None)
    return _feed_links(site, name, partial(addresses.selection, built.token))


def _feed_links(site: SiteDay, name: Words, path_of: Callable[[str], str]) -> FeedLinks:
    """Return a feed's links; `path_of` is its path in a shape."""
    url = site.absolute(path_of("ics"))
    return FeedLinks(
        name=name,
        url=url,
        webcal=addresses.webcal(url),
        google=addresses.google_subscribe(url),
        outlook=addresses.outlook_subscribe(url, name.text),
        office=addresses.outlook_subscribe(url, name.text, "outlook.office.com"),
        atom=site.absolute(path_of("atom")),
        json=site.absolute(path_of("json")),
        csv=site.absolute(path_of("csv")),
    )
