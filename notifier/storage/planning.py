"""The planner's side of deliveries: everything that touches many people is one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    update,
)

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKey, EditionState, SubscriberStatus
from notifier.storage.coverage import own_date
from notifier.storage.editions import key_of
from notifier.storage.engine import wait_without_limit
from notifier.storage.tables import ONE_NOTICE, deliveries, due, editions, insert_into, preferences, subscribers

_PLANNING = 7_064_811_003
"""The advisory lock two planners meet at; any number that nobody else uses."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a group is to get on `day`; without an edition only the date moves on."""

    preference_id: int
    covered_through: date
    together: bool
    day: date
    closes_at: datetime
    edition_id: int | None
    people: int


@dataclass(frozen=True, slots=True)
class LateEdition:
    """An edition that so many people can no longer get."""

    edition_id: int
    of: EditionKey
    cancelled: bool
    people: int


def lock_planning(db: Connection) -> None:
    """Let one planner work at a time, until the transaction ends. On SQLite the transaction alone does it."""
    if db.dialect.name == "postgresql":
        wait_without_limit(db)
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PLANNING})


def wait_for_plan(db: Connection) -> None:
    """Let no plan be made until the transaction ends, and wait for one that is: before anything else is locked.

    What somebody counts as told of is known by their preference's date and by messages, neither of which is seen
    before a plan is committed. Any number of people may do so at a time. On SQLite the transaction alone does it.
    """
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _PLANNING})


def deliver(db: Connection, rows: Iterable[Due], now: datetime) -> int:
    """Make a delivery for everybody in these groups, and move on what they have been told of; return how many.

    Who has a message for that day already keeps their date, so that what is new goes out with the next one.
    """
    groups = list(rows)
    if not groups:
        return 0
    db.execute(insert(due), [{column.name: getattr(row, column.name) for column in due.c} for row in groups])
    last = db.execute(select(func.coalesce(func.max(deliveries.c.id), 0))).scalar_one()
    wanted = sum(row.people for row in groups if row.edition_id is not None)
    planned = _insert_deliveries(db, now) if wanted else 0
    for day in {row.day for row in groups}:
        if planned != wanted:
            _keep_apart(db, day, last)
        if not all(row.together for row in groups if row.day == day):
            _bring_together(db, day, last)
        behind = or_(preferences.c.covered_through.is_(None), preferences.c.covered_through < day)
        theirs = and_(behind, preferences.c.id.in_(select(due.c.preference_id).where(due.c.day == day)))
        db.execute(update(preferences).where(theirs).values(covered_through=day))
    db.execute(delete(due))
    return planned


def _keep_apart(db: Connection, day: date, last: int) -> None:
    """Let those keep their date who had a message for that day; `last` was the last delivery before this plan's."""
    told_already = and_(_in_group(), due.c.together, due.c.day == day, due.c.edition_id.is_not(None))
    statement = update(subscribers).where(told_already, ~_got(day, last))
    db.execute(statement.values(covered_through=due.c.covered_through))


def _bring_together(db: Connection, day: date, last: int) -> None:
    """Let those who had a date of their own stand with the others, as told through `day`, unless those are ahead."""
    ahead = select(preferences.c.id).where(preferences.c.covered_through > day)
    date_after = case((subscribers.c.preference_id.in_(ahead), day), else_=null())
    nothing = and_(_in_group(), due.c.day == day, due.c.edition_id.is_(None))
    told_nothing = subscribers.c.id.in_(select(subscribers.c.id).join(due, nothing))
    theirs = and_(subscribers.c.covered_through.is_not(None), or_(_got(day, last), told_nothing))
    db.execute(update(subscribers).where(theirs).values(covered_through=date_after))


def _got(day: date, last: int) -> ColumnElement[bool]:
    """Say who has a notice for that day of those made after the delivery `last`."""
    made = and_(deliveries.c.id > last, deliveries.c.kind == DeliveryKind.NOTICE, deliveries.c.day == day)
    return subscribers.c.id.in_(select(deliveries.c.subscriber_id).where(made))


def anything_closed(db: Connection, now: datetime) -> bool:
    """Whether anything that is open closed before now; nothing more is asked where it did not."""
    return db.execute(select(deliveries.c.id).where(_closed(now)).limit(1)).one_or_none() is not None


def lock_late(db: Connection, now: datetime) -> list[LateEdition]:
    """Return what closed before it went out, and lock everything that closed until the transaction ends.

    What a sender still holds is locked as well: put back by it between two statements of the planner, it would be
    closed by one without having been given back by the other.
    """
    closed = select(deliveries.c.id).where(_closed(now)).with_for_update().subquery()
    db.execute(select(func.count()).select_from(closed))
    late = (
        select(deliveries.c.edition_id, func.count().label("people"))
        .where(_late(now))
        .group_by(deliveries.c.edition_id)
        .subquery()
    )
    query = select(editions, late.c.people).join(late, late.c.edition_id == editions.c.id).order_by(editions.c.id)
    return [
        LateEdition(row.id, key_of(row), row.state is EditionState.CANCELLED, row.people) for row in db.execute(query)
    ]


