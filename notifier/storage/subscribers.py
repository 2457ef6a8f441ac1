"""People: their address, what they want, what they agreed to, and what they have been told of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.preferences import Preference, address_key
from notifier.storage.coverage import covered_through, own_date
from notifier.storage.keys import random_key
from notifier.storage.preferences import preference_in_a_zone
from notifier.storage.tables import bounces, deliveries, preferences, subscribers

_PAGE = 1000

_LEAVING = (SubscriberStatus.PENDING, SubscriberStatus.ACTIVE, SubscriberStatus.PAUSED, SubscriberStatus.SUSPENDED)
"""Who can still unsubscribe. Somebody suppressed stays so: that is the stronger word."""

_CONFIRMING = (SubscriberStatus.PENDING, SubscriberStatus.UNSUBSCRIBED)
"""Who can be asked to confirm: who never did, and who left."""

_NO_REQUEST: dict[str, object] = {"request": None, "requested_at": None}


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to: the wording, when, and where it was given; the client's address where that is kept."""

    wording: str
    at: datetime
    source: str
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who gets messages.

    `key` stands for them in addresses. `covered_through` is the last local date they have been told of. `reason` says
    to operators why they have this status; `paused_until` is the local date on which a pause ends; `nonce` is in the
    one confirmation link that is open; `bounces` counts the dates, the last of them `bounced_on`, on which messages
    came back. `request` is what they are asked to confirm, since `requested_at`, who had left. `lost_zone` is the zone
    they chose, where it is none any more: nobody plans for them, and their preference has UTC in its place. Instants
    are UTC.
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
    reason: str = ""
    paused_until: date | None = None
    nonce: str | None = None
    bounces: int = 0
    bounced_on: date | None = None
    confirmed_at: datetime | None = None
    request: str | None = None
    requested_at: datetime | None = None
    lost_zone: str = ""

    @property
    def zone(self) -> str:
        """The zone they chose, whether there is still one of that name or not."""
        return self.lost_zone or self.preference.zone


def insert_subscriber(  # noqa: PLR0913  # a row's columns, none of which follows from another
    db: Connection,
    email: str,
    preference_id: int,
    *,
    status: SubscriberStatus,
    covered_through: date,
    consent: Consent,
    at: datetime,
    nonce: str | None = None,
    tags: tuple[str, ...] = (),
) -> Subscriber:
    """Add somebody new. An address that is there already is an IntegrityError of SQLAlchemy's."""
    values = {
        "key": random_key(16),
        "email": email,
        "email_key": address_key(email),
        "preference_id": preference_id,
        "status": status,
        "covered_through": covered_through,
        "nonce": nonce,
        "tags": " ".join(tags),
        "created_at": at,
        "updated_at": at,
    }
    values |= _consent(consent)
    id_ = db.execute(insert(subscribers).values(values).returning(subscribers.c.id)).scalar_one()
    return _subscriber(db.execute(_query().where(subscribers.c.id == id_)).one())


def subscriber_by_email(db: Connection, email: str, *, lock: bool = False) -> Subscriber | None:
    """Return whoever has this address, however written; nobody else changes a locked row until the transaction ends.

    On SQLite a transaction that writes is alone in any case.
    """
    return _one(db, _query().where(subscribers.c.email_key == address_key(email)), lock=lock)


def subscriber_by_key(db: Connection, key: str, *, lock: bool = False) -> Subscriber | None:
    """Return whoever this key stands for; locked as for `subscriber_by_email`."""
    return _one(db, _query().where(subscribers.c.key == key), lock=lock)


def all_subscribers(db: Connection) -> Iterator[Subscriber]:
    """Go through everybody, in the order they came, some at a time."""
    rows = db.execute(_query().order_by(subscribers.c.id), execution_options={"yield_per": _PAGE})
    return map(_subscriber, rows)


def all_addresses(db: Connection) -> Iterator[tuple[int, str]]:
    """Go through everybody's id and address, but for who is suppressed already."""
    query = select(subscribers.c.id, subscribers.c.email).where(subscribers.c.status != SubscriberStatus.SUPPRESSED)
    return ((id_, email) for id_, email in db.execute(query, execution_options={"yield_per": _PAGE}))


def ask_again(  # noqa: PLR0913, PLR0917  # what somebody asks for anew, all of it
    db: Connection, id_: int, preference_id: int, covered_through: date, consent: Consent, nonce: str
) -> None:
    """Keep what somebody who has not confirmed, or has left, asks for now; the link before this one opens nothing."""
    values = {"preference_id": preference_id, "covered_through": covered_through, "nonce": nonce}
    values |= {"updated_at": consent.at, **_NO_REQUEST, **_consent(consent)}
    db.execute(update(subscribers).where(subscribers.c.id == id_, subscribers.c.status.in_(_CONFIRMING)).values(values))


