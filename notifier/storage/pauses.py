"""Pauses: who is written to again, from a local date of their own on."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, and_, case, select, update

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.errors import ZoneError
from notifier.domain.hours import local_date
from notifier.storage.tables import preferences, subscribers

_FIRST_ZONE = timedelta(hours=14)
"""How far ahead of UTC the place is where every date begins first."""


def resume_paused(db: Connection, now: datetime) -> int:
    """Write again to everybody whose pause ends on their local date or ended before; return to how many.

    They count as told of everything before the date it ended on, so nothing that fell into the pause is made up for.
    """
    resumed = 0
    for until, zones in _ended(db, now).items():
        theirs = select(preferences.c.id).where(preferences.c.zone.in_(zones))
        back = and_(
            subscribers.c.status == SubscriberStatus.PAUSED,
            subscribers.c.paused_until == until,
            subscribers.c.preference_id.in_(theirs),
        )
        again = and_(preferences.c.next_at > now, preferences.c.id.in_(select(subscribers.c.preference_id).where(back)))
        db.execute(update(preferences).where(again).values(next_at=now))
        before = until - timedelta(days=1)
        covered = case((subscribers.c.covered_through < before, before), else_=subscribers.c.covered_through)
        values = {"status": SubscriberStatus.ACTIVE, "paused_until": None, "updated_at": now}
        resumed += db.execute(update(subscribers).where(back).values(covered_through=covered, **values)).rowcount
    return resumed


def _ended(db: Connection, now: datetime) -> dict[date, list[str]]:
    """Return the dates on which pauses ended that still stand, each with the zones in which it has begun."""
    latest = (now.astimezone(UTC) + _FIRST_ZONE).date()
    query = (
        select(subscribers.c.paused_until, preferences.c.zone)
        .join_from(subscribers, preferences)
        .where(subscribers.c.paused_until <= latest, subscribers.c.status == SubscriberStatus.PAUSED)
        .distinct()
    )
    ended = defaultdict(list)
    for until, zone_name in db.execute(query):
        # Where a zone is no zone any more nobody can be written to, and the planner says so once they are active.
        if until <= _date_in(zone_name, now):
            ended[until].append(zone_name)
    return ended


def _date_in(zone_name: str, now: datetime) -> date:
    """Return the date in a zone, in UTC where there is no such zone any more."""
    try:
        return local_date(now, zone_name)
    except ZoneError:
        return now.astimezone(UTC).date()
