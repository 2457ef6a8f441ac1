"""The calendar feed of a built selection: known entries joined, with what its reader chose to have beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notifier.content.additions import Additions
from notifier.content.feed_heads import selection
from notifier.content.feeds import Entry, Feed, FeedHead, WrittenEntry, build_feed, empty_entry, write_entry
from notifier.content.language import Language
from notifier.content.limits import STANDARD, FeedLimits, Reader, within_limits
from notifier.domain.built import Built
from notifier.domain.events import Calendar, Catalog, Event
from notifier.domain.occurrences import ordinal_of
from notifier.domain.windows import FeedYears

ROUND = (5,)
"""Anniversaries that are multiples of this are round where the calendar does not say which are."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection's feed before it is dated: its head, its entries and the time zones these need."""

    head: FeedHead
    entries: Sequence[WrittenEntry]
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
    picked = built.selection.pick(catalog.events)
    head = selection(built, picked, catalog, language)
    zones: set[bytes] = set()
    entries = list(_entries(built, _selected(built, picked, shelf), shelf.language, additions, zones))
    if not entries:
        entries.append(write_entry(empty_entry(language, catalog.calendar, shelf.years.seen_from), shelf.base_url))
    needed = tuple(sorted(zones - {b""}))
    reader = Reader(language, catalog.calendar, shelf.years, shelf.base_url)
    room = replace(limits, octets=limits.octets - sum(map(len, needed)))
    return Chosen(head, within_limits(head, entries, reader, room), needed)


def _entries(
    built: Built,
    selected: Iterable[tuple[WrittenEntry, Event | None]],
    language: Language,
    additions: Additions,
    zones: set[bytes],
) -> Iterator[WrittenEntry]:
    """Yield every entry, and gather the time zones that they need."""
    if not (built.alarms or built.ahead or built.timed):
        yield from (written for written, _ in selected)
        return
    for written, event in selected:
        cancelled = written.entry.cancelled
        if built.hour is None or cancelled:
            yield written
        else:
            yield additions.with_alarms(written, built.alarms, built.hour, event, language)
        for lead in built.ahead:
            ahead = additions.ahead(written, lead, event, language)
            if ahead is not None:
                yield ahead
        if built.timed and event is not None and not cancelled:
            for timed, zone in additions.timed(written, event, language):
                zones.add(zone)
                yield timed


def dated(chosen: Chosen, base_url: str, last_modified: datetime) -> Feed:
    """Return the finished feed."""
    feed = build_feed(chosen.head, chosen.entries, base_url, last_modified)
    head, *rest = feed.parts
    return replace(feed, parts=(head, *chosen.zones, *rest)) if chosen.zones else feed


def is_round(event: Event, year: int, calendar: Calendar) -> bool:
    """Whether the anniversary is a multiple of what the calendar calls a milestone."""
    ordinal = ordinal_of(event, year)
    every = ROUND if calendar.milestones is None else calendar.milestones.every
    return ordinal is not None and any(ordinal % one == 0 for one in every)


def _selected(built: Built, picked: Iterable[Event], shelf: Shelf) -> Iterator[tuple[WrittenEntry, Event | None]]:
    """Yield the entries that are selected, each with its event where that is still in the calendar."""
    calendar = shelf.catalog.calendar
    for event in picked:
        for one in shelf.by_event.get(event.id, ()):
            if not built.round_only or is_round(event, one.entry.year, calendar):
                yield one, event
    if not built.round_only:
        present = {event.id for event in shelf.catalog.events}
        for id_ in shelf.by_event.keys() - present:
            yield from ((one, None) for one in shelf.by_event[id_] if _held(one.entry, built))


def _held(entry: Entry, built: Built) -> bool:
    """Whether an entry is selected whose event was taken out; its last id and its first one are known."""
    return built.selection.holds((entry.event_id, entry.revision.uid.partition(".")[0]), entry.collections)
