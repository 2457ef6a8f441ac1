"""What people have been told of elsewhere: by the service that a backup is of, after it was made."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, func, select, update

from notifier.domain.deliveries import DeliveryState
from notifier.storage.tables import deliveries, preferences, subscribers

_ELSEWHERE = "sent by the service that was backed up"


def told_through(db: Connection, day: date | None, now: datetime) -> int:
    """Return how many messages have not left. With `day`, let those up to it expire first, and count people as told."""
    waiting = deliveries.c.next_at.is_not(None)
    if day is not None:
        for table in (preferences, subscribers):
            db.execute(update(table).where(table.c.covered_through < day).values(covered_through=day))
        sent = update(deliveries).where(waiting, deliveries.c.day <= day)
        db.execute(sent.values(state=DeliveryState.EXPIRED, detail=_ELSEWHERE, next_at=None, updated_at=now))
    return int(db.execute(select(func.count()).select_from(deliveries).where(waiting)).scalar_one())
