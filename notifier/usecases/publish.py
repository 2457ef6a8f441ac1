"""Publishing: every calendar feed there is, from the calendar and what is known of earlier revisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

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
from notifier.content.limits import STANDARD, FeedLimits, Reader, one_within_limits, within_limits
from notifier.content.single_days import SingleDays
from notifier.content.templates import Templates
from notifier.domain.events import Catalog
from notifier.domain.hours import local_date
from notifier.domain.occurrences import Occurrence, occurrences_between
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
from notifier.usecases.former_paths import moved
from notifier.usecases.revised_entries import Revising
from notifier.usecases.shape_paths import SHAPES
from notifier.usecases.shape_states import program_digest, unsaid
from notifier.usecases.shapes import MOST_BYTES, Ground, OtherShapes, discovery
from notifier.usecases.table_states import tables_and_lists

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published and where: the languages served, and how many years around the present one.

    `base_url` has no slash at its end; `hub` is the WebSub hub that is told of changes, empty without one.
    `shapes_bytes` is how much of the other shapes is kept.
    """

    languages: Languages
    served: tuple[str, ...]
    base_url: str
    years_back: int
    years_ahead: int
    limits: FeedLimits = STANDARD
    templates: Templates = field(default_factory=lambda: Templates(packaged("templates")))
    hub: str = ""
    shapes_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published at one time, by path.

    `feeds` are the calendar feeds, `days` single anniversaries as files; `shapes` are all others, each made when it is
    first asked for; `entries` are those of the calendar feeds, by language. `moved` leads from former paths to what a
    redirect names, which begins with the path that the base address has. `shortened` are the paths of feeds that were
    too long for many clients. At `valid_until` (UTC) something is outdated though nothing was edited: the years turn,
    the time of a cancelled entry is over, or a notice is announced.
    """

    catalog: Catalog
    years: FeedYears
    feeds: Mapping[str, Feed]
    moved: Mapping[str, str]
    valid_until: datetime = _FOREVER
    shapes: OtherShapes | None = None
    entries: Mapping[str, Sequence[WrittenEntry]] = field(default_factory=dict)
    shortened: tuple[str, ...] = ()
    days: Mapping[str, Feed] = field(default_factory=dict)

    def feed(self, path: str) -> Feed | None:
        """Return the feed at an address, in whatever shape, or None where there is none."""
        feed = self.feeds.get(path) or self.days.get(path)
        return feed if feed is not None or self.shapes is None else self.shapes.get(path)

    def is_made(self, path: str) -> bool:
        """Whether `feed` answers at once, with a feed or without one."""
        return path in self.feeds or path in self.days or self.shapes is None or self.shapes.is_made(path)

    def is_gone(self, path: str) -> bool:
        """Whether this is another shape of a feed all of whose events were taken out: only the calendar feed goes on.

        That one tells calendars to cancel what they show. The other shapes have nothing left to tell.
        """
        name, _, shape = path.rpartition(".")
        return shape in SHAPES and f"{name}.ics" in self.feeds and self.feed(path) is None


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
    for tag in publication.served:
        entries, cancelled = revising.entries(tag, occurrences), revising.cancelled(tag, years)
        present = [write_entry(present_entry(one), publication.base_url) for one in entries]
        gone = [(one, write_entry(cancelled_entry(one), publication.base_url)) for one in cancelled]
        written[tag] = [*present, *(entry for _, entry in gone)]
        for feed, whole in _feeds(publication, tag, present, gone, dating):
            feeds[feed.path] = feed
            if not whole:
                shortened.append(feed.path)
    revising.forget(publication.served)
    dating.forget()
    outdated = [turns_at(years, catalog.calendar.zone), *revising.outdated]
    dated = _dated(publication, dating, occurrences)
    ground = _ground(publication, dating, feeds, written, dated)
    shapes = OtherShapes(ground, local_date(now, catalog.calendar.zone))
    site = Site(
        catalog,
        years,
        feeds,
        dict(moved(catalog, publication.served, publication.base_url, occurrences)),
        min(*outdated, shapes.valid_until),
        shapes,
        written,
        tuple(shortened),
        SingleDays(written, feeds, partial(_alone, publication)),
    )
    return Made(site, revising.changed, dating.changed)


def _ground(
    publication: Publication,
    dating: Dating,
    feeds: Mapping[str, Feed],
    written: Mapping[str, Sequence[WrittenEntry]],
    dated: Mapping[str, datetime],
) -> Ground:
    p = publication
    return Ground(
        dating.catalog, dating.years, p.languages, p.served, p.templates, p.base_url, p.hub, feeds, written, dated
    )  # fmt: skip


def _alone(publication: Publication, written: WrittenEntry) -> WrittenEntry:
    """Return an entry as it stands in a file of its own."""
    language = publication.languages[written.entry.revision.language]
    return one_within_limits(written, language, publication.base_url, publication.limits)


def _dated(publication: Publication, dating: Dating, occurrences: Sequence[Occurrence]) -> dict[str, datetime]:
    """Return when what the other shapes say last changed, where no calendar feed tells."""
    catalog, p = dating.catalog, publication
    said = unsaid(catalog, p.languages, p.served, p.templates)
    dated = {name: dating.changed_at(name, digest) for name, digest in said}
    own = tables_and_lists(catalog, p.languages, p.served, occurrences, program_digest(p.templates))
    return dated | {one.path: dating.said_at(*one) for one in own}


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


def _record(engine: Engine, entries: Sequence[StoredEntry], states: Mapping[str, FeedState]) -> None:
    if entries or states:
        with writing(engine) as db:
            save_entries(db, entries)
            save_feed_states(db, states)
