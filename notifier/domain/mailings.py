"""Messages to come: on which dates a preference brings one, and about what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.domain.events import Catalog
from notifier.domain.leads import LONGEST_LEAD
from notifier.domain.moments import early, may_begin_early
from notifier.domain.notices import Notice, leads_for
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.outlooks import last_digest, outlook
from notifier.domain.preferences import Preference

_ONE_DAY = timedelta(days=1)
_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Mailing:
    """One message to come: its local date, what it announces, and whether a digest is part of it."""

    on: date
    notices: tuple[Notice, ...]
    digest: bool


def mailings(
    catalog: Catalog, preference: Preference, start: date, end: date, first: date | None = None
) -> list[Mailing]:
    """Return the messages of [start, end), soonest first, as they come when nothing stands in the way.

    All are local dates of the preference's zone. `first` is the first on which one can still come, where that is not
    `start`: what was to be announced before it and is still to come joins that day's, with the days then left.
    """
    wanted = preference.selection.pick(catalog.events)
    coming = occurrences_between(wanted, start, end + timedelta(days=LONGEST_LEAD + 1))
    by_day: dict[date, list[Notice]] = defaultdict(list)
    first = first or start
    for occurrence in coming:
        days = {max(notice.on, first) for notice in _notices(occurrence, catalog, preference) if notice.on >= start}
        for day in days:
            if day < end and day <= occurrence.first:
                by_day[day].append(Notice(occurrence, (occurrence.first - day).days))
    digests = {max(day, first) for day in _digests(preference.digest, start, end)}
    digests = {day for day in digests if outlook(coming, day)}
    return [Mailing(day, tuple(by_day.get(day, ())), day in digests) for day in sorted({*by_day, *digests})]


def mails_a_year(catalog: Catalog, preference: Preference, day: date) -> int:
    """Return how many messages the preference brings in the 365 days from `day` on."""
    return len(mailings(catalog, preference, day, day + timedelta(days=_A_YEAR)))


def _notices(occurrence: Occurrence, catalog: Catalog, preference: Preference) -> Iterable[Notice]:
    """Return what one anniversary brings; what begins before the reader's hour on the day is told before it begins."""
    leads = set(leads_for(occurrence, catalog.calendar, preference.leads))
    if 0 in leads and may_begin_early(occurrence.event):
        sooner = early(occurrence, catalog.calendar.zone, preference.hour, preference.zone)
        leads |= set() if sooner is None else {sooner.days}
    return [Notice(occurrence, lead) for lead in leads]


def _digests(digest: str, start: date, end: date) -> Iterable[date]:
    """Yield the dates in [start, end) on which a digest comes, the last one first."""
    day = last_digest(digest, end - _ONE_DAY)
    while day is not None and day >= start:
        yield day
        day = last_digest(digest, day - _ONE_DAY)
