"""How far people have been told: with all others of their preference, or, whoever differs, by a date of their own.

That whole preferences are told at a time makes a day one row for each of them, and none for each person. Who is not
active has a date of their own always: the others go on without them.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func, select

from notifier.storage.tables import preferences, subscribers


def covered_through() -> ColumnElement[date]:
    """Return the last local date that somebody has been told of, where people and their preferences are joined."""
    return func.coalesce(subscribers.c.covered_through, preferences.c.covered_through)


def own_date() -> ColumnElement[date]:
    """Return the same where people alone are changed, as their own; a plan that is being made is waited for."""
    shared = select(preferences.c.covered_through).where(preferences.c.id == subscribers.c.preference_id)
    return func.coalesce(subscribers.c.covered_through, shared.with_for_update(read=True).scalar_subquery())
