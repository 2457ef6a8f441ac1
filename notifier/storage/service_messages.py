"""Messages on request (confirm, welcome, manage), and what somebody's own doing changes in what is planned for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, and_, case, delete, func, insert, literal, select, update

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKey, EditionKind
from notifier.storage.claims import LEASE
from notifier.storage.editions import keep_editions
from notifier.storage.tables import deliveries, editions, subscribers


def ask_for(  # noqa: PLR0913, PLR0917  # whose, which, and the instants between which it is of use
    db: Connection, subscriber_id: int, wanted: EditionKey, covered_through: date, now: datetime, closes_at: datetime
) -> None:
    """Let a service message leave at once, and not at `closes_at` or after it."""
    edition_id = keep_editions(db, [wanted], now)[wanted]
    db.execute(
        insert(deliveries).values(
            subscriber_id=subscriber_id,
            edition_id=edition_id,
            kind=wanted.kind.delivery,
            day=wanted.day,
            state=DeliveryState.DUE,
            covered_before=covered_through,
            closes_at=closes_at,
            next_at=now,
            attempts=0,
            detail="",
            updated_at=now,
        )
    )


def asked_before(db: Connection, subscriber_id: int, since: datetime) -> list[tuple[EditionKind, datetime]]:
    """Return the service messages of a person that close after `since`: of which kind, and when each closes."""
    query = (
        select(editions.c.kind, deliveries.c.closes_at)
        .join_from(deliveries, editions)
        .where(deliveries.c.subscriber_id == subscriber_id, deliveries.c.kind == DeliveryKind.SERVICE)
        .where(deliveries.c.closes_at > since)
        .order_by(deliveries.c.id)
    )
    return [(kind, closes_at) for kind, closes_at in db.execute(query)]


def drop_service(db: Connection, subscriber_id: int, kind: EditionKind, now: datetime) -> None:
    """Let the open service messages of one kind expire: another one takes their place."""
    of_kind = select(editions.c.id).where(editions.c.kind == kind)
    db.execute(
        update(deliveries)
        .where(deliveries.c.subscriber_id == subscriber_id, deliveries.c.next_at.is_not(None))
        .where(deliveries.c.kind == DeliveryKind.SERVICE, deliveries.c.edition_id.in_(of_kind))
        .values(state=DeliveryState.EXPIRED, detail="asked for again", next_at=None, updated_at=now)
    )


def lock_open(db: Connection, key: str) -> None:
    """Lock what is open for a person until the transaction ends, before the person is.

    In this order, since whoever records what became of messages has them first and then whom they went to.
    """
    theirs = select(subscribers.c.id).where(subscribers.c.key == key).scalar_subquery()
    open_ = select(deliveries.c.id).where(deliveries.c.subscriber_id == theirs, deliveries.c.next_at.is_not(None))
    db.execute(open_.order_by(deliveries.c.id).with_for_update()).all()


def withdraw_untried(db: Connection, subscriber_id: int) -> date | None:
    """Take back notices that nobody has tried to send; return what the person had been told of before the earliest.

    As if they had never been planned: the planner may make another message for the same day. None where there is none.
    What a sender has claimed may be on the wire, and stays.
    """
    untried = and_(
        deliveries.c.subscriber_id == subscriber_id,
        deliveries.c.kind == DeliveryKind.NOTICE,
        deliveries.c.state == DeliveryState.DUE,
        deliveries.c.claim.is_(None),
        deliveries.c.attempts == 0,
        deliveries.c.next_at.is_not(None),
    )
    return min(db.scalars(delete(deliveries).where(untried).returning(deliveries.c.covered_before)), default=None)


def told_since(db: Connection, subscriber_id: int, day: date) -> bool:
    """Whether there is a notice to a person of `day` or a later date, whatever became of it."""
    query = select(func.count()).where(
        deliveries.c.subscriber_id == subscriber_id,
        deliveries.c.kind == DeliveryKind.NOTICE,
        deliveries.c.day >= day,
    )
    return bool(db.execute(query).scalar_one())


def dropped_for_good(db: Connection, subscriber_id: int, detail: str, at: datetime, now: datetime) -> date | None:
    """Return what a person had been told of before the notices dropped with this detail `at` that can leave no more.

    None where there is none. What a sender had in hand may have left, and is not among them.
    """
    lost = and_(
        deliveries.c.subscriber_id == subscriber_id,
        deliveries.c.kind == DeliveryKind.NOTICE,
        deliveries.c.state == DeliveryState.EXPIRED,
        deliveries.c.detail == detail,
        deliveries.c.updated_at == at,
        deliveries.c.closes_at <= now,
        deliveries.c.claim.is_(None),
    )
    found: date | None = db.execute(select(func.min(deliveries.c.covered_before)).where(lost)).scalar_one()
    return found


def reopen(db: Connection, subscriber_id: int, detail: str, now: datetime) -> None:
    """Let what was dropped with this detail, and can still go out in its time, be open again.

    What a sender had claimed may be on the wire: it stays that sender's until its lease ends (see `storage.claims`),
    and is not sent by anybody else meanwhile. The rest is due.
    """
    dropped = and_(deliveries.c.state == DeliveryState.EXPIRED, deliveries.c.detail == detail)
    claimed = deliveries.c.claim.is_not(None)
    db.execute(
        update(deliveries)
        .where(deliveries.c.subscriber_id == subscriber_id, dropped)
        .where(deliveries.c.closes_at > now, deliveries.c.kind != DeliveryKind.SERVICE)
        .values(
            state=case((claimed, DeliveryState.CLAIMED.value), else_=DeliveryState.DUE.value),
            detail="",
            next_at=case(
                (claimed, literal(now + LEASE, deliveries.c.next_at.type)),
                else_=literal(now, deliveries.c.next_at.type),
            ),
            updated_at=now,
        )
    )
