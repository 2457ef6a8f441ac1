"""Corrections: one message for everybody who got, or may have got, the edition that is corrected."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, literal, select

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKind, SubscriberStatus
from notifier.domain.preferences import Preference
from notifier.storage.preferences import preference_of
from notifier.storage.tables import ONE_CORRECTION, deliveries, editions, insert_into, preferences, subscribers


def preferences_reached(db: Connection, edition_id: int) -> dict[int, Preference]:
    """Return the preferences, by id, of those who got an edition and are still written to."""
    theirs = select(subscribers.c.preference_id).join_from(deliveries, subscribers).where(_got(edition_id))
    query = select(preferences).where(preferences.c.id.in_(theirs)).order_by(preferences.c.id)
    return {row.id: preference_of(row) for row in db.execute(query)}


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
        "covered_before": subscribers.c.covered_through,
        "closes_at": literal(closes, deliveries.c.closes_at.type),
        "next_at": literal(opens, deliveries.c.next_at.type),
        "attempts": literal(0),
        "detail": literal(""),
        "updated_at": literal(now, deliveries.c.updated_at.type),
    }
    people = (
        select(*columns.values())
        .join_from(deliveries, subscribers)
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


def _got(edition_id: int) -> ColumnElement[bool]:
    """Say who got an edition, or may have got it, and is still written to."""
    return and_(
        deliveries.c.edition_id == edition_id,
        deliveries.c.state.in_([DeliveryState.SENT, DeliveryState.UNKNOWN]),
        subscribers.c.status == SubscriberStatus.ACTIVE,
    )
