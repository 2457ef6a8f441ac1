"""What waits, held or not, and what the operator was told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, or_, select

from notifier.domain.deliveries import EditionState
from notifier.storage.tables import deliveries, editions, insert_into, sending, told

_HELD = (
    select(func.count())
    .select_from(deliveries)
    .join(editions, editions.c.id == deliveries.c.edition_id)
    .where(
        deliveries.c.next_at.is_not(None),
        or_(editions.c.state != EditionState.RELEASED, exists().where(sending.c.held_at.is_not(None))),
    )
)


def count_held(db: Connection) -> int:
    """Return how many open deliveries wait because their edition is not released, or because everything is held."""
    return int(db.execute(_HELD).scalar_one())


def count_waiting(db: Connection, now: datetime) -> int:
    """Return how many messages are still to leave today."""
    query = select(func.count()).where(deliveries.c.next_at.is_not(None), deliveries.c.closes_at > now)
    return int(db.execute(query).scalar_one())


def was_told(db: Connection, what: str, within: timedelta, now: datetime) -> bool:
    """Whether the operator was told of this less than so long ago; an instant to come, on a clock set back, is past."""
    at = db.execute(select(told.c.at).where(told.c.what == what)).scalar_one_or_none()
    return at is not None and now - within < at <= now + within


def note_told(db: Connection, what: str, now: datetime) -> None:
    """Note that the operator was told of this."""
    insert = insert_into(db, told).values({"what": what, "at": now})
    db.execute(insert.on_conflict_do_update(index_elements=["what"], set_={"at": now}))
