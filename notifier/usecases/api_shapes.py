"""What the JSON API answers with. The web makes the OpenAPI document of these very classes and of the texts in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from notifier.usecases.upcoming import OccurrenceFields


@dataclass(frozen=True, slots=True)
class Said:
    """A text as shown, and the language it is really in: another than the one asked for where it is not translated."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class PartyFields:
    """Someone who says or names something."""

    id: str
    name: Said


@dataclass(frozen=True, slots=True)
class SourceFields:
    """A document."""

    id: str
    """What claims refer to it by."""
    publisher: PartyFields | None
    author: str | None
    title: str | None
    """In the document's own language."""
    language: str | None
    published: str | None
    """When it was published, in EDTF: a day, a month or a year."""
    url: str | None
    accessed: dt.date | None
    note: Said | None


@dataclass(frozen=True, slots=True)
class NameFields:
    """What a party calls an event."""

    term: Said
    by: PartyFields
    sources: tuple[str, ...]
    """Ids of documents under the event's `sources`."""


@dataclass(frozen=True, slots=True)
class StatementFields:
    """Something said; `by` is who says it, null where it is the service's own plain account."""

    text: Said
    by: PartyFields | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UpdateFields:
    """What became known since, and when."""

    date: dt.date
    text: Said
    by: PartyFields | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureClaimFields:
    """A number somebody states. Nothing is averaged, and none is chosen."""

    value: int
    qualifier: Literal["exactly", "at least", "more than", "about"]
    said: str
    """Number and qualifier in the language asked for."""
    by: PartyFields
    sources: tuple[str, ...]
    note: Said | None


@dataclass(frozen=True, slots=True)
class FigureFields:
    """What is counted, and every claim about it."""

    what: str
    """`killed`, `injured`, `arrested`, `captured`, `missing`, or the calendar's own word."""
    name: Said
    claims: tuple[FigureClaimFields, ...]


@dataclass(frozen=True, slots=True)
class PlaceFields:
    """Where it happened."""

    name: Said | None
    zone: str | None
    """An IANA time zone."""
    latitude: float | None
    """Degrees, WGS 84; north is positive."""
    longitude: float | None
    """Degrees, WGS 84; east is positive."""


@dataclass(frozen=True, slots=True)
class EventFields:
    """Something that happened, or a day that is kept, with who says what about it."""

    id: str
    was: tuple[str, ...]
    """Former ids, oldest first; selections still take them."""
    kind: Literal["mourning", "memorial", "religious", "national", "neutral"]
    heading: Said
    official_name: NameFields | None
    origin: str | None
    """When it happened: in EDTF (a day, a month, a year, an interval, uncertain), or `61 AH` in another calendar."""
    counts: Said | None
    """What the ordinal counts; null where nothing is counted."""
    rule: str
    """How its days are found, as the calendar writes it."""
    begins: Literal["day", "eve", "sunset"]
    collections: tuple[str, ...]
    place: PlaceFields | None
    summary: tuple[StatementFields, ...]
    called: tuple[NameFields, ...]
    figures: tuple[FigureFields, ...]
    remembered: tuple[StatementFields, ...]
    updates: tuple[UpdateFields, ...]
    sources: tuple[SourceFields, ...]
    """Every document that is referred to above, in the order it first is."""
    leads: tuple[int, ...]
    """How many days ahead it is announced; 0 is the day itself."""
    unreviewed: bool
    """Whether nobody has read over the translation into the language asked for."""
    url: str
    """The event's page."""


@dataclass(frozen=True, slots=True)
class NoticeFields(OccurrenceFields):
    """An anniversary announced; `days` are the whole days left on the day of the announcement."""

    lead: int
    """Which of the event's or the calendar's leads announces it."""


@dataclass(frozen=True, slots=True)
class Events:
    """Events in the calendar's order."""

    events: tuple[EventFields, ...]
    next: str | None
    """The address of the events after these; null at the end."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Anniversaries by first day, then by event id."""

    occurrences: tuple[OccurrenceFields, ...]


@dataclass(frozen=True, slots=True)
class Notices:
    """What is announced on one day, soonest first."""

    notices: tuple[NoticeFields, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, in one English sentence."""

    error: str
