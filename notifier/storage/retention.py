"""Removes what has been kept long enough."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, select, update

from notifier.domain.deliveries import EditionKind, SubscriberStatus
from notifier.storage.tables import bounces, deliveries, editions, subscribers

_SERVICE = (EditionKind.CONFIRM, EditionKind.WELCOME, EditionKind.MANAGE)


def remove_unconfirmed(db: Connection, before: datetime) -> int:
    """Remove who was asked to confirm before an instant and did not, with all that was sent to them."""
    waiting = select(subscribers.c.id).where(
        subscribers.c.status == SubscriberStatus.PENDING, subscribers.c.updated_at < before
    )
    db.execute(delete(deliveries).where(deliveries.c.subscriber_id.in_(waiting)))
    db.execute(delete(bounces).where(bounces.c.subscriber_id.in_(waiting)))
    gone = delete(subscribers).where(subscribers.c.status == SubscriberStatus.PENDING)
    return db.execute(gone.where(subscribers.c.updated_at < before)).rowcount


def forget_requests(db: Connection, before: datetime) -> int:
    """Forget what people who had left were asked to confirm before an instant and did not."""
    stale = update(subscribers).where(subscribers.c.requested_at < before)
    return db.execute(stale.values(request=None, requested_at=None, nonce=None)).rowcount


def remove_finished_deliveries(db: Connection, before: datetime, after: int, most: int) -> tuple[int, int | None]:
    """Remove deliveries that were finished before an instant, looking at `most` of those numbered above `after`.

    Return how many were removed, and the number to go on after; None once there is nothing old any more. They are
    numbered as they were made, so the old ones are found without looking at all the others.
    """
    oldest = select(deliveries.c.id, deliveries.c.updated_at).where(deliveries.c.id > after).order_by(deliveries.c.id)
    seen = list(db.execute(oldest.limit(most)))
    if not seen:
        return 0, None
    gone = delete(deliveries).where(deliveries.c.id.between(seen[0].id, seen[-1].id))
    removed = db.execute(gone.where(deliveries.c.updated_at < before, deliveries.c.next_at.is_(None))).rowcount
    return removed, seen[-1].id if len(seen) == most and seen[-1].updated_at < before else None


def remove_service_editions(db: Connection, before: datetime) -> int:
    """Remove what service messages said that were made before an instant and that nobody has any more."""
    unused = ~exists().where(deliveries.c.edition_id == editions.c.id)
    gone = delete(editions).where(editions.c.kind.in_(_SERVICE), editions.c.created_at < before, unused)
    return db.execute(gone).rowcount
