"""The sender's side of deliveries: take some, ask whether they may still leave, give back what was not tried.

A delivery is open while its `next_at` is set: whoever asks at that instant or later, and before it closes, may take
it. Taking it moves `next_at` to the end of the lease, so that a sender that hangs keeps nothing for ever; one that
died is known by its lock, and its claims are given back at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    false,
    null,
    or_,
    select,
    update,
)

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKind
from notifier.storage.leaving import EVERY_KIND, may_leave, walk_indexes, what_is_open
from notifier.storage.tables import deliveries, editions, subscribers

LEASE = timedelta(hours=1)
"""Longer than the slowest server may take over one message (RFC 5321 §4.5.3.2)."""

_CLAIMS = (
    select(deliveries.c.claim).where(deliveries.c.claim.is_not(None), deliveries.c.next_at.is_not(None)).distinct()
)


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """What a sender needs to know of one message.

    `id`, `edition_key` and `subscriber_key` are the same at every attempt: its Message-ID is made of them. `state` is
    what it was before it was claimed, and `attempts` how often it was tried. `nonce` is what the person's one open
    confirmation link carries.
    """

    id: int
    edition_id: int
    edition_key: str
    edition_kind: EditionKind
    kind: DeliveryKind
    subscriber_id: int
    subscriber_key: str
    nonce: str | None
    email: str
    day: date
    closes_at: datetime
    state: DeliveryState
    attempts: int

    @property
    def domain(self) -> str:
        """Where it goes: what stands behind the address's last @, in small letters."""
        return self.email.rpartition("@")[2].lower()


def claim_batch(  # noqa: PLR0913, PLR0917  # who takes how much of what, and three instants
    db: Connection,
    limit: int,
    token: UUID,
    now: datetime,
    lease_until: datetime,
    began: datetime | None = None,
    kinds: Collection[DeliveryKind] = EVERY_KIND,
) -> list[ClaimedDelivery]:
    """Reserve up to `limit` deliveries of these kinds for one sender, those that close soonest first.

    They are due, deferred until now, unknown and to be sent once more, or claimed by a sender whose lease has ended;
    they may leave (see `may_leave`). The claim is to be committed before any mail leaves; `token` fences a sender that
    was presumed dead and comes back. What is given back untried is due from `began` on, the beginning of the pass
    (`now` without it), so that the same pass made anew finds it.
    """
    walk_indexes(db)
    query = _open(frozenset(kinds), to_take=True)
    claimed = [ClaimedDelivery(*row) for row in db.execute(query, {"now": now, "most": limit})]
    if not claimed:
        return []
    # What is unknown stays so while it is sent again: it must never be taken for something that nobody has got.
    state = case((deliveries.c.state == DeliveryState.UNKNOWN, deliveries.c.state), else_=DeliveryState.CLAIMED.value)
    db.execute(
        update(deliveries)
        .where(deliveries.c.id.in_([delivery.id for delivery in claimed]))
        .values(state=state, claim=str(token), next_at=lease_until, updated_at=began or now)
    )
    return claimed


def anything_due(db: Connection, now: datetime, kinds: Collection[DeliveryKind] = EVERY_KIND) -> bool:
    """Whether a claim would find something; asking takes no lock."""
    walk_indexes(db)
    query = _open(frozenset(kinds), to_take=False)
    return db.execute(query, {"now": now, "most": 1}).first() is not None


@cache  # it is asked again and again, and putting it together takes longer than the answer
def _open(kinds: frozenset[DeliveryKind], *, to_take: bool) -> Select[Any]:
    """Select up to `most` deliveries that are open `now`."""
    instant = bindparam("now", type_=deliveries.c.next_at.type)
    query = what_is_open(instant, kinds).limit(bindparam("most", type_=Integer()))
    return query.with_for_update(of=deliveries, skip_locked=True) if to_take else query


def still_wanted(db: Connection, token: UUID, ids: Collection[int], now: datetime | None = None) -> frozenset[int]:
    """Return which of these claimed deliveries may still leave.

    Not those that may not (see `may_leave`) or that somebody else has taken since; nor, where `now` is given, those
    whose window has closed by then.
    """
    query = (
        select(deliveries.c.id)
        .join_from(deliveries, subscribers)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(deliveries.c.id.in_(ids), deliveries.c.claim == str(token), deliveries.c.next_at.is_not(None))
        .where(may_leave())
    )
    if now is not None:
        query = query.where(deliveries.c.closes_at > now)
    return frozenset(db.scalars(query))


def put_back(db: Connection, token: UUID, until: Mapping[int, datetime]) -> None:
    """Give back claimed deliveries that were not tried; each can be taken again at its instant."""
    own = update(deliveries).where(deliveries.c.id == bindparam("one"), deliveries.c.claim == str(token))
    db.execute(
        # What was dropped meanwhile stays dropped.
        own.where(deliveries.c.next_at.is_not(None)).values(state=_untried(), claim=None, next_at=bindparam("again")),
        [{"one": id_, "again": instant} for id_, instant in until.items()],
    )


def put_off(  # noqa: PLR0913, PLR0917  # what of whose waits, why, until when, and what is excepted
    db: Connection,
    edition_id: int,
    token: UUID,
    detail: str,
    now: datetime,
    next_at: datetime,
    under_way: Collection[int] = (),
) -> int:
    """Defer all that waits of an edition of which no message can be made; return how many.

    That is no attempt, and is not counted as one. What is unknown stays so, and is not sent once more. Claimed
    deliveries that are `under_way` are left to come to their own end.
    """
    waiting = deliveries.c.state.in_([DeliveryState.DUE, DeliveryState.DEFERRED])
    own = and_(deliveries.c.claim == str(token), deliveries.c.id.not_in(under_way))
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


def release_claims(db: Connection, token: UUID, *, died: bool = False) -> int:
    """Give back what a sender took and did not try; return how many. They can be taken again at once.

    Of a sender that `died` nobody knows which it tried. What was unknown before then is not sent once more.
    """
    tried = deliveries.c.state == DeliveryState.UNKNOWN if died else false()
    again_at = case((tried, null()), else_=deliveries.c.updated_at)
    changed = db.execute(
        update(deliveries)
        .where(deliveries.c.claim == str(token), deliveries.c.next_at.is_not(None))
        .values(state=_untried(), claim=None, next_at=again_at)
    )
    return changed.rowcount


def claim_tokens(db: Connection) -> frozenset[UUID]:
    """Return the tokens of the senders that hold claims, alive or dead."""
    return frozenset(UUID(token) for token in db.scalars(_CLAIMS))


def _untried() -> ColumnElement[str]:
    """Return the state that a claimed delivery had before it was claimed."""
    claimed = deliveries.c.state == DeliveryState.CLAIMED
    return case(
        (and_(claimed, deliveries.c.attempts > 0), DeliveryState.DEFERRED.value),
        (claimed, DeliveryState.DUE.value),
        else_=deliveries.c.state,
    )
