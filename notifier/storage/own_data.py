"""What is kept of one person's messages, for themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from notifier.domain.deliveries import DeliveryKind, DeliveryState
from notifier.storage.tables import bounces, deliveries, editions


class KeptMessage(NamedTuple):
    """One message to a person: what it said, and what became of it. `next_at` is when it is tried next, if it is."""

    kind: DeliveryKind
    day: date
    subject: str | None
    state: DeliveryState
    detail: str
    attempts: int
    next_at: datetime | None
    updated_at: datetime


class KeptBounce(NamedTuple):
    """Something that came back."""

    kind: str
    detail: str
    at: datetime
    raw: str | None


def messages_to(db: Connection, subscriber_id: int) -> list[KeptMessage]:
    """Return every message to a person that is still known, oldest first."""
    query = (
        select(
            deliveries.c.kind,
            deliveries.c.day,
            editions.c.subject,
            deliveries.c.state,
            deliveries.c.detail,
            deliveries.c.attempts,
            deliveries.c.next_at,
            deliveries.c.updated_at,
        )
        .join_from(deliveries, editions)
        .where(deliveries.c.subscriber_id == subscriber_id)
        .order_by(deliveries.c.id)
    )
    return [KeptMessage(*row) for row in db.execute(query)]


def bounces_of(db: Connection, subscriber_id: int) -> list[KeptBounce]:
    """Return everything that came back from a person's address and is still known, oldest first."""
    query = select(bounces.c.kind, bounces.c.detail, bounces.c.at, bounces.c.raw)
    rows = db.execute(query.where(bounces.c.subscriber_id == subscriber_id).order_by(bounces.c.id))
    return [
        KeptBounce(kind, detail, at, None if raw is None else raw.decode("utf-8", "replace"))
        for kind, detail, at, raw in rows
    ]
