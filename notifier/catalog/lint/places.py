"""Places and hours without a zone, and in which clocks they are read."""

from __future__ import annotations

from notifier.catalog.findings import Findings
from notifier.catalog.lint.texts import child, items_of, pairs_of
from notifier.catalog.nodes import Node
from notifier.catalog.problems import Code
from notifier.domain.events import Event


def look_at_places(findings: Findings, event: Event, node: Node, calendar_zone: str | None) -> None:
    """Note a place whose clocks are not known, and an hour of which nobody says by what clock.

    `calendar_zone` is None where the calendar does not name one.
    """
    place = child(node, "place")
    if place is not None and child(place, "zone") is None:
        message = "the place has no zone, so its hours are read as the calendar's; write one, such as zone: Asia/Baku"
        findings.warning(place.place, message, Code.PLACE_WITHOUT_ZONE)
    for key, year in pairs_of(child(node, "years")):
        items = items_of(child(year, "programme"))
        for item, written in zip(event.years[int(key.text)].programme, items, strict=True):
            if item.at.tzinfo is None and event.zone_of(item) is None:
                _timed(findings, written, calendar_zone)


def _timed(findings: Findings, written: Node, calendar_zone: str | None) -> None:
    place = child(written, "place")
    at = (child(written, "at") or written).place
    if calendar_zone is None:
        message = "this hour has no zone and is read in UTC; write zone: at the place or in calendar:, or an offset"
        findings.error(at, message, Code.TIME_WITHOUT_ZONE)
    elif place is not None:
        message = f"the place has no zone, so {calendar_zone} is meant; write zone: beside its name"
        findings.warning(place.place, message, Code.PLACE_WITHOUT_ZONE)
