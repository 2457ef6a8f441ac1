"""Notices: anniversaries announced ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from notifier.domain.days import days_after
from notifier.domain.events import Calendar, Event
from notifier.domain.leads import UNCHOSEN, OwnLeads
from notifier.domain.occurrences import Occurrence, occurrences_between

LeadsOf = Callable[[Event], Collection[int]]
"""How far ahead an event is announced to everybody, in feeds and pages."""

LeadsFor = Callable[[Occurrence], Collection[int]]
"""How far ahead one anniversary is announced to one reader."""

_RECENT, _A_YEAR = timedelta(days=60), timedelta(days=365)
_AT_LEAST, _AT_MOST = 20, 200


@dataclass(frozen=True, slots=True)
class Notice:
    """An anniversary announced, with the whole days that are left on the day of the announcement.

    `begins` is set where it is announced at the reader's last hour before it begins: when that is, in their time.
    """

    occurrence: Occurrence
    days: int
    begins: datetime | None = None

    @property
    def on(self) -> date:
        """The date of the announcement."""
        return self.occurrence.first - timedelta(days=self.days)


def leads_of(event: Event, calendar: Calendar, own: OwnLeads = UNCHOSEN) -> Collection[int]:
    """Return the leads that hold for an event: the subscriber's own, else the event's, else the calendar's."""
    chosen = own.for_event((event.id, *event.was))
    if chosen is not None:
        return chosen
    if own.days is not None:
        return own.days
    return event.leads if event.leads is not None else calendar.leads


def leads_for(occurrence: Occurrence, calendar: Calendar, own: OwnLeads) -> Collection[int]:
    """Return the leads that hold for one anniversary and one reader.

    They are those of `leads_of`, and the calendar's milestone leads for those who asked for them, where the ordinal is
    round. Whoever wants no leads for an event (`EVENT:none`) is not told of its milestones either.
    """
    event, milestones, ordinal = occurrence.event, calendar.milestones, occurrence.ordinal
    leads = leads_of(event, calendar, own)
    if not own.milestones or milestones is None or ordinal is None or own.for_event((event.id, *event.was)) == ():
        return leads
    round_number = any(ordinal % every == 0 for every in milestones.every)
    return {*leads, *milestones.leads} if round_number else leads


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


def _within_leads(events: Iterable[Event], on: date, leads: LeadsOf) -> list[Occurrence]:
    """Return what falls on `on` or as far ahead as the furthest lead."""
    events = tuple(events)
    furthest = max((lead for event in events for lead in leads(event)), default=0)
    return occurrences_between(events, on, days_after(on, furthest + 1))


def announced(occurrences: Iterable[Occurrence], covered: date, on: date, leads: LeadsFor) -> list[Notice]:
    """Pick what was to be announced in (covered, on] and is still to come on `on`, in the order given.

    Each anniversary is announced once, with the days truly left. What fell before `on` is not announced any more.
    """
    picked = []
    for occurrence in occurrences:
        days = (occurrence.first - on).days
        if days >= 0 and any(days <= lead < (occurrence.first - covered).days for lead in leads(occurrence)):
            picked.append(Notice(occurrence, days))
    return picked


def missed(occurrences: Iterable[Occurrence], covered: date, on: date, leads: LeadsFor) -> list[Occurrence]:
    """Pick what was to be announced after `covered` and fell before `on`, so that it is not announced any more."""
    return [
        occurrence
        for occurrence in occurrences
        if covered < occurrence.first < on
        and any(lead < (occurrence.first - covered).days for lead in leads(occurrence))
    ]
