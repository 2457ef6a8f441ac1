"""What machines are told of an anniversary on its page (schema.org, JSON-LD 1.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from notifier.content.language import Language
from notifier.content.site import SiteDay
from notifier.content.views import OccurrenceView
from notifier.domain import addresses
from notifier.domain.hours import instant_at, zone
from notifier.domain.occurrences import Occurrence, usual_day

if TYPE_CHECKING:
    from markupsafe import Markup

Value = str | float | Mapping[str, "Value"] | list["Value"]

# Within a script no entity is read, so what could end it, or begin a comment in it, is written as JSON writes any
# letter; so is what was no part of a line in older JavaScript. A data block is never executed, whatever it holds.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&'\u2028\u2029"}


class Shared(NamedTuple):
    """What is shown of an anniversary elsewhere: a few words, and the address of its picture."""

    description: str | None
    picture: str | None


def structured(
    site: SiteDay, language: Language, occurrence: Occurrence, view: OccurrenceView, shared: Shared
) -> Markup:
    """Return a published anniversary as an Event, to stand in a script element as it is."""
    page = site.absolute(addresses.occurrence(language.tag, view.event.id, view.year))
    told: dict[str, Value] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": page,
        "url": page,
        "name": view.title,
        "startDate": view.first.isoformat(),
        "endDate": view.last.isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "inLanguage": language.tag,
    }
    usual = usual_day(occurrence)
    if usual is not None and usual != occurrence.first:
        told |= {"eventStatus": "https://schema.org/EventRescheduled", "previousStartDate": usual.isoformat()}
    if shared.description:
        told["description"] = shared.description
    if shared.picture:
        told["image"] = shared.picture
    place = _place(view)
    if place:
        told["location"] = place
    items = _programme(occurrence, view, site.catalog.calendar.zone)
    if items:
        told["subEvent"] = items
    return as_data(told)


def as_data(value: Mapping[str, Value]) -> Markup:
    """Return a value as JSON that is safe in a script element."""
    from markupsafe import Markup

    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.translate(_ESCAPES))  # noqa: S704  # all that HTML reads is escaped above


def _place(view: OccurrenceView) -> dict[str, Value]:
    event = view.event
    if event.place is None and event.at is None:
        return {}
    place: dict[str, Value] = {"@type": "Place"}
    if event.place is not None:
        place["name"] = event.place.text
        place["address"] = event.place.text
    if event.at is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": event.at[0], "longitude": event.at[1]}
    return place


def _programme(occurrence: Occurrence, view: OccurrenceView, calendar_zone: str) -> list[Value]:
    """Return the items of the year's programme that are said in words, each at its hour.

    A bare wall time is one of its place's zone, else of the event's, else of the calendar's, as it is in feeds.
    """
    event, found = occurrence.event, list[Value]()
    notes = event.years.get(occurrence.year)
    for kept, item in zip(() if notes is None else notes.programme, view.programme, strict=True):
        if item.text is None:
            continue
        begins = _with_offset(item.at, event.zone_of(kept) or calendar_zone)
        told: dict[str, Value] = {"@type": "Event", "name": item.text.text, "startDate": begins.isoformat()}
        where = item.place or view.event.place
        if where is not None:
            told["location"] = {"@type": "Place", "name": where.text, "address": where.text}
        found.append(told)
    return found


def _with_offset(at: datetime, zone_name: str) -> datetime:
    return at if at.tzinfo is not None else instant_at(at, zone_name).astimezone(zone(zone_name))
