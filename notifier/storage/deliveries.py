"""The sender's side of deliveries: take some, say what became of each.

A delivery is open while its `next_at` is set: whoever asks at that instant or later, and before it closes, may take
it. Taking it moves `next_at` to the end of the lease, so that a sender that died needs no other provision.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, null, or_, select, update

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionState, SubscriberStatus
from notifier.storage.tables import deliveries, editions, subscribers


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """What a sender needs to know of one message.

    `id` and `edition_key` together are the same at every attempt and in no other database: its Message-ID is made of
    them. `state` is what it was before it was claimed, and `attempts` how often it was tried.
    """

    id: int
    edition_id: int
    edition_key: str
    subscriber_key: str
    email: str
    day: date
    state: DeliveryState
    attempts: int


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


def claim_batch(  # noqa: PLR0913, PLR0917  # who takes how much, and three instants
    db: Connection, limit: int, token: UUID, now: datetime, lease_until: datetime, began: datetime | None = None
) -> list[ClaimedDelivery]:
    """Reserve up to `limit` deliveries for one sender, those that close soonest first.

    They are due, deferred until now, unknown and to be sent once more, or claimed by a sender whose lease has ended;
    their edition is released and their person active. The claim is to be committed before any mail leaves; `token`
    fences a sender that was presumed dead and comes back. What is given back untried is due from `began` on, the
    beginning of the pass (`now` without it), so that the same pass made anew finds it.
    """
    # Who has an unknown message and died may have sent it once more: that was the one time.
    idle = or_(deliveries.c.state != DeliveryState.UNKNOWN, deliveries.c.claim.is_(None))
    query = (
        select(
            deliveries.c.id,
            deliveries.c.edition_id,
            editions.c.key,
            subscribers.c.key,
            subscribers.c.email,
            deliveries.c.day,
            deliveries.c.state,
            deliveries.c.attempts,
        )
        .join_from(deliveries, subscribers)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(deliveries.c.closes_at > now, deliveries.c.next_at <= now, idle, _wanted())
        .order_by(deliveries.c.closes_at, deliveries.c.next_at, deliveries.c.id)
        .limit(limit)
        .with_for_update(of=deliveries, skip_locked=True)
    )
    claimed = [ClaimedDelivery(*row) for row in db.execute(query)]
    # What is unknown stays so while it is sent again: it must never be taken for something that nobody has got.
    state = case((deliveries.c.state == DeliveryState.UNKNOWN, deliveries.c.state), else_=DeliveryState.CLAIMED.value)
    db.execute(
        update(deliveries)
        .where(deliveries.c.id.in_([delivery.id for delivery in claimed]))
        .values(state=state, claim=str(token), next_at=lease_until, updated_at=began or now)
    )
    return claimed


def still_wanted(db: Connection, token: UUID, ids: Collection[int], now: datetime | None = None) -> frozenset[int]:
    """Return which of these claimed deliveries may still leave.

    Not those whose edition was held or cancelled, whose person left, or that somebody else has taken since; nor, where
    `now` is given, those whose window has closed by then.
    """
    query = (
        select(deliveries.c.id)
        .join_from(deliveries, subscribers)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(deliveries.c.id.in_(ids), deliveries.c.claim == str(token), deliveries.c.next_at.is_not(None), _wanted())
    )
    if now is not None:
        query = query.where(deliveries.c.closes_at > now)
    return frozenset(db.scalars(query))


def record_outcome(  # noqa: PLR0913, PLR0917  # whose claim, what happened, when: none follows from another
    db: Connection,
    delivery_id: int,
    token: UUID,
    state: DeliveryState,
    detail: str,
    now: datetime,
    next_at: datetime | None = None,
) -> bool:
    """Say what became of one attempt; return False, and change nothing, where the claim is no longer this sender's.

    `next_at` is when it is tried again: always with `deferred`, with `unknown` where it is to be sent once more.
    """
    changed = db.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.claim == str(token))
        .values(
            state=state,
            detail=detail,
            attempts=deliveries.c.attempts + 1,
            next_at=next_at,
            claim=None,
            updated_at=now,
        )
    )
    return changed.rowcount == 1


def put_off(  # noqa: PLR0913, PLR0917  # what of whose waits, why, and until when
    db: Connection, edition_id: int, token: UUID, detail: str, now: datetime, next_at: datetime
) -> int:
    """Defer all that waits of an edition of which no message can be made; return how many.

    That is no attempt, and is not counted as one. What is unknown stays so, and is not sent once more.
    """
    waiting = deliveries.c.state.in_([DeliveryState.DUE, DeliveryState.DEFERRED])
    own = deliveries.c.claim == str(token)
    changed = db.execute(
        update(deliveries)
        .where(deliveries.c.edition_id == edition_id, deliveries.c.next_at.is_not(None))
        .where(or_(own, and_(waiting, deliveries.c.next_at <= now)))
        .where(deliveries.c.state != DeliveryState.UNKNOWN)
        .values(state=DeliveryState.DEFERRED, detail=detail, next_at=next_at, claim=None, updated_at=now)
    )
    db.execute(
        update(deliveries)
        .where(deliveries.c.edition_id == edition_id, own, deliveries.c.state == DeliveryState.UNKNOWN)
        .values(detail=detail, next_at=None, claim=None, updated_at=now)
    )
    return changed.rowcount


def reasons_put_off(db: Connection) -> list[str]:
    """Return why messages wait that nobody has tried to send."""
    query = select(deliveries.c.detail).where(
        deliveries.c.next_at.is_not(None),
        deliveries.c.state == DeliveryState.DEFERRED,
        deliveries.c.attempts == 0,
        deliveries.c.detail != "",
    )
    return sorted(db.scalars(query.distinct()))


def release_claims(db: Connection, token: UUID, *, died: bool = False) -> int:
    """Give back what a sender took and did not try; return how many. They can be taken again at once.

    Of a sender that `died` nobody knows which it tried. What was unknown before then is not sent once more.
    """
    claimed = deliveries.c.state == DeliveryState.CLAIMED
    state = case(
        (and_(claimed, deliveries.c.attempts > 0), DeliveryState.DEFERRED.value),
        (claimed, DeliveryState.DUE.value),
        else_=deliveries.c.state,
    )
    tried = deliveries.c.state == DeliveryState.UNKNOWN if died else false()
    again_at = case((tried, null()), else_=deliveries.c.updated_at)
    changed = db.execute(
        update(deliveries)
        .where(deliveries.c.claim == str(token), deliveries.c.next_at.is_not(None))
        .values(state=state, claim=None, next_at=again_at)
    )
    return changed.rowcount


def claim_tokens(db: Connection) -> frozenset[UUID]:
    """Return the tokens of the senders that hold claims, alive or dead."""
    query = select(deliveries.c.claim).where(deliveries.c.claim.is_not(None), deliveries.c.next_at.is_not(None))
    return frozenset(UUID(token) for token in db.scalars(query.distinct()))


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


def _wanted() -> ColumnElement[bool]:
    return and_(editions.c.state == EditionState.RELEASED, subscribers.c.status == SubscriberStatus.ACTIVE)


def count_held(db: Connection) -> int:
    """Return how many open deliveries wait because their edition is not released."""
    query = (
        select(func.count())
        .select_from(deliveries)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(deliveries.c.next_at.is_not(None), editions.c.state != EditionState.RELEASED)
    )
    return int(db.execute(query).scalar_one())
