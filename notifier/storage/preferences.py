"""Preferences: equal ones are one row, shared by everybody who wants the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, case, select, update

from notifier.domain.errors import NotifierError, ZoneError
from notifier.domain.hours import zone
from notifier.domain.leads import parse_own_leads
from notifier.domain.preferences import Preference
from notifier.domain.selections import parse_selection
from notifier.domain.texts import LanguageTag
from notifier.storage.tables import insert_into, preferences


@dataclass(frozen=True, slots=True)
class DuePreference:
    """A preference the planner is to look at."""

    id: int
    preference: Preference


@dataclass(frozen=True, slots=True)
class UnreadablePreference:
    """A preference that this version cannot read, such as one whose zone is no zone any more, and why."""

    id: int
    why: str


class DuePreferences(NamedTuple):
    """What the planner is to look at, and what it cannot."""

    readable: list[DuePreference]
    unreadable: list[UnreadablePreference]


def keep_preference(db: Connection, preference: Preference, next_at: datetime) -> int:
    """Return the preference's id; its next instant is at the latest `next_at` afterwards.

    The row is locked until the transaction ends, so that the planner, which locks it too, either sees whoever is
    being given this preference or is asked again because of the earlier instant.
    """
    statement = insert_into(db, preferences).values({**_values(preference), "next_at": next_at})
    earlier = statement.excluded.next_at < preferences.c.next_at
    sooner = case((earlier, statement.excluded.next_at), else_=preferences.c.next_at)
    kept = statement.on_conflict_do_update(index_elements=["key"], set_={"next_at": sooner})
    return int(db.execute(kept.returning(preferences.c.id)).scalar_one())


def due_preferences(db: Connection, now: datetime) -> DuePreferences:
    """Return the preferences whose next instant has come, and lock them until the transaction ends."""
    query = select(preferences).where(preferences.c.next_at <= now).order_by(preferences.c.id).with_for_update()
    found = DuePreferences([], [])
    for row in db.execute(query):
        try:
            found.readable.append(DuePreference(row.id, preference_of(row)))
        except NotifierError as error:
            # What somebody chose is in no log, so the other errors are named and not quoted.
            why = str(error) if isinstance(error, ZoneError) else f"its parts cannot be read ({type(error).__name__})"
            found.unreadable.append(UnreadablePreference(row.id, why))
    return found


def readable(rows: Iterable[Row[Any]]) -> Iterator[tuple[Row[Any], Preference]]:
    """Yield rows with their preferences; those that cannot be read are left out, and the planner tells of them."""
    for row in rows:
        try:
            preference = preference_of(row)
        except NotifierError:
            continue
        yield row, preference


def move_on(db: Connection, next_at: dict[int, datetime]) -> None:
    """Set when the planner looks at these preferences, by id, again."""
    if next_at:
        statement = update(preferences).where(preferences.c.id == bindparam("preference"))
        rows = [{"preference": id_, "instant": instant} for id_, instant in next_at.items()]
        db.execute(statement.values(next_at=bindparam("instant")), rows)


def preference_in_a_zone(row: Row[Any]) -> tuple[Preference, str]:
    """Read a preference, and the zone it names where that is none any more: it has UTC in its place then."""
    try:
        zone(row.zone)
    except ZoneError:
        return preference_of(row, "UTC"), row.zone
    return preference_of(row), ""


def preference_of(row: Row[Any], zone_name: str = "") -> Preference:
    """Read a preference from a row that has its columns, with another zone where one is given.

    Raises NotifierError for one that cannot be read any more.
    """
    return Preference(
        LanguageTag(row.language),
        zone_name or row.zone,
        row.hour,
        parse_own_leads(row.leads or ""),
        row.digest,
        parse_selection(row.selection),
    )


def _values(preference: Preference) -> dict[str, object]:
    return {
        "key": preference.key,
        "language": preference.language,
        "zone": preference.zone,
        "hour": preference.hour,
        "leads": str(preference.leads) or None,
        "digest": preference.digest,
        "selection": str(preference.selection),
    }
