"""Corrections: one message for everybody who got, or may have got, the edition that is corrected."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, literal, or_, select, update

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKind, EditionState, SubscriberStatus
from notifier.domain.preferences import Preference
from notifier.storage.coverage import covered_through
from notifier.storage.editions import Edition, keep_editions
from notifier.storage.preferences import readable
from notifier.storage.tables import ONE_CORRECTION, deliveries, editions, insert_into, preferences, subscribers


def preferences_reached(db: Connection, edition_id: int) -> dict[int, Preference]:
    """Return the preferences, by id, of those who got an edition and did not leave since."""
    theirs = select(subscribers.c.preference_id).join_from(deliveries, subscribers).where(_got(edition_id))
    query = select(preferences).where(preferences.c.id.in_(theirs)).order_by(preferences.c.id)
    return {row.id: preference for row, preference in readable(db.execute(query))}


def correct_for(  # noqa: PLR0913, PLR0917  # what of what, for whom, and three instants
    db: Connection,
    correction_id: int,
    edition_id: int,
    preference_id: int,
    opens: datetime,
    closes: datetime,
    now: datetime,
) -> int:
    """Make a delivery of the correction for those of one preference who got the edition; return how many are new.

    It leaves in [opens, closes). It counts for nobody's date: who gets it is told of their days all the same.
    """
    columns = {
        "subscriber_id": subscribers.c.id,
        "edition_id": literal(correction_id),
        "kind": literal(DeliveryKind.CORRECTION, deliveries.c.kind.type),
        "day": deliveries.c.day,
        "state": literal(DeliveryState.DUE, deliveries.c.state.type),
        "covered_before": covered_through(),
        "closes_at": literal(closes, deliveries.c.closes_at.type),
        "next_at": literal(opens, deliveries.c.next_at.type),
        "attempts": literal(0),
        "detail": literal(""),
        "updated_at": literal(now, deliveries.c.updated_at.type),
    }
    people = (
        select(*columns.values())
        .join_from(deliveries, subscribers)
        .join(preferences)
        .where(_got(edition_id), subscribers.c.preference_id == preference_id)
        .order_by(subscribers.c.id)
    )
    statement = insert_into(db, deliveries).from_select(list(columns), people)
    statement = statement.on_conflict_do_nothing(
        index_elements=["subscriber_id", "edition_id"], index_where=ONE_CORRECTION
    )
    return db.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def corrections_of(db: Connection, key: str) -> list[tuple[str, str]]:
    """Return the corrections of an edition, oldest first: the key of each and its text."""
    query = (
        select(editions.c.key, editions.c.text)
        .where(editions.c.kind == EditionKind.CORRECTION, editions.c.about == key)
        .order_by(editions.c.id)
    )
    return [(row.key, row.text or "") for row in db.execute(query)]


def under_way(db: Connection, edition_id: int, now: datetime) -> int:
    """Return how many messages of an edition a sender has in hand: whether they leave is not known yet."""
    claimed = and_(deliveries.c.state == DeliveryState.CLAIMED, deliveries.c.next_at > now)
    query = select(func.count()).select_from(deliveries).where(deliveries.c.edition_id == edition_id, claimed)
    return int(db.execute(query).scalar_one())


def put_in_its_place(db: Connection, corrected: Edition, now: datetime) -> int:
    """Make an edition that says the same again from the calendar, for whoever waits; return its id.

    It begins held, or cancelled where the corrected one was.

    The corrected one keeps its text, key and readers, and is nobody's any more whom the planner tells: its digest is
    made of its key. What a sender has in hand stays with it, since it may leave with its text. Doing it again moves
    what waits since, and leaves the new edition as the operator has set it.
    """
    retired = hashlib.sha256(f"corrected {corrected.key}".encode()).hexdigest()
    own = and_(editions.c.id == corrected.id, editions.c.digest == corrected.of.digest)
    db.execute(update(editions).where(own).values(digest=retired))
    begins = EditionState.CANCELLED if corrected.state is EditionState.CANCELLED else EditionState.HELD
    id_ = keep_editions(db, [corrected.of], now, lambda _: begins)[corrected.of]
    waiting = and_(
        deliveries.c.edition_id == corrected.id,
        deliveries.c.next_at.is_not(None),
        deliveries.c.state.in_([DeliveryState.DUE, DeliveryState.DEFERRED]),
    )
    db.execute(update(deliveries).where(waiting).values(edition_id=id_, updated_at=now))
    return id_


def late_corrections(db: Connection, since: datetime, now: datetime) -> dict[int, Preference]:
    """Return the preferences, by id, of those for whom a correction made after `since` closed before it left."""
    theirs = select(subscribers.c.preference_id).join_from(deliveries, subscribers).where(_late(since, now))
    query = select(preferences).where(preferences.c.id.in_(theirs)).order_by(preferences.c.id)
    return {row.id: preference for row, preference in readable(db.execute(query))}


def move_to_window(  # noqa: PLR0913, PLR0917  # whose, the window, and which are meant
    db: Connection, preference_id: int, opens: datetime, closes: datetime, since: datetime, now: datetime
) -> None:
    """Let the late corrections of one preference leave in [opens, closes)."""
    theirs = select(subscribers.c.id).where(subscribers.c.preference_id == preference_id)
    late = and_(_late(since, now), deliveries.c.subscriber_id.in_(theirs))
    values = {"state": DeliveryState.DEFERRED, "next_at": opens, "closes_at": closes, "claim": None, "updated_at": now}
    db.execute(update(deliveries).where(late).values(values))


def _late(since: datetime, now: datetime) -> ColumnElement[bool]:
    waiting = deliveries.c.state.in_([DeliveryState.DUE, DeliveryState.DEFERRED])
    abandoned = and_(deliveries.c.state == DeliveryState.CLAIMED, deliveries.c.next_at <= now)
    made = select(editions.c.id).where(editions.c.kind == EditionKind.CORRECTION, editions.c.created_at > since)
    return and_(
        deliveries.c.kind == DeliveryKind.CORRECTION,
        deliveries.c.next_at.is_not(None),
        deliveries.c.closes_at <= now,
        or_(waiting, abandoned),
        deliveries.c.edition_id.in_(made),
    )


def _got(edition_id: int) -> ColumnElement[bool]:
    """Say who got an edition, or may have, and did not leave since; a pause asks for no more, and this is owed."""
    return and_(
        deliveries.c.edition_id == edition_id,
        deliveries.c.state.in_([DeliveryState.SENT, DeliveryState.UNKNOWN]),
        subscribers.c.status.in_([SubscriberStatus.ACTIVE, SubscriberStatus.PAUSED]),
    )
