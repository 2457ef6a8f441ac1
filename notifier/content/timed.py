"""Entries with an hour: what a year's programme holds, each at its wall time in its place's zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC

from notifier.content.ahead import beside
from notifier.content.contentlines import escaped, folded, one_line, plain
from notifier.content.feeds import Entry
from notifier.content.language import Language
from notifier.content.views import ProgrammeView, Words
from notifier.content.vtimezone import zone_data
from notifier.content.wording import view_programme, words
from notifier.domain.events import Catalog, Event, ProgrammeItem


@dataclass(frozen=True, slots=True)
class Timed:
    """An entry with an hour, and the zone its feed has to spell out; None where it is told in UTC."""

    entry: Entry
    zone: str | None


def timed_entries(event: Event, entry: Entry, named: str, catalog: Catalog, language: Language) -> Iterator[Timed]:
    """Yield the programme of one anniversary, in the author's order.

    The first has the suffix `.at`, the others `.at-2` and so on; all are revised when the anniversary is. None has an
    end, since nobody says one: it then lasts no time (RFC 5545 §3.6.1).
    """
    notes = event.years.get(entry.year)
    if notes is None:
        return
    views = view_programme(notes.programme, catalog, language)
    for number, (item, view) in enumerate(zip(notes.programme, views, strict=True), start=1):
        zone = _zone(item, event, catalog)
        place = item.place or event.place
        where = view.place or (None if place is None or place.name is None else words(place.name, catalog, language))
        content = _content(_start(item, zone), named, view, where, None if place is None else place.at)
        suffix = ".at" if number == 1 else f".at-{number}"
        own = replace(
            entry,
            revision=beside(entry.revision, suffix, content),
            content=content,
            first=item.at.date(),
        )
        yield Timed(own, zone)


def _zone(item: ProgrammeItem, event: Event, catalog: Catalog) -> str | None:
    """Return the zone an item is told in: its place's, else the event's, else the calendar's for a bare wall time."""
    for place in (item.place, event.place):
        if place is not None and place.zone is not None:
            return place.zone
    return catalog.calendar.zone if item.at.tzinfo is None else None


def _start(item: ProgrammeItem, zone: str | None) -> str:
    """Return DTSTART: with its zone or in UTC, never floating (RFC 5545 §3.3.5, forms 3 and 2)."""
    if zone is None:
        return f"DTSTART:{item.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    at = item.at if item.at.tzinfo is None else item.at.astimezone(zone_data(zone))
    return f"DTSTART;TZID={zone}:{at:%Y%m%dT%H%M%S}"


def _content(start: str, named: str, view: ProgrammeView, where: Words | None, at: tuple[float, float] | None) -> bytes:
    when = view.when if where is None else f"{view.when}, {where}"
    said = plain("\n".join([when, *([view.url] if view.url else [])]))
    lines = [
        start,
        f"SUMMARY:{escaped(one_line(f'{named}: {view.text}'))}",
        f"DESCRIPTION:{escaped(said)}",
        *([] if where is None else [f"LOCATION:{escaped(one_line(where.text))}"]),
        *([] if at is None else [f"GEO:{at[0]};{at[1]}"]),
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "CLASS:PUBLIC",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]
    return b"".join(map(folded, lines))
