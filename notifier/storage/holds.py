"""What operators keep from going out: everything, an event, one anniversary, or one edition."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, or_, select, update

from notifier.domain.deliveries import DeliveryState, EditionKind, EditionState
from notifier.storage.editions import read_notices
from notifier.storage.tables import deliveries, editions, holds, insert_into, preferences, sending, subscribers

_ALL_YEARS = 0
_HELD, _CANCELLED = "held", "cancelled"


@dataclass(frozen=True, slots=True)
class Holds:
    """Events by their first ids: those held until they are released, and single anniversaries that were cancelled."""

    events: frozenset[str] = frozenset()
    cancelled: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class EditionStanding:
    """One edition as an operator sees it: how many have got it, and how many wait for it."""

    id: int
    key: str
    kind: EditionKind
    language: str
    day: date
    state: EditionState
    events: frozenset[str]
    left: int
    waiting: int


def holds_there(db: Connection) -> Holds:
    """Return every event and anniversary that is kept from going out."""
    rows = list(db.execute(select(holds.c.event, holds.c.year, holds.c.state)))
    return Holds(
        frozenset(event for event, _, state in rows if state == _HELD),
        frozenset((event, year) for event, year, state in rows if state == _CANCELLED),
    )


def hold_event(db: Connection, event: str, now: datetime) -> None:
    """Keep an event from going out, in every year, until it is released."""
    _keep(db, event, _ALL_YEARS, _HELD, now)


def cancel_anniversary(db: Connection, event: str, year: int, now: datetime) -> None:
    """Let one anniversary be announced no more."""
    _keep(db, event, year, _CANCELLED, now)


def release_event(db: Connection, event: str) -> bool:
    """Let an event go out again, cancelled anniversaries included; return whether anything kept it."""
    return db.execute(delete(holds).where(holds.c.event == event)).rowcount > 0


def hold_everything(db: Connection, reason: str, now: datetime) -> None:
    """Let nothing leave until `release_everything`."""
    values = {"id": 1, "held_at": now, "reason": reason}
    statement = insert_into(db, sending).values(values)
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"held_at": now, "reason": reason}))


def release_everything(db: Connection) -> bool:
    """Let messages leave again; return whether they were held."""
    held = update(sending).where(sending.c.held_at.is_not(None))
    return db.execute(held.values(held_at=None, reason="")).rowcount > 0


def held_because(db: Connection) -> str | None:
    """Return why nothing may leave; None where it may."""
    return db.execute(select(sending.c.reason).where(sending.c.held_at.is_not(None))).scalar_one_or_none()


def standing(db: Connection, id_: int) -> EditionStanding:
    """Return how an edition stands."""
    return _standings(db, editions.c.id == id_)[0]


def unfinished(db: Connection, since: date = date.max) -> list[EditionStanding]:
    """Return the editions that somebody still waits for, drafts, and those of `since` or a later day, oldest first."""
    waits = editions.c.id.in_(select(deliveries.c.edition_id).where(deliveries.c.next_at.is_not(None)))
    return _standings(db, or_(waits, editions.c.state == EditionState.DRAFT, editions.c.day >= since))


def set_state(db: Connection, edition_ids: Collection[int], state: EditionState, of: Collection[EditionState]) -> int:
    """Give editions in one of the states `of` another one; return how many changed."""
    theirs = and_(editions.c.id.in_(edition_ids), editions.c.state.in_(of))
    return db.execute(update(editions).where(theirs).values(state=state)).rowcount


def drop_waiting(db: Connection, edition_ids: Collection[int], detail: str, now: datetime) -> int:
    """Let what waits of these editions expire; return how many. What is unknown stays so, and is not sent once more."""
    open_ = and_(deliveries.c.edition_id.in_(edition_ids), deliveries.c.next_at.is_not(None))
    unknown = deliveries.c.state == DeliveryState.UNKNOWN
    db.execute(update(deliveries).where(open_, unknown).values(next_at=None, updated_at=now))
    dropped = (
        update(deliveries).where(open_).values(state=DeliveryState.EXPIRED, detail=detail, next_at=None, updated_at=now)
    )
    return db.execute(dropped).rowcount


def left_over(db: Connection, since: date) -> list[int]:
    """Return the editions of `since` or later that a cancelled anniversary took along, and of which something waits.

    A sender had it in its hands when the anniversary was cancelled, and gave it back.
    """
    anniversaries = holds_there(db).cancelled
    cancelled = select(editions).where(editions.c.state == EditionState.CANCELLED, editions.c.day >= since)
    ids = [row.id for row in db.execute(cancelled) if _speaks_of(row, anniversaries)] if anniversaries else []
    if not ids:
        return []
    waiting = and_(deliveries.c.next_at.is_not(None), deliveries.c.claim.is_(None))
    query = select(deliveries.c.edition_id).where(waiting, deliveries.c.edition_id.in_(ids))
    return list(db.scalars(query.where(deliveries.c.state != DeliveryState.UNKNOWN).distinct()))


def _speaks_of(row: Row[Any], anniversaries: Collection[tuple[str, int]]) -> bool:
    keys = (*read_notices(row.notices), *read_notices(row.outlook))
    return any((key.event, key.year) in anniversaries for key in keys)


def plan_again(db: Connection, edition_ids: Collection[int], now: datetime) -> int:
    """Take back what waits of these editions, so that the planner makes it anew for today; return how many.

    What was tried already stays, since nobody plans twice for one date: it expires, and its people are told the next
    day of what is then still to come.
    """
    waiting = and_(
        deliveries.c.edition_id.in_(edition_ids),
        deliveries.c.next_at.is_not(None),
        deliveries.c.state.in_([DeliveryState.DUE, DeliveryState.DEFERRED]),
    )
    # A sender that took one between these statements would send it to somebody who is then told once more.
    db.execute(select(func.count()).select_from(select(deliveries.c.id).where(waiting).with_for_update().subquery()))
    theirs = select(subscribers.c.preference_id).join_from(deliveries, subscribers).where(waiting)
    db.execute(update(preferences).where(preferences.c.id.in_(theirs)).values(next_at=now))
    before = select(deliveries.c.subscriber_id, deliveries.c.covered_before).where(waiting).subquery()
    back = update(subscribers).where(subscribers.c.id == before.c.subscriber_id)
    db.execute(back.values(covered_through=before.c.covered_before))
    untried = db.execute(delete(deliveries).where(waiting, deliveries.c.attempts == 0)).rowcount
    tried = update(deliveries).where(waiting).values(state=DeliveryState.SUPERSEDED, next_at=None, updated_at=now)
    return untried + db.execute(tried).rowcount


def _keep(db: Connection, event: str, year: int, state: str, now: datetime) -> None:
    values = {"event": event, "year": year, "state": state, "at": now}
    statement = insert_into(db, holds).values(values)
    db.execute(statement.on_conflict_do_update(index_elements=["event", "year"], set_={"state": state, "at": now}))


def _standings(db: Connection, wanted: ColumnElement[bool]) -> list[EditionStanding]:
    went = deliveries.c.state.in_([DeliveryState.SENT, DeliveryState.UNKNOWN])
    waits = deliveries.c.next_at.is_not(None)
    query = (
        select(
            editions,
            func.count(deliveries.c.id).filter(went).label("left"),
            func.count(deliveries.c.id).filter(waits).label("waiting"),
        )
        .select_from(editions)
        .outerjoin(deliveries, deliveries.c.edition_id == editions.c.id)
        .where(wanted)
        .group_by(editions.c.id)
        .order_by(editions.c.id)
    )
    return [
        EditionStanding(
            row.id,
            row.key,
            row.kind,
            row.language,
            row.day,
            row.state,
            frozenset(key.event for text in (row.notices, row.outlook) for key in read_notices(text)),
            row.left,
            row.waiting,
        )
        for row in db.execute(query)
    ]
