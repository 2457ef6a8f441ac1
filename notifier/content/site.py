"""What the pages of one calendar and one date have in common, and what stands around each page's content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial

from notifier.content.feed_heads import selection
from notifier.content.language import Language
from notifier.content.templates import Templates
from notifier.content.views import OccurrenceView, Words
from notifier.content.wording import view_occurrence, words
from notifier.domain import addresses
from notifier.domain.built import Built
from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.windows import FeedYears

_AT_LEAST, _AT_MOST = 10, 60
_YEAR = timedelta(days=366)
_LONGEST_SPAN = timedelta(days=60)
"""How long ago something may have begun that is not over yet."""

PathOf = Callable[[str], str]
"""The path of a page in the language with this tag."""


@dataclass(frozen=True)
class SiteDay:
    """One calendar on one date.

    `languages` are those served, in the calendar's order; `base_url` has no slash at its end; `day` is the date in
    the calendar's zone; `style` and `icon` are the paths of the stylesheet and the icon.
    """

    catalog: Catalog
    languages: tuple[Language, ...]
    templates: Templates
    base_url: str
    day: date
    years: FeedYears
    style: str
    icon: str

    @cached_property
    def coming(self) -> tuple[Occurrence, ...]:
        """What comes next: a year of it, but at least ten days where there are as many, and at most sixty."""
        within_a_year = self.to_come(self.catalog.events, self.day + _YEAR)
        if len(within_a_year) >= _AT_LEAST:
            return tuple(within_a_year[:_AT_MOST])
        return tuple(self.to_come(self.catalog.events, self.day + 10 * _YEAR)[:_AT_LEAST])

    def to_come(self, events: Sequence[Event], end: date) -> list[Occurrence]:
        """Return what is not over yet and begins before `end`, soonest first."""
        found = occurrences_between(events, self.day - _LONGEST_SPAN, end)
        return [occurrence for occurrence in found if occurrence.last >= self.day]

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
    event, published = occurrence.event, occurrence.first in site.years
    own, whole = addresses.occurrence(language.tag, event.id, occurrence.year), addresses.event(language.tag, event.id)
    over = occurrence.last < site.day
    return Row(
        view=view_occurrence(occurrence, site.catalog, language),
        anniversary=None if occurrence.ordinal is None else language.anniversary(occurrence.ordinal),
        left=None if over else language.days_left(max(0, (occurrence.first - site.day).days)),
        published=published,
        path=site.local(own if published else whole),
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
    calendar = site.catalog.calendar
    everything = words(calendar.name, site.catalog, language)
    tag = language.tag
    found = [_feed_links(site, everything, partial(addresses.feed, tag, addresses.EVERYTHING))]
    for collection in site.catalog.collection_ids():
        name = calendar.collections.get(collection)
        shown = words(name, site.catalog, language) if name else Words(collection, tag, "ltr", None)
        found.append(_feed_links(site, shown, partial(addresses.feed, tag, collection)))
    return tuple(found)


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


@dataclass(frozen=True, slots=True)
class Version:
    """The same page in one language, which is named in itself."""

    language: str
    direction: str
    name: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page's content.

    Without a `canonical` address the page is not to be indexed, and has no versions in other languages.
    """

    language: str
    direction: str
    site: Words
    title: str
    description: str | None
    canonical: str | None
    default: str | None
    versions: tuple[Version, ...]
    feeds: tuple[FeedLinks, ...]
    home: str
    subscribing: str
    building: str
    style: str
    icon: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself; `path_of` is None for one without a lasting address."""

    title: str
    path_of: PathOf | None = None
    description: str | None = None
    feeds: tuple[FeedLinks, ...] = ()


def frame(site: SiteDay, language: Language, head: Head) -> Frame:
    """Return what stands around a page."""
    name, path_of = words(site.catalog.calendar.name, site.catalog, language), head.path_of
    return Frame(
        language=language.tag,
        direction=language.direction,
        site=name,
        title=f"{head.title} – {name.text}",
        description=head.description,
        canonical=None if path_of is None else site.absolute(path_of(language.tag)),
        default=None if path_of is None else site.absolute(_default(site, path_of)),
        versions=() if path_of is None else tuple(_version(site, other, path_of) for other in site.languages),
        feeds=head.feeds,
        home=site.local(addresses.home(language.tag)),
        subscribing=site.local(addresses.subscribing(language.tag)),
        building=site.local(addresses.subscribe(language.tag)),
        style=site.local(site.style),
        icon=site.local(site.icon),
    )


def _default(site: SiteDay, path_of: PathOf) -> str:
    """Return the path for readers of any other language: only the start page can ask a browser which it reads."""
    return addresses.ROOT if path_of is addresses.home else path_of(site.languages[0].tag)


def _version(site: SiteDay, language: Language, path_of: PathOf) -> Version:
    path = path_of(language.tag)
    name = language.language_name(language.tag)
    return Version(language.tag, language.direction, name, site.local(path), site.absolute(path))
