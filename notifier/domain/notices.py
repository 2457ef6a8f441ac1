"""Notices: anniversaries announced ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.domain.events import Calendar, Event
from notifier.domain.occurrences import Occurrence, occurrences_between

LeadsOf = Callable[[Event], Collection[int]]


@dataclass(frozen=True, slots=True)
class Notice:
    """An anniversary announced, with the whole days that are left on the day of the announcement."""

    occurrence: Occurrence
    days: int


def leads_of(event: Event, calendar: Calendar, own: Collection[int] | None = None) -> Collection[int]:
    """Return the leads that hold for an event: the subscriber's own, else the event's, else the calendar's."""
    if own is not None:
        return own
    return event.leads if event.leads is not None else calendar.leads


def notices_on(events: Iterable[Event], on: date, leads: LeadsOf) -> list[Notice]:
    """Return what is announced on one date, soonest first."""
    return notices_since(events, on - timedelta(days=1), on, leads)


def notices_since(events: Iterable[Event], covered: date, on: date, leads: LeadsOf) -> list[Notice]:
    """Return what was to be announced in (covered, on] and is still to come on `on`, soonest first.

    Each anniversary is announced once, with the days truly left. What fell before `on` is not announced any more.
    """
    events = tuple(events)
    furthest = max((lead for event in events for lead in leads(event)), default=0)
    occurrences = occurrences_between(events, on, on + timedelta(days=furthest + 1))
    return announced(occurrences, covered, on, leads)


def announced(occurrences: Iterable[Occurrence], covered: date, on: date, leads: LeadsOf) -> list[Notice]:
    """Pick from `occurrences` those with a lead whose date lies in (covered, on] and that are not past on `on`."""
    picked = []
    for occurrence in occurrences:
        days = (occurrence.first - on).days
        if days >= 0 and any(days <= lead < (occurrence.first - covered).days for lead in leads(occurrence.event)):
            picked.append(Notice(occurrence, days))
    return picked
