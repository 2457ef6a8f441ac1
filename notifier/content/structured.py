"""What machines are told of an anniversary on its page (schema.org, JSON-LD 1.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from notifier.content.language import Language
from notifier.content.site import SiteDay
from notifier.content.views import OccurrenceView
from notifier.domain import addresses

if TYPE_CHECKING:
    from markupsafe import Markup

Value = str | float | Mapping[str, "Value"] | list["Value"]

# Within a script no entity is read, so what could end it, or begin a comment in it, is written as JSON writes any
# letter; so is what was no part of a line in older JavaScript. A data block is never executed, whatever it holds.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&'\u2028\u2029"}


def structured(
    site: SiteDay, language: Language, view: OccurrenceView, description: str | None, picture: str | None
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
    if description:
        told["description"] = description
    if picture:
        told["image"] = picture
    place = _place(view)
    if place:
        told["location"] = place
    items = _programme(view)
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


def _programme(view: OccurrenceView) -> list[Value]:
    """Return the items of the year's programme that are said in words, each at its hour."""
    found: list[Value] = []
    for item in view.programme:
        if item.text is None:
            continue
        told: dict[str, Value] = {"@type": "Event", "name": item.text.text, "startDate": item.at.isoformat()}
        where = item.place or view.event.place
        if where is not None:
            told["location"] = {"@type": "Place", "name": where.text, "address": where.text}
        found.append(told)
    return found
