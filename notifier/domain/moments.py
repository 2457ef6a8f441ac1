"""Moments: observances that begin at an hour, which may come before a reader's own hour on that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.domain.events import Event, ProgrammeItem
from notifier.domain.hours import instant_at, instant_of, zone
from notifier.domain.occurrences import Occurrence
from notifier.domain.programmes import has_hours, programme_of

FURTHEST = 3
"""How many days before the day itself an announcement of a moment can come: midnight in the zone farthest east is two
dates earlier in the one farthest west, and the reader's last hour may be the date before that."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """When an observance begins: an aware instant, shown as the clocks do at the place.

    `itself` tells that it is the day itself which begins then, not something on that year's programme.
    """

    at: datetime
    itself: bool = False

    def seen_from(self, zone_name: str) -> datetime:
        """Return the instant as clocks in a zone show it."""
        return self.at.astimezone(zone(zone_name))


@dataclass(frozen=True, slots=True)
class Early:
    """An announcement `days` before the day itself, since that begins at `at`, in the reader's time."""

    days: int
    at: datetime


def may_begin_early(event: Event) -> bool:
    """Whether any anniversary of an event begins at an hour that is known."""
    return has_hours(event)


def moment_of(occurrence: Occurrence, calendar_zone: str) -> Moment | None:
    """Return when an anniversary begins; None where no hour is known.

    It is the earliest of what is held on the first day: by that year's programme, or every year at an hour. A wall
    time without an offset is one in the place's zone, else the event's, else the calendar's. An eve has no hour: it is
    told in words alone.
    """
    found = list(_beginnings(occurrence, calendar_zone))
    return min(found, key=lambda moment: (moment.at, not moment.itself), default=None)


def early(occurrence: Occurrence, calendar_zone: str, hour: int, reader_zone: str) -> Early | None:
    """Return the announcement that reaches a reader at the last of their hours before an observance begins.

    None where no hour is known, and where it begins at their hour on the day itself or later: what is said on the day
    then comes in time. `hour` (0 to 23) is o'clock in `reader_zone`, by the rules of `instant_of`.
    """
    moment = moment_of(occurrence, calendar_zone)
    if moment is None or instant_of(occurrence.first, hour, reader_zone) <= moment.at:
        return None
    day = occurrence.first - _ONE_DAY
    while instant_of(day, hour, reader_zone) >= moment.at:
        day -= _ONE_DAY
    return Early((occurrence.first - day).days, moment.seen_from(reader_zone))


def _beginnings(occurrence: Occurrence, calendar_zone: str) -> Iterator[Moment]:
    event = occurrence.event
    here = calendar_zone if event.place is None or event.place.zone is None else event.place.zone
    for item in programme_of(occurrence):
        if item.at.date() == occurrence.first:
            yield Moment(_beginning(item, here), item.text is None)


def _beginning(item: ProgrammeItem, event_zone: str) -> datetime:
    where = event_zone if item.place is None or item.place.zone is None else item.place.zone
    at = item.at if item.at.tzinfo is not None else instant_at(item.at, where)
    return at.astimezone(zone(where))
