"""Publishing: every calendar feed there is, from the calendar and what is known of earlier revisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from notifier.content.feed_heads import feed_heads
from notifier.content.feeds import (
    Entry,
    Feed,
    FeedHead,
    WrittenEntry,
    build_feed,
    empty_entry,
    feed_digest,
    write_entry,
)
from notifier.content.language import Languages
from notifier.domain import addresses
from notifier.domain.events import Catalog, CollectionId
from notifier.domain.occurrences import occurrences_between
from notifier.domain.revisions import later_than, start_of
from notifier.domain.windows import FeedYears, feed_years, turned_at
from notifier.storage.engine import reading, writing
from notifier.storage.revisions import (
    FeedState,
    StoredEntry,
    feed_states,
    save_entries,
    save_feed_states,
    stored_entries,
)
from notifier.usecases.revising import Revising


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published and where: the languages served, and how many years around the present one.

    `base_url` has no slash at its end.
    """

    languages: Languages
    served: tuple[str, ...]
    base_url: str
    years_back: int
    years_ahead: int


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published at one time, by path. `moved` leads from an event feed's former paths to its present."""

    catalog: Catalog
    years: FeedYears
    feeds: Mapping[str, Feed]
    moved: Mapping[str, str]


def publish_feeds(
    engine: Engine, catalog: Catalog, publication: Publication, now: datetime, *, record: bool = True
) -> Site:
    """Return all feeds as they are at `now`.

    With `record` new revisions are kept, which only one process may do at a time; without it nothing is written.
    """
    years = feed_years(now, catalog.calendar.zone, publication.years_back, publication.years_ahead)
    with reading(engine) as db:
        kept_entries, kept_states = stored_entries(db), feed_states(db)
    occurrences = occurrences_between(catalog.events, years.start, years.end)
    revising = Revising(catalog, publication.languages, kept_entries, now)
    dating = _Dating(catalog, years, kept_states, now)
    feeds: dict[str, Feed] = {}
    for tag in publication.served:
        for feed in _feeds(publication, tag, revising.entries(tag, occurrences), dating):
            feeds[feed.path] = feed
    if record:
        _record(engine, revising.changed, dating.changed)
    return Site(catalog, years, feeds, _moved(catalog, publication.served))


class _Dating:
    """Last-Modified of every feed: kept while the content is equal, and never going back."""

    def __init__(self, catalog: Catalog, years: FeedYears, kept: Mapping[str, FeedState], now: datetime) -> None:
        self.catalog = catalog
        self.years = years
        self.changed: dict[str, FeedState] = {}
        self._kept = kept
        self._now = now
        # A feed begins no earlier than its calendar, and changes when the years do.
        self._least = (start_of(catalog.calendar.published), turned_at(years, catalog.calendar.zone))

    def last_modified(self, head: FeedHead, entries: Sequence[WrittenEntry]) -> datetime:
        """Return when the feed last changed (UTC, whole seconds), and note it down where it has changed now.

        What a fresh database answers depends on nothing but the year; so two of them answer alike.
        """
        digest = feed_digest(head, entries, self.years)
        kept = self._kept.get(head.path)
        if kept is not None and kept.digest == digest:
            return kept.last_modified
        instants = (*self._least, *(written.entry.revision.revised for written in entries))
        modified = max(instant for instant in instants if instant <= self._now)
        if kept is not None and modified <= kept.last_modified:
            modified = later_than(kept.last_modified, self._now)
        self.changed[head.path] = FeedState(digest, modified)
        return modified


def _feeds(publication: Publication, tag: str, stored: Sequence[StoredEntry], dating: _Dating) -> Iterator[Feed]:
    language, catalog, base_url = publication.languages[tag], dating.catalog, publication.base_url
    by_event: dict[str, list[WrittenEntry]] = {}
    for one in stored:
        by_event.setdefault(one.event_id, []).append(write_entry(_entry(one), base_url))
    nothing = [write_entry(empty_entry(language, catalog.calendar, dating.years.seen_from), base_url)]
    for head, events in feed_heads(catalog, language):
        written = [entry for event in events for entry in by_event.get(event.id, ())] or nothing
        yield build_feed(head, written, base_url, dating.last_modified(head, written))


def _entry(stored: StoredEntry) -> Entry:
    return Entry(
        revision=stored.revision,
        path=addresses.occurrence(stored.revision.language, stored.event_id, stored.year),
        content=stored.content,
        event_id=stored.event_id,
        year=stored.year,
        first=stored.first,
        collections=tuple(map(CollectionId, stored.collections)),
    )


def _moved(catalog: Catalog, languages: Sequence[str]) -> dict[str, str]:
    present = {event.id for event in catalog.events}
    return {
        addresses.event_feed(tag, former): addresses.event_feed(tag, event.id)
        for tag in languages
        for event in catalog.events
        for former in event.was
        if former not in present
    }


def _record(engine: Engine, entries: Sequence[StoredEntry], states: Mapping[str, FeedState]) -> None:
    if entries or states:
        with writing(engine) as db:
            save_entries(db, entries)
            save_feed_states(db, states)
