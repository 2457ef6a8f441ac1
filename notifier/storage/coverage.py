"""How far people have been told: with all others of their preference, or, whoever differs, by a date of their own.

That whole preferences are told at a time makes a day one row for each of them, and none for each person. Who is not
active has a date of their own always: the others go on without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from notifier.domain.deliveries import SubscriberStatus
from notifier.storage.tables import preferences, subscribers


@dataclass(frozen=True, slots=True)
class Group:
    """So many active people of one preference who have been told of everything through one date.

    `together` are those who have no date of their own.
    """

    preference_id: int
    covered_through: date
    together: bool
    people: int


def covered_through() -> ColumnElement[date]:
    """Return the last local date that somebody has been told of, where people and their preferences are joined."""
    return func.coalesce(subscribers.c.covered_through, preferences.c.covered_through)


def own_date() -> ColumnElement[date]:
    """Return the same where people alone are changed, as their own; a plan that is being made is waited for."""
    shared = select(preferences.c.covered_through).where(preferences.c.id == subscribers.c.preference_id)
    return func.coalesce(subscribers.c.covered_through, shared.with_for_update(read=True).scalar_subquery())


def groups_due(db: Connection, now: datetime) -> list[Group]:
    """Return the active people of the preferences that are due, by what they have been told of."""
    return [Group(*row) for row in db.execute(_groups(), {"now": now})]


@cache  # every pass asks it, and putting it together takes longer than the answer
def _groups() -> Select[Any]:
    wanted = select(preferences.c.id).where(preferences.c.next_at <= bindparam("now", type_=preferences.c.next_at.type))
    standing = subscribers.c.preference_id, subscribers.c.covered_through
    groups = (
        select(*standing, func.count().label("people"))
        .where(subscribers.c.preference_id.in_(wanted), subscribers.c.status == SubscriberStatus.ACTIVE)
        .group_by(*standing)
        .subquery()
    )
    own, shared = groups.c.covered_through, preferences.c.covered_through
    return (
        select(groups.c.preference_id, func.coalesce(own, shared), own.is_(None), groups.c.people)
        .join(preferences, preferences.c.id == groups.c.preference_id)
        .order_by(groups.c.preference_id, own)
    )
