"""The calendar feed of a built selection: known entries joined, with what its reader chose to have beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from operator import attrgetter

from notifier.content.additions import Additions, Beside
from notifier.content.feed_heads import selection
from notifier.content.feeds import Entry, Feed, FeedHead, Ordered, WrittenEntry, build_feed, empty_entry, write_entry
from notifier.content.language import Language
from notifier.content.limits import STANDARD, FeedLimits, Reader, within_limits
from notifier.domain.built import Built
from notifier.domain.events import Calendar, Catalog, Event
from notifier.domain.round_years import milestone_numbers
from notifier.domain.selections import EVERYTHING
from notifier.domain.windows import FeedYears

_Own = tuple[Sequence[WrittenEntry], Event | None]
"""The entries of one event, and the event where that is still in the calendar."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection's feed before it is dated: its head, its entries and the time zones these need."""

    head: FeedHead
    entries: Ordered
    zones: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is to choose from in one language: the calendar, and the entries of each event.

    Entries of events that were taken out, which are cancelled, are among them.
    """

    catalog: Catalog
    years: FeedYears
    language: Language
    by_event: Mapping[str, Sequence[WrittenEntry]]
    base_url: str


def choose(built: Built, shelf: Shelf, additions: Additions, limits: FeedLimits = STANDARD) -> Chosen:
    """Return what a selection holds; an entry that says so where that is nothing."""
    catalog, language = shelf.catalog, shelf.language
    # Most people want everything, and then no event has to be looked at.
    picked = catalog.events if built.selection == EVERYTHING else built.selection.pick(catalog.events)
    head = selection(built, picked, catalog, language)
    zones: set[bytes] = set()
    entries: Sequence[WrittenEntry] = Ordered.of(
        _entries(built, _selected(built, picked, shelf), language, additions, zones)
    )
    if not entries:
        entries = (write_entry(empty_entry(language, catalog.calendar, shelf.years.seen_from), shelf.base_url),)
    needed = tuple(sorted(zones - {b""}))
    reader = Reader(language, catalog.calendar, shelf.years, shelf.base_url)
    room = replace(limits, octets=limits.octets - sum(map(len, needed)))
    return Chosen(head, Ordered.of(within_limits(head, entries, reader, room)), needed)


def _entries(
    built: Built, selected: Iterable[_Own], language: Language, additions: Additions, zones: set[bytes]
) -> Iterable[WrittenEntry]:
    """Return every entry, nearly in order, and gather the time zones that they need."""
    if built.alarms or built.ahead or built.timed:
        beside = Beside(built, language, additions)
        return (one for own, event in selected for written in own for one in beside.around(written, event, zones))
    return chain.from_iterable(own for own, _ in selected)


def dated(chosen: Chosen, base_url: str, last_modified: datetime) -> Feed:
    """Return the finished feed, in one piece: what of it is kept is what is sent, so nothing is shared with others."""
    feed = build_feed(chosen.head, chosen.entries, base_url, last_modified, chosen.zones)
    return replace(feed, parts=(feed.identity,))


def is_round(ordinal: int | None, calendar: Calendar) -> bool:
    """Whether the anniversary is a multiple of what the calendar calls a milestone."""
    return ordinal is not None and any(ordinal % one == 0 for one in milestone_numbers(calendar))


def _selected(built: Built, picked: Iterable[Event], shelf: Shelf) -> Iterator[_Own]:
    """Yield the entries that are selected, by their event's id; last those whose events were taken out."""
    for event in sorted(picked, key=attrgetter("id")):
        yield _wanted(shelf.by_event.get(event.id, ()), built, shelf), event
    present = {event.id for event in shelf.catalog.events}
    for id_ in shelf.by_event.keys() - present:
        yield _wanted([one for one in shelf.by_event[id_] if _held(one.entry, built)], built, shelf), None


def _wanted(entries: Sequence[WrittenEntry], built: Built, shelf: Shelf) -> Sequence[WrittenEntry]:
    """Return the round anniversaries where only those are wanted; what was cancelled is as round as it was."""
    if not built.round_only:
        return entries
    return [one for one in entries if is_round(one.entry.ordinal, shelf.catalog.calendar)]


def _held(entry: Entry, built: Built) -> bool:
    """Whether an entry is selected whose event was taken out; its last id and its first one are known."""
    return built.selection.holds((entry.event_id, entry.revision.uid.partition(".")[0]), entry.collections)
