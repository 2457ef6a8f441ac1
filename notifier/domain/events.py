"""The calendar as values: events, who says what about them, and with which source.

A figure and a name are claims: they carry who makes them and where. Nothing here is ever averaged or chosen from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from notifier.domain.origins import Origin
from notifier.domain.rules import Rule
from notifier.domain.texts import MACHINE, LanguageTag, Text

EventId = NewType("EventId", str)
PartyId = NewType("PartyId", str)
SourceId = NewType("SourceId", str)
CollectionId = NewType("CollectionId", str)
ItemId = NewType("ItemId", str)
"""Names one item of a year's programme, within that year."""


class Kind(StrEnum):
    """What sort of day it is; sets tone and colour."""

    MOURNING = "mourning"
    MEMORIAL = "memorial"
    RELIGIOUS = "religious"
    NATIONAL = "national"
    NEUTRAL = "neutral"


class Qualifier(StrEnum):
    """How a figure is meant by whoever states it."""

    EXACTLY = "exactly"
    AT_LEAST = "at least"
    MORE_THAN = "more than"
    ABOUT = "about"


class Begins(StrEnum):
    """When the observance begins. It is said in words; dates and leads use the day itself."""

    DAY = "day"
    EVE = "eve"
    SUNSET = "sunset"


class Release(StrEnum):
    """Whether messages about a day leave by themselves, or wait until an operator has read and released them."""

    AT_ONCE = "at once"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Party:
    """Someone who says or names something: an authority, a publisher, a ministry."""

    id: PartyId
    name: Text


@dataclass(frozen=True, slots=True)
class Source:
    """A document. Its title stays in its own language; `published` is an EDTF date of any precision."""

    id: SourceId
    publisher: PartyId | None
    title: str | None
    language: LanguageTag | None
    published: str | None
    url: str | None
    accessed: date | None
    author: str | None
    note: Text | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where: a name, an IANA zone, and latitude and longitude in degrees (WGS 84)."""

    name: Text | None
    zone: str | None
    at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said about an event; `by` is who says it, when it is not the service's own plain account."""

    text: Text
    by: PartyId | None
    sources: tuple[SourceId, ...]


@dataclass(frozen=True, slots=True)
class NameClaim:
    """What a party calls an event."""

    term: Text
    by: PartyId
    sources: tuple[SourceId, ...]


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """A number somebody states."""

    value: int
    qualifier: Qualifier
    by: PartyId
    sources: tuple[SourceId, ...]
    note: Text | None


@dataclass(frozen=True, slots=True)
class Figure:
    """What is counted, and every claim about it. `label` is set where the service has no word of its own for `what`."""

    what: str
    label: Text | None
    claims: tuple[FigureClaim, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """What became known since, and when."""

    date: date
    text: Text
    by: PartyId | None
    sources: tuple[SourceId, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeItem:
    """One item of a year's programme. `at` is wall time at the place when it has no offset.

    `id` keeps its calendar entry the same one while others come, go and change. One without a text is the day itself,
    of an event that is kept at an hour every year.
    """

    at: datetime
    place: Place | None
    text: Text | None
    url: str | None
    id: ItemId | None = None


@dataclass(frozen=True, slots=True)
class YearNotes:
    """What is particular to one anniversary."""

    note: Text | None
    programme: tuple[ProgrammeItem, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A single anniversary kept on another day, and why."""

    date: date
    reason: Text


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or a day that is kept."""

    id: EventId
    was: tuple[EventId, ...]
    heading: Text
    official_name: NameClaim | None
    origin: Origin | None
    counts: Text | None
    rule: Rule
    begins: Begins
    kind: Kind
    collections: tuple[CollectionId, ...]
    place: Place | None
    summary: tuple[Statement, ...]
    called: tuple[NameClaim, ...]
    figures: tuple[Figure, ...]
    remembered: tuple[Statement, ...]
    updates: tuple[Update, ...]
    years: Mapping[int, YearNotes]
    translations: Mapping[str, str]
    leads: tuple[int, ...] | None
    exceptions: Mapping[int, Moved]
    until: int | None
    confirmed: tuple[int, ...]
    release: Release | None = None

    @property
    def permanent_id(self) -> EventId:
        """The first id the event ever had: a rename changes addresses, never identities."""
        return self.was[0] if self.was else self.id

    def zone_of(self, item: ProgrammeItem) -> str | None:
        """Return the zone of an item's place, else of the event's; None where neither says one."""
        zones = (place.zone for place in (item.place, self.place) if place is not None)
        return next((zone for zone in zones if zone is not None), None)

    def unreviewed(self) -> tuple[str, ...]:
        """Return the languages whose translation nobody has read over."""
        return tuple(language for language, state in self.translations.items() if state == MACHINE)


@dataclass(frozen=True, slots=True)
class Milestones:
    """Round anniversaries announced long ahead to those who ask for them."""

    every: tuple[int, ...]
    leads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What holds for the whole calendar. `id` is permanent: identities of entries and messages come from it."""

    id: str
    name: Text
    published: date
    zone: str
    languages: tuple[LanguageTag, ...]
    leads: tuple[int, ...]
    milestones: Milestones | None
    collections: Mapping[CollectionId, Text] = field(default_factory=dict)
    release: Mapping[Kind, Release] = field(default_factory=dict)

    def release_of(self, event: Event) -> Release:
        """Return how messages about an event are released: as it says itself, else as its kind is."""
        return event.release or self.release.get(event.kind, Release.AT_ONCE)


@dataclass(frozen=True, slots=True)
class Catalog:
    """A whole calendar, read and found right. Swapped as one on reload, never changed."""

    calendar: Calendar
    parties: Mapping[PartyId, Party]
    sources: Mapping[SourceId, Source]
    events: tuple[Event, ...]

    def collection_ids(self) -> tuple[CollectionId, ...]:
        """Return every collection an event belongs to, sorted."""
        return tuple(sorted({collection for event in self.events for collection in event.collections}))

    def event(self, id_: str) -> Event | None:
        """Return the event with this id, or with this former id, or None."""
        current = next((event for event in self.events if event.id == id_), None)
        return current or next((event for event in self.events if id_ in event.was), None)
