"""Wall time in people's zones.

Zone data are those of the locked `tzdata` package on every machine: `notifier/__init__.py` leaves no other place for
them. Rules that a system has beside it would move hours that the feeds spell out.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from notifier.domain.errors import ZoneError

_AREAS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the zone, or raise ZoneError with the nearest name there is."""
    if name in _known():
        return ZoneInfo(name)
    near = difflib.get_close_matches(name, sorted(_known()), n=1)
    raise ZoneError(zone=name, hint=f"; did you mean {near[0]}?" if near else "")


def is_zone(name: str) -> bool:
    """Whether there is such a zone."""
    return name in _known()


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Return the names of all zones; Factory, which says that nobody has chosen one, is none."""
    return frozenset(available_timezones() - {"Factory"})


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return the zones to choose from, sorted: those named after places, and UTC."""
    return (*sorted(name for name in _known() if name.partition("/")[0] in _AREAS), "UTC")


def local_date(now: datetime, zone_name: str) -> date:
    """Return the date that an aware instant has in a zone."""
    return now.astimezone(zone(zone_name)).date()


def instant_of(day: date, hour: int, zone_name: str) -> datetime:
    """Return the UTC instant of `hour` (0 to 24) o'clock on `day` in a zone; gaps and folds as for `instant_at`."""
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    return instant_at(datetime.combine(day, time(hour)), zone_name)


def instant_at(wall: datetime, zone_name: str) -> datetime:
    """Return the UTC instant at which clocks in a zone show `wall`, which has no zone of its own.

    In a gap (clocks put forward) it is the first instant after the gap, in a fold the first of the two.
    """
    where = zone(zone_name)
    instant = wall.replace(tzinfo=where, fold=0).astimezone(UTC)
    if instant.astimezone(where).replace(tzinfo=None) == wall:
        return instant
    return _transition(wall.replace(tzinfo=where, fold=1).astimezone(UTC), instant, where)


def is_shown(wall: datetime, zone_name: str) -> bool:
    """Whether clocks in a zone ever show `wall`, which has no zone of its own: in a gap they do not."""
    return instant_at(wall, zone_name).astimezone(zone(zone_name)).replace(tzinfo=None) == wall


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

    A reader whose hour is not before `until` has the rest of that date, and so has one for whom clocks leap over all
    that lies between. It is empty where they leap over the whole date.
    """
    opens, closes = instant_of(day, hour, zone_name), instant_of(day, max(hour, until), zone_name)
    if closes <= opens:
        closes = instant_of(day, 24, zone_name)
    return Window(day, opens, closes)
