"""Notices: anniversaries announced ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.domain.days import days_after
from notifier.domain.events import Calendar, Event
from notifier.domain.leads import UNCHOSEN, OwnLeads
from notifier.domain.occurrences import Occurrence, occurrences_between

LeadsOf = Callable[[Event], Collection[int]]

_RECENT, _A_YEAR = timedelta(days=60), timedelta(days=365)
_AT_LEAST, _AT_MOST = 20, 200


@dataclass(frozen=True, slots=True)
class Notice:
    """An anniversary announced, with the whole days that are left on the day of the announcement."""

    occurrence: Occurrence
    days: int

    @property
    def on(self) -> date:
        """The date of the announcement."""
        return self.occurrence.first - timedelta(days=self.days)


def leads_of(event: Event, calendar: Calendar, own: OwnLeads = UNCHOSEN) -> Collection[int]:
    """Return the leads that hold for an event: the subscriber's own, else the event's, else the calendar's."""
    for id_, days in own.by_event:
        if id_ == event.id or id_ in event.was:
            return days
    if own.days is not None:
        return own.days
    return event.leads if event.leads is not None else calendar.leads


def notices_on(events: Iterable[Event], on: date, leads: LeadsOf) -> list[Notice]:
    """Return what is announced on one date, which may be any there is, soonest first: the days left are a lead."""
    coming = ((one, (one.first - on).days) for one in _within_leads(events, on, leads))
    return [Notice(one, days) for one, days in coming if days in leads(one.event)]


def notices_between(events: Iterable[Event], start: date, end: date, leads: LeadsOf) -> list[Notice]:
    """Return everything announced in [start, end), in the order of announcement; at once, what comes soonest first."""
    events = tuple(events)
    furthest = max((lead for event in events for lead in leads(event)), default=0)
    found = [
        Notice(occurrence, lead)
        for occurrence in occurrences_between(events, start, end + timedelta(days=furthest))
        for lead in leads(occurrence.event)
        if start <= occurrence.first - timedelta(days=lead) < end
    ]
    return sorted(found, key=lambda notice: (notice.on, notice.days, notice.occurrence.event.id))


def recent(announced: Sequence[Notice]) -> Sequence[Notice]:
    """Pick those that a feed of notices shows from what has been announced, the newest first.

    They are those of the 60 days that end with the newest one; where these are fewer than 20, the 20 newest of a year;
    and never more than 200. Counted back from the newest, so that none leaves before another one comes.
    """
    picked = [notice for notice in announced if announced[0].on - notice.on < _RECENT]
    if len(picked) < _AT_LEAST:
        picked = [notice for notice in announced if announced[0].on - notice.on < _A_YEAR][:_AT_LEAST]
    return picked[:_AT_MOST]


def notices_since(events: Iterable[Event], covered: date, on: date, leads: LeadsOf) -> list[Notice]:
    """Return what was to be announced in (covered, on] and is still to come on `on`, soonest first.

    Each anniversary is announced once, with the days truly left. What fell before `on` is not announced any more.
    """
    return announced(_within_leads(events, on, leads), covered, on, leads)


def _within_leads(events: Iterable[Event], on: date, leads: LeadsOf) -> list[Occurrence]:
    """Return what falls on `on` or as far ahead as the furthest lead."""
    events = tuple(events)
    furthest = max((lead for event in events for lead in leads(event)), default=0)
    return occurrences_between(events, on, days_after(on, furthest + 1))


def announced(occurrences: Iterable[Occurrence], covered: date, on: date, leads: LeadsOf) -> list[Notice]:
    """Pick from `occurrences` those with a lead whose date lies in (covered, on] and that are not past on `on`."""
    picked = []
    for occurrence in occurrences:
        days = (occurrence.first - on).days
        if days >= 0 and any(days <= lead < (occurrence.first - covered).days for lead in leads(occurrence.event)):
            picked.append(Notice(occurrence, days))
    return picked
