"""Planning: who is to be told of what today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine

from notifier.domain.deliveries import DeliveryState, EditionKey
from notifier.domain.events import Catalog, Event
from notifier.domain.hours import Window
from notifier.domain.leads import LONGEST_LEAD
from notifier.domain.notices import announced, leads_of
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.preferences import Preference
from notifier.storage.editions import keep_editions
from notifier.storage.engine import writing
from notifier.storage.planning import (
    Due,
    Group,
    close_late,
    close_unknown,
    deliver,
    give_back,
    groups_due,
    lock_late,
    lock_planning,
)
from notifier.storage.preferences import due_preferences, move_on

_ONE_DAY = timedelta(days=1)

_LAST_ZONE = timedelta(hours=12)
"""How far behind UTC the place is where every date ends last."""


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What a pass did.

    `planned` and `superseded` count deliveries. `expired` counts anniversaries that came while something was still to
    be said ahead of them or on the day, once for each person who was to hear it.
    """

    planned: int
    expired: int
    superseded: int


@dataclass(frozen=True, slots=True)
class _Telling:
    """What one group is told in the window that is open for it; `edition` is None where there is nothing to say."""

    group: Group
    window: Window
    edition: EditionKey | None
    missed: int


def plan(engine: Engine, catalog: Catalog, now: datetime, send_until: int) -> PlanReport:
    """Make today's deliveries for everybody whose window is open at `now`, and give back those that came too late.

    It is one transaction, so nothing remains of a pass that is broken off. Whoever runs it, however often and however
    late, does what is left to do: people have been told of everything through a date of their own, and are told of
    what lies between that and today. `send_until` is the hour (0 to 24) at which windows close.

    Two planners queue at a lock, since each of them works on everybody who is due; the rows of the preferences are
    locked as well, so that somebody who is just joining one of them is either seen or keeps it due.
    """
    with writing(engine) as db:
        lock_planning(db)
        superseded, expired = supersede_past(db, now)
        tellings = list(_look(db, catalog, now, send_until))
        ids = keep_editions(db, {telling.edition for telling in tellings if telling.edition is not None}, now)
        rows = [
            Due(
                telling.group.preference_id,
                telling.group.covered_through,
                telling.window.day,
                telling.window.closes,
                None if telling.edition is None else ids[telling.edition],
            )
            for telling in tellings
        ]
        expired += sum(telling.missed * telling.group.people for telling in tellings)
        return PlanReport(deliver(db, rows, now), expired, superseded)


def supersede_past(db: Connection, now: datetime) -> tuple[int, int]:
    """Close what did not go out within its window; return how many deliveries superseded, how many notices expired.

    Its people are taken back to where they stood before it, and on their next date the planner tells them what is
    still to come with the days then left, in a new delivery of another edition, and counts what is not. Only what
    spoke of its own day alone leaves nothing to plan, and is counted here.
    """
    ended: dict[DeliveryState, list[int]] = {DeliveryState.SUPERSEDED: [], DeliveryState.EXPIRED: []}
    again, superseded, expired = [], 0, 0
    for late in lock_late(db, now):
        furthest = max(notice.days for notice in late.notices)
        useful = furthest > 0 and not _over_everywhere(late.day + timedelta(days=furthest), now)
        ended[DeliveryState.SUPERSEDED if useful else DeliveryState.EXPIRED].append(late.edition_id)
        superseded += late.people if useful else 0
        if furthest > 0:
            again.append(late.edition_id)
        else:
            expired += late.people * len(late.notices)
    if again:
        give_back(db, again, now)
    for state, edition_ids in ended.items():
        if edition_ids:
            close_late(db, edition_ids, state, now)
    close_unknown(db, now)
    return superseded, expired


def _over_everywhere(day: date, now: datetime) -> bool:
    """Whether a date has ended in every zone."""
    return day < (now.astimezone(UTC) - _LAST_ZONE).date()


def _look(db: Connection, catalog: Catalog, now: datetime, send_until: int) -> Iterator[_Telling]:
    """Go through the preferences that are due, and set when each is looked at again."""
    announcements = _Announcements(catalog)
    due, next_at = due_preferences(db, now), {}
    if not due:
        return
    groups = defaultdict(list)
    for group in groups_due(db, now):
        groups[group.preference_id].append(group)
    for row in due:
        today = row.preference.window(now, send_until)
        tomorrow = row.preference.window(now, send_until, days=1)
        next_at[row.id] = today.opens if now < today.opens else tomorrow.opens
        if today.holds(now):
            for group in groups[row.id]:
                if group.covered_through < today.day:
                    edition, missed = announcements.of(row.preference, group.covered_through, today.day)
                    yield _Telling(group, today, edition, missed)
    move_on(db, next_at)


class _Announcements:
    """What is announced on a date: worked out once for all who want the same."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._occurrences: dict[tuple[date, date], list[Occurrence]] = {}
        self._known: dict[tuple[object, ...], tuple[EditionKey | None, int]] = {}

    def of(self, preference: Preference, covered: date, day: date) -> tuple[EditionKey | None, int]:
        """Return what is announced in (covered, day] and still to come on `day`, and how many came unannounced.

        Whoever's language the calendar no longer has is written to in its first.
        """
        languages = self._catalog.calendar.languages
        language = preference.language if preference.language in languages else languages[0]
        key = (language, preference.selection, preference.leads, covered, day)
        if key not in self._known:
            self._known[key] = self._work_out(preference, language, covered, day)
        return self._known[key]

    def _work_out(
        self, preference: Preference, language: str, covered: date, day: date
    ) -> tuple[EditionKey | None, int]:
        def leads(event: Event) -> Collection[int]:
            return leads_of(event, self._catalog.calendar, preference.leads)

        coming = self._between(day, day + timedelta(days=LONGEST_LEAD + 1))
        wanted = [occurrence for occurrence in coming if occurrence.event in preference.selection]
        notices = announced(wanted, covered, day, leads)
        gone = self._between(covered + _ONE_DAY, day)
        missed = sum(
            occurrence.event in preference.selection
            and any(lead < (occurrence.first - covered).days for lead in leads(occurrence.event))
            for occurrence in gone
        )
        return (EditionKey.of(language, day, notices) if notices else None), missed

    def _between(self, start: date, end: date) -> list[Occurrence]:
        if (start, end) not in self._occurrences:
            self._occurrences[start, end] = occurrences_between(self._catalog.events, start, end)
        return self._occurrences[start, end]
