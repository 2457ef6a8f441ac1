"""The planner's side of deliveries: everything that touches many people is one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    update,
)

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKey, EditionState, SubscriberStatus
from notifier.storage.editions import key_of
from notifier.storage.tables import ONE_NOTICE, deliveries, due, editions, insert_into, preferences, subscribers

_PLANNING = 7_064_811_003
"""The advisory lock two planners meet at; any number that nobody else uses."""


@dataclass(frozen=True, slots=True)
class Group:
    """So many active people of one preference who have been told of everything through one date."""

    preference_id: int
    covered_through: date
    people: int


@dataclass(frozen=True, slots=True)
class Due:
    """What a group is to get on `day`; without an edition only the date moves on."""

    preference_id: int
    covered_through: date
    day: date
    closes_at: datetime
    edition_id: int | None


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
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PLANNING})


def groups_due(db: Connection, now: datetime) -> list[Group]:
    """Return the active people of the preferences that are due, by what they have been told of."""
    of_preference: ColumnElement[int] = subscribers.c.preference_id
    if db.dialect.name == "sqlite":
        # By its index it would look people up one by one, all over the table; read from end to end, a million of them
        # take a quarter of the time. PostgreSQL decides by what it knows of the numbers.
        of_preference = of_preference + literal_column("0")
    wanted = select(preferences.c.id).where(preferences.c.next_at <= now)
    query = (
        select(of_preference, subscribers.c.covered_through, func.count())
        .where(of_preference.in_(wanted), subscribers.c.status == SubscriberStatus.ACTIVE)
        .group_by(of_preference, subscribers.c.covered_through)
        .order_by(of_preference, subscribers.c.covered_through)
    )
    return [Group(*row) for row in db.execute(query)]


def deliver(db: Connection, rows: Iterable[Due], now: datetime) -> int:
    """Make a delivery for everybody in these groups, and move on what they have been told of; return how many.

    Who has a message for that day already keeps their date, so that what is new goes out with the next one.
    """
    values = [asdict(row) for row in rows]
    if not values:
        return 0
    db.execute(insert(due), values)
    planned = 0
    if any(row["edition_id"] is not None for row in values):
        last = db.execute(select(func.coalesce(func.max(deliveries.c.id), 0))).scalar_one()
        planned = _insert_deliveries(db, now)
        for day in {row["day"] for row in values}:
            made = and_(deliveries.c.id > last, deliveries.c.kind == DeliveryKind.NOTICE, deliveries.c.day == day)
            told = subscribers.c.id.in_(select(deliveries.c.subscriber_id).where(made))
            db.execute(update(subscribers).where(told).values(covered_through=day))
    if any(row["edition_id"] is None for row in values):
        nothing = and_(due.c.edition_id.is_(None), _in_group())
        db.execute(update(subscribers).where(nothing).values(covered_through=due.c.day))
    db.execute(delete(due))
    return planned


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
    back = and_(before.c.subscriber_id == subscribers.c.id, before.c.covered < subscribers.c.covered_through)
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
        subscribers.c.covered_through == due.c.covered_through,
    )


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
