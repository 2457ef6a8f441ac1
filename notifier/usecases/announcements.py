"""What somebody is told on a date: worked out once for all who want the same.

The planner asks it, and whoever foretells what the planner will do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from notifier.domain.days import days_after
from notifier.domain.deliveries import EditionKey, NoticeKey
from notifier.domain.events import Catalog, EventId
from notifier.domain.leads import LONGEST_LEAD
from notifier.domain.moments import FURTHEST, Early, early, may_begin_early, moment_of
from notifier.domain.notices import Notice, announced, leads_for, missed
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.outlooks import digest_due, outlook
from notifier.domain.preferences import Preference
from notifier.domain.selections import Selection

_ONE_DAY = timedelta(days=1)
_FIRST = attrgetter("first")
_A_YEAR_AND_A_MONTH = 400


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a person is told; `edition` is None for nothing. `missed` is what came before they could be told of it."""

    edition: EditionKey | None
    missed: int


class Announcements:
    """What one calendar announces, to whom; `cancelled` anniversaries, by first id and nominal year, to nobody."""

    def __init__(self, catalog: Catalog, cancelled: Collection[tuple[str, int]] = frozenset()) -> None:
        self._catalog = catalog
        self._cancelled = cancelled
        self._early = any(may_begin_early(event) for event in catalog.events)
        self._first, self._end = date.max, date.min
        self._selected: dict[Selection, list[Occurrence]] = {}
        self._known: dict[tuple[object, ...], Announcement] = {}

    def language_of(self, preference: Preference) -> str:
        """Return the language somebody is written to in: the calendar's first, where it no longer has theirs."""
        languages = self._catalog.calendar.languages
        return preference.language if preference.language in languages else languages[0]

    def of(self, preference: Preference, covered: date, day: date) -> Announcement:
        """Return what is announced in (covered, day] and still to come on `day`, a date of the reader's."""
        language = self.language_of(preference)
        clock = (preference.zone, preference.hour) if self._has_early(preference.selection, day) else ()
        key = (language, preference.selection, preference.leads, preference.digest, covered, day, *clock)
        if key not in self._known:
            self._known[key] = self._work_out(preference, language, covered, day)
        return self._known[key]

    def leads(self, preference: Preference, occurrence: Occurrence) -> Collection[int]:
        """Return how many days ahead an anniversary is announced to somebody.

        What begins before their hour on its day is announced on the day, and at the last of their hours before it
        begins.
        """
        leads = leads_for(occurrence, self._catalog.calendar, preference.leads)
        moment = self._early_of(preference, occurrence) if 0 in leads else None
        return leads if moment is None else {*leads, moment.days}

    def look_through(self, start: date, end: date) -> None:
        """Work out at once what falls in [start, end), for whoever asks day after day."""
        if start < self._first or end > self._end:
            self._first, self._end = min(start, self._first), max(end, self._end)
            self._selected.clear()

    def coming(self, selection: Selection, start: date, end: date) -> list[Occurrence]:
        """Return what is selected and falls in [start, end), soonest first."""
        if start >= end:
            return []
        self.look_through(start, end)
        if selection not in self._selected:
            events = selection.pick(self._catalog.events)
            found = occurrences_between(events, self._first, self._end)
            self._selected[selection] = [o for o in found if (o.event.permanent_id, o.year) not in self._cancelled]
        found = self._selected[selection]
        return found[bisect_left(found, start, key=_FIRST) : bisect_left(found, end, key=_FIRST)]

    def _work_out(self, preference: Preference, language: str, covered: date, day: date) -> Announcement:
        def leads(occurrence: Occurrence) -> Collection[int]:
            return self.leads(preference, occurrence)

        coming = self.coming(preference.selection, day, days_after(day, LONGEST_LEAD + 1))
        notices = [self._with_beginning(preference, notice) for notice in announced(coming, covered, day, leads)]
        ahead: Sequence[Notice] = outlook(coming, day) if digest_due(preference.digest, covered, day) else ()
        gone = self.coming(preference.selection, covered + _ONE_DAY, day)
        too_late = [o for o in gone if digest_due(preference.digest, covered, o.first)]
        lost = {id(o) for o in (*missed(gone, covered, day, leads), *too_late)}
        edition = EditionKey.of(language, day, notices, ahead) if notices or ahead else None
        return Announcement(edition, len(lost))

    def _has_early(self, selection: Selection, day: date) -> bool:
        """Whether anything near is announced to some readers on another date than to others."""
        if not self._early:
            return False
        near = self.coming(selection, day, days_after(day, FURTHEST + 1))
        return any(may_begin_early(occurrence.event) for occurrence in near)

    def _with_beginning(self, preference: Preference, notice: Notice) -> Notice:
        if notice.days == 0 or 0 not in leads_for(notice.occurrence, self._catalog.calendar, preference.leads):
            return notice
        moment = self._early_of(preference, notice.occurrence)
        stated = moment is not None and moment.days == notice.days
        return replace(notice, begins=moment.at) if stated and moment is not None else notice

    def _early_of(self, preference: Preference, occurrence: Occurrence) -> Early | None:
        if not may_begin_early(occurrence.event):
            return None
        return early(occurrence, self._catalog.calendar.zone, preference.hour, preference.zone)


def notices_of(catalog: Catalog, keys: Sequence[NoticeKey], on: date) -> list[Notice]:
    """Return what an edition of `on` speaks of, in the calendar as it is now; what is no longer there is left out.

    The days left are counted from `on`. When an observance begins is stated anew too: by the readers' clocks, which
    the edition's key knows, and not at all where no hour is known any more.
    """
    events = {event.permanent_id: event for event in catalog.events}
    found = []
    for key in keys:
        event = events.get(EventId(key.event))
        end = days_after(on, key.days + _A_YEAR_AND_A_MONTH)
        coming = () if event is None else occurrences_between((event,), on, end)
        for occurrence in coming:
            if occurrence.year == key.year:
                begins = _begins(occurrence, key, catalog.calendar.zone)
                found.append(Notice(occurrence, (occurrence.first - on).days, begins))
    return found


def _begins(occurrence: Occurrence, key: NoticeKey, calendar_zone: str) -> datetime | None:
    moment = moment_of(occurrence, calendar_zone) if key.begins else None
    return None if moment is None else moment.at.astimezone(datetime.fromisoformat(key.begins).tzinfo)
