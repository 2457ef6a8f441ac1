"""One's own subscription: a link to it, and everything that can be changed there.

Whoever calls these has shown that they read the mailbox; no function here asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from notifier.domain.deliveries import EditionKind, SubscriberStatus
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog, Event
from notifier.domain.leads import OwnLeads
from notifier.domain.outlooks import NO_DIGEST
from notifier.domain.preferences import Preference, parse_address
from notifier.domain.selections import Selection
from notifier.storage.deliveries import drop_open
from notifier.storage.engine import reading, writing
from notifier.storage.keys import random_key
from notifier.storage.planning import wait_for_plan
from notifier.storage.service_messages import dropped_for_good, lock_open, reopen
from notifier.storage.subscribers import (
    Consent,
    Subscriber,
    ask_again,
    confirm,
    move,
    set_status,
    subscriber_by_email,
    subscriber_by_key,
)
from notifier.storage.suppressions import is_suppressed
from notifier.tokens import PART_LENGTH
from notifier.usecases.letters import may_write, write_letter
from notifier.usecases.standing import covered_anew, covered_from_now
from notifier.usecases.subscribe import LEFT, check_preference, keep_due, local_day

_WITH_SETTINGS = frozenset(SubscriberStatus) - {SubscriberStatus.PENDING, SubscriberStatus.SUPPRESSED}
_PAUSED = "paused"


class GoneError(NotifierError):
    """Somebody whose row is gone, or who is in no state for what they ask."""

    sentence = "This subscription is not there any more."


def ask_for_link(engine: Engine, email: str, hash_of: Callable[[str], str], now: datetime) -> None:
    """Send a link to their settings to whoever has the address, unless the last message has not cooled down yet.

    Whoever asks is told the same in any case. Raises AddressError, whoever has the address.
    """
    email = parse_address(email)
    with writing(engine) as db:
        person = subscriber_by_email(db, email, lock=True)
        suppressed = is_suppressed(db, hash_of(email))
        if person is None or suppressed or person.status not in _WITH_SETTINGS:
            return
        if not may_write(db, person, EditionKind.MANAGE, now):
            return
        today = local_day(person.preference, now)
        write_letter(db, person, person.preference.language, EditionKind.MANAGE, "", today, now)


def person_of(engine: Engine, key: str) -> Subscriber:
    """Return whose settings they are. Raises GoneError for nobody, and for whoever has none to change."""
    with reading(engine) as db:
        return _there(subscriber_by_key(db, key))


def change_preference(engine: Engine, catalog: Catalog, key: str, preference: Preference, now: datetime) -> None:
    """Give somebody another preference: nothing they were to hear of is lost, and nothing of the past comes.

    Raises GoneError, UnknownLanguageError and UnknownSelectionTermError.
    """
    check_preference(preference, catalog)
    with _changing(engine, key, preference, now) as (db, person, preference_id):
        if person.preference != preference or person.lost_zone:
            move(db, person.id, preference_id, covered_from_now(db, person, preference, now), now)


def leave_event(engine: Engine, catalog: Catalog, key: str, event_id: str, now: datetime) -> None:
    """Leave one event out of what somebody hears of. Raises GoneError, and UnknownSelectionTermError for no event."""
    before = person_of(engine, key).preference
    selection = Selection(before.selection.taken, tuple(sorted({*before.selection.left_out, event_id})))
    leads = replace(before.leads, by_event=_without(before.leads, catalog.event(event_id)))
    change_preference(engine, catalog, key, replace(before, selection=selection, leads=leads), now)


def lead_event(  # noqa: PLR0913, PLR0917  # whose, which event, and what from now on
    engine: Engine, catalog: Catalog, key: str, event_id: str, days: tuple[int, ...] | None, now: datetime
) -> None:
    """Set how far ahead somebody is told of one event; None for no choice of their own.

    Raises GoneError, and UnknownSelectionTermError for no event.
    """
    check_preference(replace(person_of(engine, key).preference, selection=Selection((event_id,))), catalog)
    before = person_of(engine, key).preference
    event = catalog.event(event_id)
    own = dict(_without(before.leads, event))
    if event is not None and days is not None:
        own[event.permanent_id] = days
    leads = replace(before.leads, by_event=tuple(sorted(own.items())))
    change_preference(engine, catalog, key, replace(before, leads=leads), now)


def pause(engine: Engine, key: str, until: date, now: datetime) -> bool:
    """Write to somebody no more until `until`, a local date, on which they are written to again.

    Return whether that lies ahead; nothing changes where it does not. Raises GoneError.
    """
    with writing(engine) as db:
        lock_open(db, key)
        person = _there(subscriber_by_key(db, key, lock=True))
        if until <= local_day(person.preference, now):
            return False
        if person.status not in {SubscriberStatus.ACTIVE, SubscriberStatus.PAUSED}:
            raise GoneError
        drop_open(db, key, _PAUSED, now)
        set_status(db, person.id, SubscriberStatus.PAUSED, now, paused_until=until)
        return True


def resume(engine: Engine, key: str, now: datetime) -> None:
    """Write again to whoever paused, or whose address was suspended; nothing of the time between comes.

    Raises GoneError.
    """
    with _changing(engine, key, None, now) as (db, person, _):
        if person.status not in {SubscriberStatus.PAUSED, SubscriberStatus.SUSPENDED}:
            return
        reopen(db, person.id, _PAUSED, now)
        covered = covered_anew(db, person, person.preference, now)
        set_status(db, person.id, SubscriberStatus.ACTIVE, now, covered=covered)


def rejoin(engine: Engine, key: str, consent: Consent) -> None:
    """Write again to whoever left, and now agrees anew, from the instant of the consent on. Raises GoneError."""
    now, nonce = consent.at, random_key(PART_LENGTH)
    with _changing(engine, key, None, now) as (db, person, preference_id):
        if person.status is not SubscriberStatus.UNSUBSCRIBED:
            return
        reopen(db, person.id, LEFT, now)
        covered = covered_anew(db, person, person.preference, now)
        ask_again(db, person.id, preference_id, covered, consent, nonce)
        confirm(db, key, nonce, covered, now)


def take_back(engine: Engine, key: str, left_at: datetime, now: datetime, *, day_alone: bool) -> bool:
    """Take back that somebody left in the second of `left_at`; with `day_alone` they hear of the days themselves only.

    Return whether it could be: not once anything else has become of them. What had been planned goes out in its time;
    where that is over, what is still to come of it is planned again.
    """
    with reading(engine) as db:
        person = subscriber_by_key(db, key)
    if person is None:
        return False
    before = person.preference
    preference = replace(before, leads=OwnLeads((0,)), digest=NO_DIGEST) if day_alone else before
    with _changing(engine, key, preference, now) as (db, person, preference_id):
        if person.status is not SubscriberStatus.UNSUBSCRIBED or person.updated_at.replace(microsecond=0) != left_at:
            return False
        reopen(db, person.id, LEFT, now)
        until = person.paused_until
        before_it = dropped_for_good(db, person.id, LEFT, person.updated_at, now)
        covered = person.covered_through if before_it is None else min(before_it, person.covered_through)
        if day_alone:
            covered = min(covered, covered_from_now(db, person, preference, now))
            move(db, person.id, preference_id, covered, now)
        ahead = until is not None and until > local_day(preference, now)
        status = SubscriberStatus.PAUSED if ahead else SubscriberStatus.ACTIVE
        set_status(db, person.id, status, now, paused_until=until if ahead else None, covered=covered)
        return True


@contextmanager
def _changing(
    engine: Engine, key: str, preference: Preference | None, now: datetime
) -> Iterator[tuple[Connection, Subscriber, int]]:
    """Give a transaction that has locked what is open, the preference they are to have (or theirs), and the person.

    No plan is made meanwhile, since what they were told of is asked for. In this order, which is that of the planner
    and of the sender.
    """
    with writing(engine) as db:
        wait_for_plan(db)
        lock_open(db, key)
        wanted = preference or _there(subscriber_by_key(db, key)).preference
        preference_id = keep_due(db, wanted, now)
        yield db, _there(subscriber_by_key(db, key, lock=True)), preference_id


def _there(person: Subscriber | None) -> Subscriber:
    if person is None or person.status not in _WITH_SETTINGS:
        raise GoneError
    return person


def _without(leads: OwnLeads, event: Event | None) -> tuple[tuple[str, tuple[int, ...]], ...]:
    ids = () if event is None else (event.id, *event.was)
    return tuple((id_, days) for id_, days in leads.by_event if id_ not in ids)
