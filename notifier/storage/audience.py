"""Who is written to: so many people of each preference, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.preferences import Preference
from notifier.storage.coverage import covered_through
from notifier.storage.preferences import readable
from notifier.storage.tables import preferences, subscribers


@dataclass(frozen=True, slots=True)
class Audience:
    """So many people of one preference who have been told of everything through one local date.

    `paused_until` is the local date on which they are written to again; None for whoever is not paused.
    """

    preference: Preference
    covered_through: date
    paused_until: date | None
    people: int


def audience(db: Connection) -> list[Audience]:
    """Return everybody who is written to, or will be when their pause ends."""
    standing = (subscribers.c.preference_id, covered_through().label("told"), subscribers.c.paused_until)
    active = subscribers.c.status == SubscriberStatus.ACTIVE
    paused = and_(subscribers.c.status == SubscriberStatus.PAUSED, subscribers.c.paused_until.is_not(None))
    groups = (
        select(*standing, subscribers.c.status, func.count().label("people"))
        .join_from(subscribers, preferences)
        .where(or_(active, paused))
        .group_by(*standing, subscribers.c.status)
        .subquery()
    )
    query = (
        select(preferences, groups)
        .join(groups, groups.c.preference_id == preferences.c.id)
        .order_by(preferences.c.id, groups.c.told, groups.c.status, groups.c.paused_until)
    )
    return [
        Audience(
            preference,
            row.told,
            row.paused_until if row.status is SubscriberStatus.PAUSED else None,
            row.people,
        )
        for row, preference in readable(db.execute(query))
    ]