def confirm(  # noqa: PLR0913  # whose link, and all that stands from now on
    db: Connection,
    key: str,
    nonce: str,
    covered_through: date,
    now: datetime,
    *,
    requested: tuple[int, Consent] | None = None,
) -> bool:
    """Make active whoever has this open nonce, and close it; False where nobody has: it is good for one time.

    With `requested` that preference and consent take the place of those there were.
    """
    statement = update(subscribers).where(
        subscribers.c.key == key, subscribers.c.nonce == nonce, subscribers.c.status.in_(_CONFIRMING)
    )
    values: dict[str, object] = {"status": SubscriberStatus.ACTIVE, "reason": "", "nonce": None, "paused_until": None}
    values |= {"bounces": 0, "bounced_on": None, "covered_through": covered_through, "updated_at": now}
    values |= {"confirmed_at": now, **_NO_REQUEST}
    if requested is not None:
        values |= {"preference_id": requested[0], **_consent(requested[1])}
    return db.execute(statement.values(values)).rowcount == 1


def move(db: Connection, id_: int, preference_id: int, covered_through: date, now: datetime) -> None:
    """Give somebody another preference."""
    values = {"preference_id": preference_id, "covered_through": covered_through, "updated_at": now}
    db.execute(update(subscribers).where(subscribers.c.id == id_).values(values))


def set_status(  # noqa: PLR0913  # a status with all that goes with it
    db: Connection,
    id_: int,
    status: SubscriberStatus,
    now: datetime,
    *,
    reason: str = "",
    paused_until: date | None = None,
    covered: date | None = None,
) -> None:
    """Set where somebody stands, told of everything through the date `covered`, or through the same one as before.

    Whoever becomes active begins with no bounces counted.
    """
    values: dict[str, object] = {"status": status, "reason": reason, "paused_until": paused_until, "updated_at": now}
    if status is SubscriberStatus.ACTIVE:
        values |= {"bounces": 0, "bounced_on": None}
    if status is not SubscriberStatus.PENDING:
        values |= {"nonce": None} | _NO_REQUEST
    values["covered_through"] = own_date() if covered is None else covered
    db.execute(update(subscribers).where(subscribers.c.id == id_).values(values))


def suppress_all(db: Connection, ids: Collection[int], reason: str, now: datetime) -> None:
    """Mark these people as never to be written to."""
    values: dict[str, object] = {"status": SubscriberStatus.SUPPRESSED, "reason": reason, "nonce": None}
    values |= {"covered_through": own_date(), "updated_at": now, **_NO_REQUEST}
    for first in range(0, len(ids), _PAGE):
        some = list(ids)[first : first + _PAGE]
        db.execute(update(subscribers).where(subscribers.c.id.in_(some)).values(values))


def leave(db: Connection, key: str, now: datetime) -> SubscriberStatus | None:
    """Unsubscribe whoever this key stands for; return where they stood before, None where it stands for nobody."""
    there = subscriber_by_key(db, key, lock=True)
    if there is None:
        return None
    # A pause is kept, so that leaving can be taken back with all there was; an open link is closed.
    values = {"status": SubscriberStatus.UNSUBSCRIBED, "reason": "", "nonce": None, "updated_at": now}
    statement = update(subscribers).where(subscribers.c.id == there.id, subscribers.c.status.in_(_LEAVING))
    db.execute(statement.values(values | {"covered_through": own_date()}))
    return there.status


def erase(db: Connection, id_: int) -> None:
    """Remove somebody, and everything that was sent to them or came back."""
    # Whoever plans has made messages that nobody sees yet, and refers to the row: they are waited for.
    db.execute(select(subscribers.c.id).where(subscribers.c.id == id_).with_for_update())
    db.execute(delete(deliveries).where(deliveries.c.subscriber_id == id_))
    db.execute(delete(bounces).where(bounces.c.subscriber_id == id_))
    db.execute(delete(subscribers).where(subscribers.c.id == id_))


def _one(db: Connection, query: Select[Any], *, lock: bool) -> Subscriber | None:
    # A row that is locked so can still be referred to: the planner, which makes deliveries, does not wait for it.
    row = db.execute(query.with_for_update(of=subscribers, key_share=True) if lock else query).one_or_none()
    return None if row is None else _subscriber(row)


def _consent(consent: Consent) -> dict[str, object]:
    return {
        "consent": consent.wording,
        "consent_at": consent.at,
        "consent_source": consent.source,
        "consent_ip": consent.ip,
    }


def _query() -> Select[Any]:
    wanted = [column for column in preferences.c if column.name not in {"id", "key", "next_at", "covered_through"}]
    return select(subscribers, *wanted, covered_through().label("told")).join_from(subscribers, preferences)


def _subscriber(row: Row[Any]) -> Subscriber:
    preference, lost_zone = preference_in_a_zone(row)
    return Subscriber(
        id=row.id,
        key=row.key,
        email=row.email,
        preference=preference,
        status=row.status,
        covered_through=row.told,
        consent=Consent(row.consent, row.consent_at, row.consent_source, row.consent_ip),
        tags=tuple(row.tags.split()),
        created_at=row.created_at,
        updated_at=row.updated_at,
        reason=row.reason,
        paused_until=row.paused_until,
        nonce=row.nonce,
        bounces=row.bounces,
        bounced_on=row.bounced_on,
        confirmed_at=row.confirmed_at,
        request=row.request,
        requested_at=row.requested_at,
        lost_zone=lost_zone,
    )
