"""Planning: who is to be told of what today."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine

from notifier.domain.deliveries import DeliveryState, EditionKey
from notifier.domain.events import Catalog
from notifier.domain.hours import Window
from notifier.domain.leads import LONGEST_LEAD
from notifier.storage.coverage import Group, groups_due
from notifier.storage.editions import cancelled_among, held_since, keep_editions
from notifier.storage.engine import writing
from notifier.storage.holds import Holds, holds_there, left_over, plan_again
from notifier.storage.pauses import resume_paused
from notifier.storage.planning import (
    Due,
    anything_closed,
    close_late,
    close_unknown,
    deliver,
    expire_others,
    give_back,
    lock_late,
    lock_planning,
)
from notifier.storage.preferences import DuePreference, UnreadablePreference, due_preferences, move_on
from notifier.usecases.announcements import Announcements
from notifier.usecases.correct import move_on_corrections
from notifier.usecases.drafts import Policy

_LAST_ZONE = timedelta(hours=12)
"""How far behind UTC the place is where every date ends last."""


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What a pass did.

    `planned` and `superseded` count deliveries. `expired` counts anniversaries that came while something was still to
    be said ahead of them or on the day, once for each person who was to hear it, and messages of other kinds that did
    not leave in time. `problems` say who cannot be planned for.
    """

    planned: int
    expired: int
    superseded: int
    problems: tuple[str, ...] = ()


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
        superseded, expired = supersede_past(db, now, send_until) if anything_closed(db, now) else (0, 0)
        resume_paused(db, now)
        if shared := left_over(db, now.date() - timedelta(days=1)):
            plan_again(db, shared, now)
        due, unreadable = due_preferences(db, now)
        if not due and not unreadable:
            return PlanReport(0, expired, superseded)
        groups = groups_due(db, now)
        problems = _problems(unreadable, groups)
        holds = holds_there(db)
        tellings = list(_look(db, due, groups, Announcements(catalog, holds.cancelled), now, send_until))
        ids = _kept(db, tellings, catalog, holds, now)
        rows = [
            Due(
                telling.group.preference_id,
                telling.group.covered_through,
                telling.group.together,
                telling.window.day,
                telling.window.closes,
                None if telling.edition is None else ids.get(telling.edition),
                telling.group.people,
            )
            for telling in tellings
        ]
        expired += sum(telling.missed * telling.group.people for telling in tellings)
        return PlanReport(deliver(db, rows, now), expired, superseded, problems)


def _kept(
    db: Connection, tellings: Iterable[_Telling], catalog: Catalog, holds: Holds, now: datetime
) -> dict[EditionKey, int]:
    """Return the ids of the editions that are told, made where they are not there; none of what was cancelled."""
    # Those who were told of the least decide, where people who stand apart get the same edition.
    wanted: dict[EditionKey, date] = {}
    for edition, covered in ((telling.edition, telling.group.covered_through) for telling in tellings):
        if edition is not None:
            wanted[edition] = min(covered, wanted.get(edition, covered))
    if not wanted:
        return {}
    held = held_since(db, min(key.day for key in wanted) - timedelta(days=LONGEST_LEAD))
    policy = Policy(catalog, holds, held)
    ids = keep_editions(db, wanted, now, lambda key: policy.state_of(key, wanted[key]))
    cancelled = cancelled_among(db, ids.values())
    return {key: id_ for key, id_ in ids.items() if id_ not in cancelled}


def supersede_past(db: Connection, now: datetime, send_until: int) -> tuple[int, int]:
    """Close what did not go out within its window; return how many deliveries superseded, how many notices expired.

    Its people are taken back to where they stood before it, and on their next date the planner tells them what is
    still to come with the days then left, in a new delivery of another edition, and counts what is not. What spoke of
    its own day alone, and what was cancelled, leaves nothing to plan and is counted here.
    """
    ended: dict[DeliveryState, list[int]] = {DeliveryState.SUPERSEDED: [], DeliveryState.EXPIRED: []}
    again, superseded, expired = [], 0, 0
    for late in lock_late(db, now):
        later = late.of.furthest > late.of.day and not late.cancelled
        useful = later and not _over_everywhere(late.of.furthest, now)
        ended[DeliveryState.SUPERSEDED if useful else DeliveryState.EXPIRED].append(late.edition_id)
        superseded += late.people if useful else 0
        if later:
            again.append(late.edition_id)
        else:
            expired += late.people * (len(late.of.notices) + len(late.of.outlook))
    if again:
        give_back(db, again, now)
    for state, edition_ids in ended.items():
        if edition_ids:
            close_late(db, edition_ids, state, now)
    close_unknown(db, now)
    move_on_corrections(db, now, send_until)
    return superseded, expired + expire_others(db, now)


def _over_everywhere(day: date, now: datetime) -> bool:
    """Whether a date has ended in every zone."""
    return day < (now.astimezone(UTC) - _LAST_ZONE).date()


def _problems(unreadable: Iterable[UnreadablePreference], groups: Iterable[Group]) -> tuple[str, ...]:
    """Return a sentence for each preference that cannot be read and that somebody has. It stays due, as it is."""
    people = Counter[int]()
    for group in groups:
        people[group.preference_id] += group.people
    return tuple(
        f"preference {one.id} of {people[one.id]} people cannot be read and nobody who has it is written to: {one.why}"
        for one in unreadable
        if people[one.id]
    )


def _look(  # noqa: PLR0913, PLR0917 -- who is due, and when
    db: Connection,
    due: Sequence[DuePreference],
    groups_there: Iterable[Group],
    announcements: Announcements,
    now: datetime,
    send_until: int,
) -> Iterator[_Telling]:
    """Go through the preferences that are due, and set when each is looked at again."""
    next_at = {}
    groups = defaultdict(list)
    for group in groups_there:
        groups[group.preference_id].append(group)
    for row in due:
        today = row.preference.window(now, send_until)
        tomorrow = row.preference.window(now, send_until, days=1)
        next_at[row.id] = today.opens if now < today.opens else tomorrow.opens
        if today.holds(now):
            for group in groups[row.id]:
                if group.covered_through < today.day:
                    told = announcements.of(row.preference, group.covered_through, today.day)
                    yield _Telling(group, today, told.edition, told.missed)
    move_on(db, next_at)
