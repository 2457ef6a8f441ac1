"""Kept entries as those of feeds: where each is read about, and which feeds hold one that was taken out."""

from __future__ import annotations

from collections.abc import Iterator

from notifier.content.feeds import Entry, cancelled_content
from notifier.domain import addresses
from notifier.domain.events import Catalog, CollectionId, Event
from notifier.storage.revisions import StoredEntry


def present_entry(stored: StoredEntry) -> Entry:
    """Return the entry of an anniversary that is remembered; its page is the anniversary's."""
    path = addresses.occurrence(stored.revision.language, stored.event_id, stored.year)
    return _entry(stored, path, stored.content)


def cancelled_entry(stored: StoredEntry) -> Entry:
    """Return the entry of one that was taken out: what it was, cancelled.

    Its page is the first one: that there is whatever becomes of the event, so that the entry never changes again.
    """
    return _entry(stored, addresses.home(stored.revision.language), cancelled_content(stored.content), cancelled=True)


def feeds_of_cancelled(stored: StoredEntry, catalog: Catalog) -> Iterator[str]:
    """Yield the paths of the calendar feeds that held the entry."""
    event, tag = _event_of(stored, catalog), stored.revision.language
    yield addresses.feed(tag, addresses.EVERYTHING)
    for collection in stored.collections:
        yield addresses.feed(tag, collection)
    yield addresses.event_feed(tag, stored.event_id if event is None else event.id)


def _event_of(stored: StoredEntry, catalog: Catalog) -> Event | None:
    """Return the event, whatever it is called now; None once it is taken out."""
    permanent_id = stored.revision.uid.rpartition("@")[0].removesuffix(f".{stored.year}")
    return next((event for event in catalog.events if event.permanent_id == permanent_id), None)


def _entry(stored: StoredEntry, path: str, content: bytes, *, cancelled: bool = False) -> Entry:
    return Entry(
        revision=stored.revision,
        path=path,
        content=content,
        event_id=stored.event_id,
        year=stored.year,
        first=stored.first,
        collections=tuple(map(CollectionId, stored.collections)),
        cancelled=cancelled,
        ordinal=stored.ordinal,
        timed=stored.timed,
    )
