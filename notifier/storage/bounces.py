"""What came back: kept for a while, counted for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, delete, exists, func, insert, select, text, update

from notifier.domain.bounces import BounceKind, BounceScore
from notifier.domain.deliveries import DeliveryState, SubscriberStatus
from notifier.storage.tables import bounces, deliveries, subscribers

_KEEPING = 7_064_811_006
"""The advisory lock at which those meet on PostgreSQL who keep unreadable messages."""

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class ReturnedDelivery:
    """A delivery that something is said about, and the person it was for.

    `sent_at` is when its state last changed, which for one that was sent is when it left.
    """

    id: int
    state: DeliveryState
    sent_at: datetime
    subscriber_id: int
    subscriber_key: str
    email: str
    status: SubscriberStatus
    score: BounceScore


@dataclass(frozen=True, slots=True)
class Bounce:
    """One row of what came back; `email` is whose, where that is known. `at` is UTC."""

    id: int
    kind: BounceKind
    at: datetime
    email: str | None
    delivery_id: int | None
    detail: str


def recipient_key(db: Connection, delivery_id: int) -> str | None:
    """Return the key of the person that a delivery goes to, without locking either; None where it is gone."""
    query = select(subscribers.c.key).join_from(deliveries, subscribers).where(deliveries.c.id == delivery_id)
    return db.execute(query).scalar_one_or_none()


def returned_delivery(db: Connection, delivery_id: int) -> ReturnedDelivery | None:
    """Return a delivery and its person, whom nobody else changes until the transaction ends; None where it is gone."""
    person = select(deliveries.c.subscriber_id).where(deliveries.c.id == delivery_id).scalar_subquery()
    # Deliveries before people, as everybody locks them who changes both: so nobody waits in a circle.
    open_ones = deliveries.c.subscriber_id == person, deliveries.c.next_at.is_not(None)
    db.execute(select(deliveries.c.id).where(*open_ones).order_by(deliveries.c.id).with_for_update())
    query = (
        select(
            deliveries.c.id,
            deliveries.c.state,
            deliveries.c.updated_at,
            subscribers.c.id,
            subscribers.c.key,
            subscribers.c.email,
            subscribers.c.status,
            subscribers.c.bounces,
            subscribers.c.bounced_on,
        )
        .join_from(deliveries, subscribers)
        .where(deliveries.c.id == delivery_id)
        # Somebody may be given new deliveries meanwhile.
        .with_for_update(of=subscribers, key_share=True)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else ReturnedDelivery(*row[:-2], BounceScore(*row[-2:]))


def note_bounce(db: Connection, kind: BounceKind, returned: ReturnedDelivery, detail: str, now: datetime) -> bool:
    """Keep that something is said of a delivery; False, and nothing changes, where the same was said of it before."""
    there = bounces.c.delivery_id == returned.id, bounces.c.kind == kind
    query = select(bounces.c.id).where(bounces.c.subscriber_id == returned.subscriber_id, *there).limit(1)
    if db.execute(query).first() is not None:
        return False
    values = {"kind": kind, "subscriber_id": returned.subscriber_id, "delivery_id": returned.id}
    db.execute(insert(bounces).values(values | {"detail": detail, "at": now}))
    return True


def keep_unreadable(db: Connection, raw: bytes, detail: str, now: datetime, *, most: int) -> bool:
    """Keep a message for a person; False where it is there already, or `most` are."""
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _KEEPING})
    kept = select(func.count(), func.count().filter(bounces.c.raw == raw))
    total, same = db.execute(kept.where(bounces.c.kind == BounceKind.UNREADABLE)).one()
    if same or total >= most:
        return False
    db.execute(insert(bounces).values(kind=BounceKind.UNREADABLE, detail=detail, raw=raw, at=now))
    return True


def count_well(db: Connection, returned: ReturnedDelivery) -> int:
    """Return how many messages to the same person left after the date of the last bounce and before this one's.

    Only those of which nothing came back. What left after this one may still come back.
    """
    if returned.score.last is None:
        return 0
    failed = exists().where(
        bounces.c.subscriber_id == returned.subscriber_id,
        bounces.c.delivery_id == deliveries.c.id,
        bounces.c.kind == BounceKind.FAILED,
    )
    query = (
        select(func.count())
        .select_from(deliveries)
        .where(deliveries.c.subscriber_id == returned.subscriber_id, deliveries.c.id != returned.id)
        .where(deliveries.c.state == DeliveryState.SENT, ~failed)
        .where(deliveries.c.updated_at >= _end_of(returned.score.last), deliveries.c.updated_at <= returned.sent_at)
    )
    return int(db.execute(query).scalar_one())


def keep_score(db: Connection, subscriber_id: int, score: BounceScore) -> None:
    """Keep how often messages to somebody came back."""
    values = {"bounces": score.count, "bounced_on": score.last}
    db.execute(update(subscribers).where(subscribers.c.id == subscriber_id).values(values))


def mark_bounced(db: Connection, delivery_id: int, detail: str) -> None:
    """Say of a delivery that was sent what came of it; when it was sent stays as it is."""
    sent = deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.SENT
    db.execute(update(deliveries).where(*sent).values(detail=detail))


def all_bounces(db: Connection, kind: BounceKind | None = None) -> Iterator[Bounce]:
    """Go through what is kept, of one kind or of all, newest first."""
    columns = bounces.c.id, bounces.c.kind, bounces.c.at, subscribers.c.email, bounces.c.delivery_id, bounces.c.detail
    query = select(*columns).join_from(bounces, subscribers, isouter=True).order_by(bounces.c.at.desc(), bounces.c.id)
    if kind is not None:
        query = query.where(bounces.c.kind == kind)
    for id_, word, *others in db.execute(query, execution_options={"yield_per": _PAGE}):
        yield Bounce(id_, BounceKind(word), *others)


def forget_bounces(db: Connection, before: datetime) -> int:
    """Drop what came back before an instant; return how many. Scores stay."""
    return db.execute(delete(bounces).where(bounces.c.at < before)).rowcount


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)
