"""Deliveries as everybody but a sender sees them: what became of each, and why some wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, update

from notifier.domain.deliveries import DeliveryKind, DeliveryState
from notifier.storage.tables import deliveries, subscribers


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message. `next_at` is when it may be taken next; None once nothing more is to be done."""

    id: int
    edition_id: int
    kind: DeliveryKind
    day: date
    state: DeliveryState
    closes_at: datetime
    next_at: datetime | None
    attempts: int
    detail: str


_PUT_OFF = (
    select(deliveries.c.detail)
    .where(
        deliveries.c.next_at.is_not(None),
        deliveries.c.state == DeliveryState.DEFERRED,
        deliveries.c.attempts == 0,
        deliveries.c.detail != "",
    )
    .distinct()
)


def reasons_put_off(db: Connection) -> list[str]:
    """Return why messages wait that nobody has tried to send."""
    return sorted(db.scalars(_PUT_OFF))


def drop_open(db: Connection, subscriber_key: str, detail: str, now: datetime) -> int:
    """Let whatever is open for a person expire; return how many.

    A claim's token stays: a sender that has the message on the wire can still say that it was sent.
    """
    person = select(subscribers.c.id).where(subscribers.c.key == subscriber_key).scalar_subquery()
    changed = db.execute(
        update(deliveries)
        .where(deliveries.c.subscriber_id == person, deliveries.c.next_at.is_not(None))
        .where(deliveries.c.state != DeliveryState.UNKNOWN)
        .values(state=DeliveryState.EXPIRED, detail=detail, next_at=None, updated_at=now)
    )
    return changed.rowcount


def deliveries_of(db: Connection, subscriber_id: int) -> list[Delivery]:
    """Return everything that was planned for a person, oldest first."""
    wanted = [deliveries.c[name] for name in Delivery.__slots__]
    query = select(*wanted).where(deliveries.c.subscriber_id == subscriber_id).order_by(deliveries.c.id)
    return [Delivery(*row) for row in db.execute(query)]