def give_back(db: Connection, edition_ids: Collection[int], now: datetime) -> None:
    """Make everybody who can no longer get these editions stand where they stood before, to be planned for again."""
    late = and_(_late(now), deliveries.c.edition_id.in_(edition_ids))
    theirs = select(subscribers.c.preference_id).join_from(deliveries, subscribers).where(late)
    again = and_(preferences.c.next_at > now, preferences.c.id.in_(theirs))
    db.execute(update(preferences).where(again).values(next_at=now))
    # Of two that came too late for one person, the earlier says where they stood.
    before = (
        select(deliveries.c.subscriber_id, func.min(deliveries.c.covered_before).label("covered"))
        .where(late)
        .group_by(deliveries.c.subscriber_id)
        .subquery()
    )
    back = and_(before.c.subscriber_id == subscribers.c.id, before.c.covered < own_date())
    db.execute(update(subscribers).where(back).values(covered_through=before.c.covered))


def close_late(db: Connection, edition_ids: Collection[int], state: DeliveryState, now: datetime) -> None:
    """Close the late deliveries of these editions."""
    late = and_(_late(now), deliveries.c.edition_id.in_(edition_ids))
    db.execute(update(deliveries).where(late).values(state=state, next_at=None, claim=None, updated_at=now))


def expire_others(db: Connection, now: datetime) -> int:
    """Let corrections and service messages expire that closed before they went out; return how many.

    Nothing takes their place: nobody is planned for again.
    """
    others = and_(deliveries.c.kind != DeliveryKind.NOTICE, _idle(now), _closed(now))
    values = {"state": DeliveryState.EXPIRED, "detail": "not sent in time", "next_at": None, "updated_at": now}
    return db.execute(update(deliveries).where(others).values(claim=None, **values)).rowcount


def close_unknown(db: Connection, now: datetime) -> None:
    """Give up sending once more what may have arrived. It stays unknown: it is never rendered again."""
    idle = or_(deliveries.c.claim.is_(None), deliveries.c.next_at <= now)
    over = and_(_closed(now), deliveries.c.state == DeliveryState.UNKNOWN, idle)
    db.execute(update(deliveries).where(over).values(next_at=None, claim=None, updated_at=now))


def _insert_deliveries(db: Connection, now: datetime) -> int:
    columns = {
        "subscriber_id": subscribers.c.id,
        "edition_id": due.c.edition_id,
        "kind": literal(DeliveryKind.NOTICE, deliveries.c.kind.type),
        "day": due.c.day,
        "state": literal(DeliveryState.DUE, deliveries.c.state.type),
        "covered_before": due.c.covered_through,
        "closes_at": due.c.closes_at,
        "next_at": literal(now, deliveries.c.next_at.type),
        "attempts": literal(0),
        "detail": literal(""),
        "updated_at": literal(now, deliveries.c.updated_at.type),
    }
    people = select(*columns.values()).where(due.c.edition_id.is_not(None), _in_group())
    # In the order of the people, so that indexes grow at their end and tables are walked once.
    people = people.order_by(subscribers.c.id)
    statement = insert_into(db, deliveries).from_select(list(columns), people)
    statement = statement.on_conflict_do_nothing(index_elements=["subscriber_id", "day"], index_where=ONE_NOTICE)
    return db.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def _in_group() -> ColumnElement[bool]:
    return and_(
        subscribers.c.preference_id == due.c.preference_id,
        subscribers.c.status == SubscriberStatus.ACTIVE,
        or_(and_(due.c.together, subscribers.c.covered_through.is_(None)), _by_own_date()),
    )


def _by_own_date() -> ColumnElement[bool]:
    return and_(~due.c.together, subscribers.c.covered_through == due.c.covered_through)


def _late(now: datetime) -> ColumnElement[bool]:
    """Say which messages of notices closed before they went out, and are in no sender's hands."""
    return and_(deliveries.c.kind == DeliveryKind.NOTICE, _idle(now), _closed(now))


def _idle(now: datetime) -> ColumnElement[bool]:
    """Say which deliveries wait, or were left behind by a sender whose time is over; none that is unknown."""
    waiting = deliveries.c.state.in_([DeliveryState.DUE, DeliveryState.DEFERRED])
    abandoned = and_(deliveries.c.state == DeliveryState.CLAIMED, deliveries.c.next_at <= now)
    return or_(waiting, abandoned)


def _closed(now: datetime) -> ColumnElement[bool]:
    return and_(deliveries.c.closes_at <= now, deliveries.c.next_at.is_not(None))
