"""Which deliveries may leave, and in which order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, and_, exists, literal_column, or_, select, text

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionState, SubscriberStatus
from notifier.storage.tables import deliveries, editions, sending, subscribers

EVERY_KIND = frozenset(DeliveryKind)


def what_is_open(now: datetime | BindParameter[datetime], kinds: Collection[DeliveryKind]) -> Select[Any]:
    """Select what a sender may take now, in the order of `ClaimedDelivery`; see `may_leave`."""
    # Who has an unknown message and died may have sent it once more: that was the one time.
    idle = or_(deliveries.c.state != DeliveryState.UNKNOWN, deliveries.c.claim.is_(None))
    query = (
        select(
            deliveries.c.id,
            deliveries.c.edition_id,
            editions.c.key,
            editions.c.kind,
            deliveries.c.kind,
            subscribers.c.id,
            subscribers.c.key,
            subscribers.c.nonce,
            subscribers.c.email,
            deliveries.c.day,
            deliveries.c.closes_at,
            deliveries.c.state,
            deliveries.c.attempts,
        )
        .join_from(deliveries, subscribers)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(deliveries.c.closes_at > now, deliveries.c.next_at <= now, idle, may_leave())
    )
    if set(kinds) == {DeliveryKind.SERVICE}:
        # In the words of its own index, which has none but these.
        asked_for = literal_column(f"'{DeliveryKind.SERVICE}'", deliveries.c.kind.type)
        query = query.where(deliveries.c.kind == asked_for, deliveries.c.next_at.is_not(None))
        return query.order_by(deliveries.c.next_at, deliveries.c.id)
    return query.where(_of(kinds)).order_by(deliveries.c.closes_at, deliveries.c.next_at, deliveries.c.id)


def _of(kinds: Collection[DeliveryKind]) -> ColumnElement[bool]:
    return deliveries.c.kind.in_(sorted(kinds))


def may_leave() -> ColumnElement[bool]:
    """Say which of the joined deliveries may leave: sending is not held, and their edition is released.

    Notices and corrections go to active people, corrections also to paused ones: they got what was wrong. What somebody
    asked for goes to whoever is not suppressed: confirming comes before being active, and a link to manage things is
    for those who left too.
    """
    asked_for = and_(deliveries.c.kind == DeliveryKind.SERVICE, subscribers.c.status != SubscriberStatus.SUPPRESSED)
    owed = and_(deliveries.c.kind == DeliveryKind.CORRECTION, subscribers.c.status == SubscriberStatus.PAUSED)
    return and_(
        editions.c.state == EditionState.RELEASED,
        or_(subscribers.c.status == SubscriberStatus.ACTIVE, asked_for, owed),
        ~exists().where(sending.c.held_at.is_not(None)),
    )


def walk_indexes(db: Connection) -> None:
    """Have the first of what is open found by its index, until the transaction ends.

    PostgreSQL goes by what it has counted, which right after planning is that hardly anything is open: it would read
    and sort all of it for each claim.
    """
    if db.dialect.name == "postgresql":
        off = ", ".join(f"set_config('enable_{way}', 'off', true)" for way in ("seqscan", "bitmapscan", "sort"))
        db.execute(text(f"SELECT {off}"))
