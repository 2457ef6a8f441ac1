"""Publishing: every calendar feed there is, from the calendar and what is known of earlier revisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from notifier.content.feed_heads import feed_heads
from notifier.content.feeds import (
    Feed,
    WrittenEntry,
    build_feed,
    empty_entry,
    write_entry,
)
from notifier.content.language import Languages
from notifier.content.limits import STANDARD, FeedLimits, Reader, within_limits
from notifier.content.templates import Templates
from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.domain.hours import local_date
from notifier.domain.occurrences import occurrences_between
from notifier.domain.windows import FeedYears, feed_years, turns_at
from notifier.packaged import packaged
from notifier.storage.engine import reading, writing
from notifier.storage.revisions import (
    FeedState,
    StoredEntry,
    feed_states,
    save_entries,
    save_feed_states,
    stored_entries,
)
from notifier.usecases.dating import Dating
from notifier.usecases.entries import cancelled_entry, feeds_of_cancelled, present_entry
from notifier.usecases.revising import CANCELLED_FOR, Revising
from notifier.usecases.shape_paths import SHAPES
from notifier.usecases.shape_states import unsaid
from notifier.usecases.shapes import Ground, OtherShapes, discovery

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published and where: the languages served, and how many years around the present one.

    `base_url` has no slash at its end; `hub` is the WebSub hub that is told of changes, empty without one.
    """

    languages: Languages
    served: tuple[str, ...]
    base_url: str
    years_back: int
    years_ahead: int
    limits: FeedLimits = STANDARD
    templates: Templates = field(default_factory=lambda: Templates(packaged("templates")))
    hub: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published at one time, by path. `moved` leads from an event feed's former paths to its present.

    `feeds` are the calendar feeds; `shapes` are all others, each made when it is first asked for; `entries` are those
    of the calendar feeds, by language. `shortened` are the paths of those that were too long for many clients. At
    `valid_until` (UTC) something is outdated though nothing was edited: the years turn, the time of a cancelled entry
    is over, or a notice is announced.
    """

    catalog: Catalog
    years: FeedYears
    feeds: Mapping[str, Feed]
    moved: Mapping[str, str]
    valid_until: datetime = _FOREVER
    shapes: OtherShapes | None = None
    entries: Mapping[str, Sequence[WrittenEntry]] = field(default_factory=dict)
    shortened: tuple[str, ...] = ()

    def feed(self, path: str) -> Feed | None:
        """Return the feed at an address, in whatever shape, or None where there is none."""
        feed = self.feeds.get(path)
        return feed if feed is not None or self.shapes is None else self.shapes.get(path)

    def is_made(self, path: str) -> bool:
        """Whether `feed` answers at once, with a feed or without one."""
        return path in self.feeds or self.shapes is None or self.shapes.is_made(path)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of earlier publishing: entries by UID and language, feeds by path."""

    entries: Mapping[tuple[str, str], StoredEntry] = field(default_factory=dict)
    feeds: Mapping[str, FeedState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A site, and what has to be kept of it so that the next one knows it."""

    site: Site
    entries: Sequence[StoredEntry]
    feeds: Mapping[str, FeedState]


def publish_feeds(
    engine: Engine, catalog: Catalog, publication: Publication, now: datetime, *, record: bool = True
) -> Site:
    """Return all feeds as they are at `now`.

    With `record` new revisions are kept, which only one process may do at a time; without it nothing is written.
    """
    with reading(engine) as db:
        kept = Kept(stored_entries(db), feed_states(db))
    made = make_site(catalog, publication, kept, now)
    if record:
        _record(engine, made.entries, made.feeds)
    return made.site


def make_site(catalog: Catalog, publication: Publication, kept: Kept, now: datetime) -> Made:
    """Make all feeds as they are at `now`, from what is known of earlier ones."""
    years = feed_years(now, catalog.calendar.zone, publication.years_back, publication.years_ahead)
    occurrences = occurrences_between(catalog.events, years.start, years.end)
    revising = Revising(catalog, publication.languages, kept.entries, now)
    dating = Dating(catalog, years, kept.feeds, now)
    feeds: dict[str, Feed] = {}
    written: dict[str, list[WrittenEntry]] = {}
    shortened: list[str] = []
    outdated = [turns_at(years, catalog.calendar.zone)]
    for tag in publication.served:
        entries, cancelled = revising.entries(tag, occurrences), revising.cancelled(tag, years)
        outdated += [one.cancelled_at + CANCELLED_FOR for one in cancelled if one.cancelled_at is not None]
        present = [write_entry(present_entry(one), publication.base_url) for one in entries]
        gone = [(one, write_entry(cancelled_entry(one), publication.base_url)) for one in cancelled]
        written[tag] = [*present, *(entry for _, entry in gone)]
        for feed, whole in _feeds(publication, tag, present, gone, dating):
            feeds[feed.path] = feed
            if not whole:
                shortened.append(feed.path)
    shapes = _shapes(publication, dating, feeds, written, local_date(now, catalog.calendar.zone))
    moved = _moved(catalog, publication.served)
    site = Site(catalog, years, feeds, moved, min(*outdated, shapes.valid_until), shapes, written, tuple(shortened))
    return Made(site, revising.changed, dating.changed)


def _shapes(
    publication: Publication,
    dating: Dating,
    feeds: Mapping[str, Feed],
    written: Mapping[str, Sequence[WrittenEntry]],
    day: date,
) -> OtherShapes:
    catalog, p = dating.catalog, publication
    said = unsaid(catalog, p.languages, p.served, p.templates)
    dated = {name: dating.changed_at(name, digest) for name, digest in said}
    ground = Ground(
        catalog, dating.years, p.languages, p.served, p.templates, p.base_url, p.hub, feeds, written, dated
    )  # fmt: skip
    return OtherShapes(ground, day)


def _feeds(
    publication: Publication,
    tag: str,
    present: Sequence[WrittenEntry],
    cancelled: Sequence[tuple[StoredEntry, WrittenEntry]],
    dating: Dating,
) -> Iterator[tuple[Feed, bool]]:
    """Yield the calendar feeds of one language, each with whether all of it fits into what clients take."""
    language, catalog, base_url = publication.languages[tag], dating.catalog, publication.base_url
    reader = Reader(language, catalog.calendar, dating.years, base_url)
    by_event: dict[str, list[WrittenEntry]] = {}
    for one in present:
        by_event.setdefault(one.entry.event_id, []).append(one)
    leaving: dict[str, list[WrittenEntry]] = {}
    for stored, written in cancelled:
        for path in feeds_of_cancelled(stored, catalog):
            leaving.setdefault(path, []).append(written)
    nothing = [write_entry(empty_entry(language, catalog.calendar, dating.years.seen_from), base_url)]
    heads = {head.path: (head, events) for head, events in feed_heads(catalog, language)}
    for path in sorted(leaving.keys() - heads.keys()):
        head = dating.last_head(path, tag)
        if head is not None:
            heads[path] = (head, ())
    for path, (head, events) in heads.items():
        held = [entry for event in events for entry in by_event.get(event.id, ())]
        whole = [*held, *leaving.get(path, ())] or nothing
        shown = within_limits(head, whole, reader, publication.limits)
        feed = build_feed(head, shown, base_url, dating.last_modified(head, shown))
        if publication.hub:
            feed = replace(feed, headers=discovery(publication.hub, base_url + path))
        yield feed, shown is whole


def _moved(catalog: Catalog, languages: Sequence[str]) -> dict[str, str]:
    present = {event.id for event in catalog.events}
    return {
        addresses.event_feed(tag, former, shape): addresses.event_feed(tag, event.id, shape)
        for tag in languages
        for event in catalog.events
        for former in event.was
        if former not in present
        for shape in ("ics", *SHAPES)
    }


def _record(engine: Engine, entries: Sequence[StoredEntry], states: Mapping[str, FeedState]) -> None:
    if entries or states:
        with writing(engine) as db:
            save_entries(db, entries)
            save_feed_states(db, states)
