"""Wall time in people's zones.

Zone data come from the locked `tzdata` package where the system has none.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from notifier.domain.errors import ZoneError


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the zone, or raise ZoneError with the nearest name there is."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = difflib.get_close_matches(name, sorted(available_timezones()), n=1)
        raise ZoneError(zone=name, hint=f"; did you mean {near[0]}?" if near else "") from error


def local_date(now: datetime, zone_name: str) -> date:
    """Return the date that an aware instant has in a zone."""
    return now.astimezone(zone(zone_name)).date()


def instant_of(day: date, hour: int, zone_name: str) -> datetime:
    """Return the UTC instant of `hour` (0 to 24) o'clock on `day` in a zone.

    In a gap (clocks put forward) it is the first instant after the gap, in a fold the first of the two.
    """
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    where = zone(zone_name)
    wall = datetime.combine(day, time(hour))
    instant = wall.replace(tzinfo=where).astimezone(UTC)
    if instant.astimezone(where).replace(tzinfo=None) == wall:
        return instant
    return _transition(wall.replace(tzinfo=where, fold=1).astimezone(UTC), instant, where)


def _transition(before: datetime, after: datetime, where: ZoneInfo) -> datetime:
    """Return the first instant in (before, after] with the offset that `after` has, to the second."""
    offset = after.astimezone(where).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(where).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


@dataclass(frozen=True, slots=True)
class Window:
    """When messages may leave on one local date: [opens, closes), both UTC."""

    day: date
    opens: datetime
    closes: datetime

    def holds(self, now: datetime) -> bool:
        """Whether messages may leave now."""
        return self.opens <= now < self.closes


def window_on(day: date, hour: int, until: int, zone_name: str) -> Window:
    """Return the window of a local date, from the reader's hour to `until` o'clock.

    A reader whose hour is not before `until` has the rest of that date.
    """
    closes = until if until > hour else 24
    return Window(day, instant_of(day, hour, zone_name), instant_of(day, closes, zone_name))
