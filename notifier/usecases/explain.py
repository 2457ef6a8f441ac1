"""Why somebody did or did not get a message on a date, in plain sentences for an operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from notifier.domain.deliveries import DeliveryKind, EditionState, NoticeKey, SubscriberStatus
from notifier.domain.events import Catalog
from notifier.domain.hours import Window, local_date, window_on, zone
from notifier.domain.leads import LONGEST_LEAD
from notifier.domain.notices import leads_for, leads_of
from notifier.domain.occurrences import Occurrence
from notifier.domain.outlooks import digest_due
from notifier.storage.deliveries import Delivery, deliveries_of
from notifier.storage.editions import Edition, edition
from notifier.storage.holds import held_because, holds_there
from notifier.storage.own_data import bounces_of
from notifier.storage.subscribers import Subscriber, subscriber_by_email
from notifier.usecases.announcements import Announcement, Announcements

_ONE_DAY = timedelta(days=1)

_WHY_NOT = {
    SubscriberStatus.PENDING: "they have not confirmed their address",
    SubscriberStatus.UNSUBSCRIBED: "they have unsubscribed",
    SubscriberStatus.SUSPENDED: "messages to them came back",
    SubscriberStatus.SUPPRESSED: "their address is never to be written to",
    SubscriberStatus.PAUSED: "they have paused",
}

_TOLD_BEFORE = (
    "it had been told before, or was not announced then: the calendar, their choice or their status was another one "
    "when the planner passed that date"
)


@dataclass(frozen=True)
class Explaining:
    """What is asked: of whom, of which date (None: today where they are), seen from when."""

    catalog: Catalog
    email: str
    on: date | None
    now: datetime
    send_until: int


def explain(db: Connection, asked: Explaining, is_suppressed: Callable[[Connection, str], bool]) -> list[str]:
    """Return the sentences; `is_suppressed` says whether an address is never to be written to."""
    person = subscriber_by_email(db, asked.email.strip())
    suppressed = is_suppressed(db, asked.email.strip())
    never = ["The address is on the list of those that are never written to."] if suppressed else []
    if person is None:
        return [f"Nobody is there with the address {asked.email}.", *never]
    return [*_Explanation(db, asked, person).sentences(), *never]


class _Explanation:
    """One person and one date."""

    def __init__(self, db: Connection, asked: Explaining, person: Subscriber) -> None:
        self._db, self._person, self._now, self._catalog = db, person, asked.now, asked.catalog
        wanted = person.preference
        self._on = asked.on or local_date(asked.now, wanted.zone)
        self._window = window_on(self._on, wanted.hour, asked.send_until, wanted.zone)
        self._holds = holds_there(db)
        self._announcements = Announcements(asked.catalog, self._holds.cancelled)
        self._told = self._announcements.of(wanted, self._on - _ONE_DAY, self._on)

    def sentences(self) -> Iterator[str]:
        yield from self._who()
        yield from self._what_was_due()
        planned = [one for one in deliveries_of(self._db, self._person.id) if one.day == self._on]
        for delivery in planned:
            yield from self._delivery(delivery)
        if not any(delivery.kind is DeliveryKind.NOTICE for delivery in planned):
            yield self._why_none()
        yield from self._what_stands_in_the_way()

    # --- the person ---------------------------------------------------------------------------------------------

    def _who(self) -> Iterator[str]:
        person, wanted = self._person, self._person.preference
        until = f" until {person.paused_until}" if person.paused_until and person.status == "paused" else ""
        reason = f" ({person.reason})" if person.reason else ""
        joined = local_date(person.created_at, wanted.zone)
        yield f"{person.email} is {person.status}{until}{reason}, and is there since {joined}."
        yield (
            f"They read {wanted.language} at {wanted.hour}:00, {person.zone}; leads: {str(wanted.leads) or 'default'}; "
            f"digest: {wanted.digest}; selection: {wanted.selection}."
        )
        if person.lost_zone:
            yield f"{person.lost_zone} is no time zone any more: nobody plans for them until they choose another one."
        yield f"They have been told of everything through {person.covered_through}."
        yield f"On {self._on} messages to them may leave from {_clock(self._window, wanted.zone)}."
        if person.bounces:
            yield f"Messages to them came back on {person.bounces} dates, the last on {person.bounced_on}."
            yield from (f"Came back: {one.detail}." for one in bounces_of(self._db, person.id))

    # --- what the calendar announces ----------------------------------------------------------------------------

    def _what_was_due(self) -> Iterator[str]:
        edition, wanted = self._told.edition, self._person.preference
        if digest_due(wanted.digest, self._on - _ONE_DAY, self._on):
            number = 0 if edition is None else len(edition.outlook)
            days = "1 day" if number == 1 else f"{number} days"
            yield f"It is a date of their digest, which looks ahead to {days} beside the notices."
        if edition is None:
            yield f"Nothing of their choice is announced to them on {self._on}; {self._next_due()}."
            return
        coming = self._announcements.coming(wanted.selection, self._on, self._on + timedelta(days=LONGEST_LEAD + 1))
        by_key = {(str(one.event.permanent_id), one.year): one for one in coming}
        for notice in edition.notices:
            yield self._notice(notice, by_key[notice.event, notice.year])

    def _notice(self, notice: NoticeKey, occurrence: Occurrence) -> str:
        what = f"{occurrence.event.id} of {occurrence.year} falls on {occurrence.first}, {_ahead(notice.days)}"
        return f"{what}: {self._lead(notice, occurrence)}."

    def _lead(self, notice: NoticeKey, occurrence: Occurrence) -> str:
        own, calendar, event = self._person.preference.leads, self._catalog.calendar, occurrence.event
        lead = f"a lead of {notice.days}"
        if notice.days not in leads_for(occurrence, calendar, own):
            return f"announced because it begins at {notice.begins}, before their hour on the day itself"
        if notice.days not in leads_of(event, calendar, own):
            return f"announced by {lead}, the calendar's for round anniversaries"
        if own.for_event((event.id, *event.was)) is not None:
            return f"announced by {lead}, their own for this event"
        if own.days is not None:
            return f"announced by {lead}, their own"
        return f"announced by {lead}, the {'calendar' if event.leads is None else 'event'}'s"

    def _next_due(self) -> str:
        for days in range(1, LONGEST_LEAD + 1):
            day = self._on + timedelta(days=days)
            if self._announcements.of(self._person.preference, day - _ONE_DAY, day).edition is not None:
                return f"the next announcement is on {day}"
        return "and nothing is for a year after it"

    # --- what became of it --------------------------------------------------------------------------------------

    def _delivery(self, delivery: Delivery) -> Iterator[str]:
        made = edition(self._db, delivery.edition_id)
        attempts = "once" if delivery.attempts == 1 else f"{delivery.attempts} times"
        detail = f": {delivery.detail}" if delivery.detail else ""
        yield (
            f"A message of the kind {delivery.kind} was planned for {delivery.day} (edition {made.key}"
            f"{_subject(made)}). It is {delivery.state}, tried {attempts}{detail}."
        )
        if delivery.next_at is not None:
            yield f"It can be sent from {delivery.next_at:%Y-%m-%d %H:%M}Z until {delivery.closes_at:%Y-%m-%d %H:%M}Z."
            if made.state is not EditionState.RELEASED:
                yield f"It waits because its edition is {made.state}: notifier release {made.key}"

    def _why_none(self) -> str:
        none = f"No message of notices was planned for {self._on}"
        return f"{none}: {self._cause(self._told)}."

    def _cause(self, told: Announcement) -> str:
        person, on = self._person, self._on
        if on < local_date(person.created_at, person.preference.zone):
            return "they were not there yet"
        if on > person.covered_through and person.status is not SubscriberStatus.ACTIVE:
            return _WHY_NOT[person.status]
        if told.edition is None:
            return "there was nothing to say"
        return _TOLD_BEFORE if on <= person.covered_through else self._not_planned_yet()

    def _not_planned_yet(self) -> str:
        if self._now < self._window.opens:
            return "their hour has not come yet"
        if self._now < self._window.closes:
            return "the planner has not passed since their hour came"
        return "the planner did not pass while messages could leave; what is still to come joins their next message"

    def _what_stands_in_the_way(self) -> Iterator[str]:
        because = held_because(self._db)
        if because is not None:
            yield f"Nothing leaves at present: {because}. To let it go on: notifier release all"
        selected = self._person.preference.selection.pick(self._catalog.events)
        yield from (f"The event {e.id} is held." for e in selected if e.permanent_id in self._holds.events)
        ids = {str(event.permanent_id): event.id for event in selected}
        for event, year in sorted(self._holds.cancelled):
            if event in ids:
                yield f"The anniversary of {year} of {ids[event]} was cancelled."


def _ahead(days: int) -> str:
    return {0: "on the day itself", 1: "the day before"}.get(days, f"{days} days before")


def _clock(window: Window, zone_name: str) -> str:
    where = zone(zone_name)
    opens, closes = window.opens.astimezone(where), window.closes.astimezone(where)
    return f"{opens:%Y-%m-%d %H:%M} to {closes:%Y-%m-%d %H:%M} ({window.opens:%H:%M}Z to {window.closes:%H:%M}Z)"


def _subject(made: Edition) -> str:
    return "" if made.content is None else f", “{made.content.subject}”"
