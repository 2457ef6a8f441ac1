"""People: their address, what they want, what they agreed to, and what they have been told of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.preferences import Preference
from notifier.storage.keys import random_key
from notifier.storage.preferences import preference_of
from notifier.storage.tables import preferences, subscribers

_PAGE = 1000

_LEAVING = (SubscriberStatus.PENDING, SubscriberStatus.ACTIVE, SubscriberStatus.PAUSED, SubscriberStatus.SUSPENDED)
"""Who can still unsubscribe. Somebody suppressed stays so: that is the stronger word."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to: the wording, when, and where it was given."""

    wording: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who gets messages.

    `key` stands for them in addresses. `covered_through` is the last local date they have been told of. Instants are
    UTC.
    """

    id: int
    key: str
    email: str
    preference: Preference
    status: SubscriberStatus
    covered_through: date
    consent: Consent
    tags: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


def insert_subscriber(  # noqa: PLR0913  # a row's columns, none of which follows from another
    db: Connection,
    email: str,
    preference_id: int,
    *,
    status: SubscriberStatus,
    covered_through: date,
    consent: Consent,
    at: datetime,
) -> Subscriber:
    """Add somebody new. An address that is there already is an IntegrityError of SQLAlchemy's."""
    values = {
        "key": random_key(16),
        "email": email,
        "email_key": email.lower(),
        "preference_id": preference_id,
        "status": status,
        "covered_through": covered_through,
        "consent": consent.wording,
        "consent_at": consent.at,
        "consent_source": consent.source,
        "tags": "",
        "created_at": at,
        "updated_at": at,
    }
    id_ = db.execute(insert(subscribers).values(values).returning(subscribers.c.id)).scalar_one()
    return _subscriber(db.execute(_query().where(subscribers.c.id == id_)).one())


def subscriber_by_email(db: Connection, email: str) -> Subscriber | None:
    """Return whoever has this address, whatever its case."""
    row = db.execute(_query().where(subscribers.c.email_key == email.lower())).one_or_none()
    return None if row is None else _subscriber(row)


def subscriber_by_key(db: Connection, key: str) -> Subscriber | None:
    """Return whoever this key stands for."""
    row = db.execute(_query().where(subscribers.c.key == key)).one_or_none()
    return None if row is None else _subscriber(row)


def all_subscribers(db: Connection) -> Iterator[Subscriber]:
    """Go through everybody, in the order they came, some at a time."""
    rows = db.execute(_query().order_by(subscribers.c.id), execution_options={"yield_per": _PAGE})
    return map(_subscriber, rows)


def leave(db: Connection, key: str, now: datetime) -> bool:
    """Unsubscribe whoever this key stands for; return whether it stands for anybody."""
    statement = update(subscribers).where(subscribers.c.key == key, subscribers.c.status.in_(_LEAVING))
    left = db.execute(statement.values(status=SubscriberStatus.UNSUBSCRIBED, updated_at=now)).rowcount
    return left == 1 or subscriber_by_key(db, key) is not None


def _query() -> Select[Any]:
    wanted = [column for column in preferences.c if column.name not in {"id", "key", "next_at"}]
    return select(subscribers, *wanted).join_from(subscribers, preferences)


def _subscriber(row: Row[Any]) -> Subscriber:
    return Subscriber(
        row.id,
        row.key,
        row.email,
        preference_of(row),
        row.status,
        row.covered_through,
        Consent(row.consent, row.consent_at, row.consent_source),
        tuple(row.tags.split()),
        row.created_at,
        row.updated_at,
    )
