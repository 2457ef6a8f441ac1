"""What is held at an hour: a year's programme, and the day itself of an event that is kept at an hour every year."""

from __future__ import annotations

from datetime import datetime

from notifier.domain.events import Event, ProgrammeItem
from notifier.domain.hours import instant_at, zone
from notifier.domain.occurrences import Occurrence
from notifier.domain.rules.spans import AtHour


def has_hours(event: Event) -> bool:
    """Whether any anniversary of an event may have something at an hour."""
    return isinstance(event.rule, AtHour) or any(notes.programme for notes in event.years.values())


def programme_of(occurrence: Occurrence) -> tuple[ProgrammeItem, ...]:
    """Return what is held at an hour on one anniversary: the day itself first, then that year's programme."""
    itself = day_itself(occurrence)
    notes = occurrence.event.years.get(occurrence.year)
    programme = () if notes is None else notes.programme
    return programme if itself is None else (itself, *programme)


def day_itself(occurrence: Occurrence) -> ProgrammeItem | None:
    """Return the moment that an event kept at an hour has on its first day; None for any other event.

    It is wall time of the event's zone. Where clocks are put forward past it, it is what they show next.
    """
    event = occurrence.event
    if not isinstance(event.rule, AtHour):
        return None
    at, where = datetime.combine(occurrence.first, event.rule.time), None if event.place is None else event.place.zone
    if where is not None:
        at = instant_at(at, where).astimezone(zone(where)).replace(tzinfo=None)
    return ProgrammeItem(at, None, None, None)
