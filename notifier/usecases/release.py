"""Holding, releasing and cancelling: an operator's word on what is not out yet.

Senders ask for the state of an edition before each message, so it holds at once, in the middle of a run too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine

from notifier.domain.deliveries import EditionState
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog, Event, Release
from notifier.domain.occurrences import occurrences_between
from notifier.storage.corrections import put_in_its_place
from notifier.storage.editions import (
    corrected_before,
    edition,
    edition_by_key,
    forget_unread,
    held_since,
    instead_of,
    speaks_of,
)
from notifier.storage.engine import writing
from notifier.storage.holds import (
    EditionStanding,
    cancel_anniversary,
    drop_waiting,
    hold_event,
    hold_everything,
    holds_there,
    plan_again,
    release_event,
    release_everything,
    set_state,
    standing,
    unfinished,
)
from notifier.usecases.drafts import Policy

EVERYTHING = "all"

_CANCELLED = "cancelled by the operator"
_A_DAY, _COMING = timedelta(days=1), timedelta(days=400)


class NothingOfThatNameError(NotifierError):
    """Neither an event nor an edition."""

    wrong_use = True
    sentence = '"{what}" is no event of the calendar and no edition; notifier simulate shows the keys of editions'


class CorrectedEditionError(NotifierError):
    """What was wrong is not let go on."""

    wrong_use = True
    sentence = (
        "the edition {key} was corrected, and nothing more leaves of it; another one stands in its place, made of the "
        "calendar as it is: notifier release {instead}"
    )


class CancelEverythingError(NotifierError):
    """Too much for one word."""

    wrong_use = True
    sentence = "everything cannot be cancelled at once; hold it with notifier hold all, and cancel by event or edition"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of the word: every edition it touched as it stands now; `changed` says whether anything is new."""

    editions: tuple[EditionStanding, ...]
    changed: bool


def hold(engine: Engine, catalog: Catalog, what: str, now: datetime) -> Ruling:
    """Let nothing more leave of an edition, of an event in whatever edition, or at all (`all`).

    An event stays held in editions that are made later, until it is released.
    """
    with writing(engine) as db:
        if what == EVERYTHING:
            hold_everything(db, "held by the operator", now)
            return Ruling(tuple(unfinished(db)), changed=True)
        event = catalog.event(what)
        if event is not None:
            hold_event(db, event.permanent_id, now)
        # Those of today as well that everybody has got whose hour came: others get them at theirs.
        editions = _editions(db, event, what, _today(now) - _A_DAY)
        changed = set_state(db, editions, EditionState.HELD, {EditionState.RELEASED, EditionState.DRAFT})
        return _ruling(db, editions, changed=event is not None or changed > 0)


def release(engine: Engine, catalog: Catalog, what: str, now: datetime) -> Ruling:
    """Let go on what was held, drafts and cancelled editions; one with another event that is held waits on.

    What a cancelled edition dropped is not brought back: it goes to those for whom it is planned from now on. A draft
    leaves as the operator has read it; what was held or cancelled before anything of it left is made of the calendar as
    it stands. Of a corrected edition nothing leaves: what waits of it joins the one in its place. A word on an event
    that is not released by hand lets nothing go that is: what was held of that is a draft again.
    """
    with writing(engine) as db:
        if what == EVERYTHING:
            released = release_everything(db)
            return Ruling(tuple(unfinished(db)), changed=released)
        event = catalog.event(what)
        released = event is not None and release_event(db, event.permanent_id)
        held = holds_there(db).events
        editions = _not_corrected(db, event, what, now)
        free = [id_ for id_ in editions if event is None or not standing(db, id_).events & held]
        if event is not None:
            # What was held until its date was over keeps nothing back any more either.
            over = [one for one in held_since(db, _today(now) - _COMING) if speaks_of(one, event.permanent_id)]
            free += [one.id for one in over if not any(speaks_of(one, other) for other in held)]
            unread = set(_by_hand(db, catalog, event, free))
            forget_unread(db, unread)
            released |= set_state(db, unread, EditionState.DRAFT, {EditionState.HELD, EditionState.CANCELLED}) > 0
            free = [id_ for id_ in free if id_ not in unread]
        forget_unread(db, free)
        changed = set_state(db, free, EditionState.RELEASED, set(EditionState) - {EditionState.RELEASED})
        return _ruling(db, editions, changed=released or changed > 0)


def cancel(engine: Engine, catalog: Catalog, what: str, now: datetime) -> Ruling:
    """Drop what is not out yet: an edition, or the coming anniversary of an event.

    Where an edition announces other days as well, these are planned anew without the one that is cancelled.
    """
    if what == EVERYTHING:
        raise CancelEverythingError
    with writing(engine) as db:
        event = catalog.event(what)
        editions = _editions(db, event, what)
        if event is not None:
            for year in _years(event, now):
                cancel_anniversary(db, event.permanent_id, year, now)
            shared = [id_ for id_ in editions if standing(db, id_).events - {event.permanent_id}]
            plan_again(db, shared, now)
        else:
            shared = []
        changed = set_state(db, editions, EditionState.CANCELLED, set(EditionState) - {EditionState.CANCELLED})
        # What a sender holds of a shared one it gives back, and the planner makes it anew.
        drop_waiting(db, set(editions) - set(shared), _CANCELLED, now)
        return _ruling(db, editions, changed=event is not None or changed > 0)


def _by_hand(db: Connection, catalog: Catalog, event: Event, editions: Iterable[int]) -> list[int]:
    """Return those of these editions that wait for another word than one on this event."""
    if catalog.calendar.release_of(event) is Release.BY_HAND:
        return []
    policy = Policy(catalog)
    return [id_ for id_ in editions if policy.by_hand(edition(db, id_).of)]


def _editions(db: Connection, event: Event | None, what: str, since: date = date.max) -> list[int]:
    """Return the editions that a word speaks of: of an event, all that somebody waits for or that are of `since` on."""
    if event is not None:
        return [one.id for one in unfinished(db, since) if event.permanent_id in one.events]
    found = edition_by_key(db, what)
    if found is None:
        raise NothingOfThatNameError(what=what)
    return [found.id]


def _not_corrected(db: Connection, event: Event | None, what: str, now: datetime) -> list[int]:
    """Return the editions that are to be released; what a sender gave back of corrected ones now waits in these."""
    since = _today(now) - _A_DAY
    corrected: set[int] = set()
    for id_ in _editions(db, event, what, since):
        one = edition(db, id_)
        instead = instead_of(db, one)
        if instead is not None and event is None:
            raise CorrectedEditionError(key=one.key, instead=instead.key)
        for wrong in corrected_before(db, one) if instead is None else [one]:
            put_in_its_place(db, wrong, now)
            corrected.add(wrong.id)
    return [id_ for id_ in _editions(db, event, what, since) if id_ not in corrected]


def _years(event: Event, now: datetime) -> Collection[int]:
    """Return the nominal year of the anniversary that comes next."""
    # From the day before: somewhere it is still that date.
    coming = occurrences_between((event,), _today(now) - _A_DAY, _today(now) + _COMING)
    return [coming[0].year] if coming else []


def _today(now: datetime) -> date:
    return now.astimezone(UTC).date()


def _ruling(db: Connection, editions: Iterable[int], *, changed: bool) -> Ruling:
    return Ruling(tuple(standing(db, id_) for id_ in editions), changed)
