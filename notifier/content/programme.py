"""A year's programme as entries with an hour: what an anniversary's items say, and what each is called by.

They are made when the anniversary is and kept beside it, so that a change of theirs is a revision of the anniversary,
and one that was taken out can still be cancelled.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from notifier.content.contentlines import escaped, folded, one_line, plain
from notifier.content.language import Language
from notifier.content.vevent import geo
from notifier.content.views import ProgrammeView, Words
from notifier.content.wording import title_of, view_programme, words
from notifier.domain.digests import digest_of_texts
from notifier.domain.events import Catalog, Event, ProgrammeItem
from notifier.domain.hours import instant_at, zone
from notifier.domain.occurrences import Occurrence
from notifier.domain.programmes import programme_of

_TAIL = 8
"""Characters that tell two items of one hour apart."""


@dataclass(frozen=True, slots=True)
class TimedItem:
    """One item of a year's programme as the content lines of a VEVENT, in one language.

    `suffix` stands behind the anniversary's own part of the UID. `first` is the local date; `zone` is what the feed
    has to spell out, None where the entry is told in UTC. `called_off` is the instant (UTC) at which the item was
    taken out of a programme that goes on.
    """

    suffix: str
    first: date
    zone: str | None
    content: bytes
    called_off: datetime | None = None


def timed_items(occurrence: Occurrence, catalog: Catalog, language: Language) -> tuple[TimedItem, ...]:
    """Return the programme of one anniversary, as its entries stand in a feed.

    None has an end, since nobody says one: it then lasts no time (RFC 5545 §3.6.1).
    """
    event, items = occurrence.event, programme_of(occurrence)
    if not items:
        return ()
    named = title_of(occurrence, catalog, language)
    views = view_programme(items, catalog, language)
    made: dict[str, TimedItem] = {}
    for suffix, item, view in zip(suffixes(items), items, views, strict=True):
        place = item.place or event.place
        where = view.place or (None if place is None or place.name is None else words(place.name, catalog, language))
        zone_name = _zone(item, event, catalog)
        title = named if view.text is None else f"{named}{language.colon} {view.text.bare}"
        said = _description(view, where, language)
        content = _content(_start(item, zone_name), title, said, where, None if place is None else place.at)
        made[suffix] = TimedItem(suffix, item.at.date(), zone_name, content)
    return in_order(made.values())


def in_order(programme: Iterable[TimedItem]) -> tuple[TimedItem, ...]:
    """Return a programme by the UIDs of its entries, in which an `@` follows the suffix."""
    return tuple(sorted(programme, key=lambda item: f"{item.suffix}@"))


def suffixes(items: Sequence[ProgrammeItem]) -> list[str]:
    """Return what the UID of each item's entry has behind the anniversary's own part; never a position.

    It is the item's id: `.at-reading`. The day itself is `.at`, else the only one without an id; several are called by
    their wall time, `.at-1200`, and with a tail made of what they are where that is the same. Equal items have equal
    suffixes.
    """
    nameless = Counter(_hour(item) for item in items if item.id is None and item.text is not None)
    at_an_hour = any(item.text is None for item in items)

    def suffix(item: ProgrammeItem) -> str:
        if item.id is not None:
            return f".at-{item.id}"
        if item.text is None or (nameless.total() == 1 and not at_an_hour):
            return ".at"
        hour = _hour(item)
        return f".at-{hour}" if nameless[hour] == 1 else f".at-{hour}-{_tail(item, items)}"

    return [suffix(item) for item in items]


def _hour(item: ProgrammeItem) -> str:
    """Return the wall time as it is written: no zone's rules can change it."""
    return f"{item.at:%H%M}"


def _tail(item: ProgrammeItem, items: Iterable[ProgrammeItem]) -> str:
    """Return what tells an item from others of its hour, made of as little of it as will do."""
    nameless = (other for other in items if other.id is None and other.text is not None)
    same = [other for other in nameless if _hour(other) == _hour(item) and other != item]
    said = _said(item)
    needed = next((n for n in range(1, len(said)) if all(_said(other)[:n] != said[:n] for other in same)), len(said))
    return digest_of_texts(*said[:needed])[:_TAIL]


def _said(item: ProgrammeItem) -> tuple[str, ...]:
    """Return the date, the words as they were first written, the place's, and then everything."""
    name = None if item.place is None else item.place.name
    return (
        item.at.date().isoformat(),
        "" if item.text is None else item.text.wordings[0].text,
        "" if name is None else name.wordings[0].text,
        repr(item),
    )


def written(programme: Iterable[TimedItem]) -> bytes:
    """Return a programme as it is kept: JSON in UTF-8, the same bytes for equal ones."""
    rows = [
        {
            "suffix": item.suffix,
            "first": item.first.isoformat(),
            "zone": item.zone,
            "content": item.content.decode(),
            "called_off": None if item.called_off is None else item.called_off.isoformat(),
        }
        for item in programme
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def read(kept: bytes) -> tuple[TimedItem, ...]:
    """Return the programme that `written` returned."""
    return tuple(
        TimedItem(
            suffix=row["suffix"],
            first=date.fromisoformat(row["first"]),
            zone=row["zone"],
            content=row["content"].encode(),
            called_off=None if row["called_off"] is None else datetime.fromisoformat(row["called_off"]),
        )
        for row in json.loads(kept)
    )


def _zone(item: ProgrammeItem, event: Event, catalog: Catalog) -> str | None:
    """Return the zone an item is told in: its place's, else the event's, else the calendar's for a bare wall time.

    None for an instant that no wall time there tells: of an hour that clocks show twice, it means the first one
    (RFC 5545 §3.3.5).
    """
    named = event.zone_of(item)
    if item.at.tzinfo is None:
        return named or catalog.calendar.zone
    return named if named is not None and instant_at(_wall(item, named), named) == item.at else None


def _wall(item: ProgrammeItem, zone_name: str) -> datetime:
    """Return what clocks in a zone show then; they may show it twice."""
    return item.at if item.at.tzinfo is None else item.at.astimezone(zone(zone_name)).replace(tzinfo=None)


def _start(item: ProgrammeItem, zone_name: str | None) -> str:
    """Return DTSTART: with its zone or in UTC, never floating (RFC 5545 §3.3.5, forms 3 and 2)."""
    if zone_name is None:
        return f"DTSTART:{item.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"DTSTART;TZID={zone_name}:{_wall(item, zone_name):%Y%m%dT%H%M%S}"


def _description(view: ProgrammeView, where: Words | None, language: Language) -> str:
    when = view.when if where is None else f"{view.when}{language.comma} {where}"
    return plain("\n".join([when, *([view.url] if view.url else [])]))


def _content(start: str, title: str, said: str, where: Words | None, at: tuple[float, float] | None) -> bytes:
    lines = [
        start,
        f"SUMMARY:{escaped(one_line(title))}",
        f"DESCRIPTION:{escaped(said)}",
        *([] if where is None else [f"LOCATION:{escaped(one_line(where.text))}"]),
        *([] if at is None else [geo(at)]),
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "CLASS:PUBLIC",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]
    return b"".join(map(folded, lines))
