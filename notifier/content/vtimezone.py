"""Time zones as iCalendar needs them spelled out (RFC 5545 §3.6.5), for the years that are published.

They are read from the locked `tzdata` package, as all are, so that the bytes are the same everywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from notifier.content.contentlines import folded
from notifier.domain.hours import zone

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class _Observance(NamedTuple):
    """What clocks show from an instant (UTC) on."""

    since: datetime
    offset: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=64)
def vtimezone(name: str, first: int, last: int) -> bytes:
    """Return the VTIMEZONE of a zone for the years `first` to `last`, both inclusive.

    Each change of the clocks is told by itself: a rule could not say what a government decides for one year.
    """
    begins, *changes = _observances(zone(name), first, last)
    lines = [b"BEGIN:VTIMEZONE\r\n", folded(f"TZID:{name}"), *_written(begins, begins.offset)]
    before = begins
    for change in changes:
        lines += _written(change, before.offset)
        before = change
    return b"".join([*lines, b"END:VTIMEZONE\r\n"])


def _written(observance: _Observance, before: timedelta) -> list[bytes]:
    kind = "DAYLIGHT" if observance.summer else "STANDARD"
    onset = (observance.since + before).replace(tzinfo=None)  # in the wall time that ends then
    return [
        folded(f"BEGIN:{kind}"),
        folded(f"DTSTART:{onset:%Y%m%dT%H%M%S}"),
        folded(f"TZOFFSETFROM:{_offset(before)}"),
        folded(f"TZOFFSETTO:{_offset(observance.offset)}"),
        folded(f"TZNAME:{observance.name}"),
        folded(f"END:{kind}"),
    ]


def _observances(where: ZoneInfo, first: int, last: int) -> list[_Observance]:
    """Return what holds at the beginning of the year `first` in UTC, and every change to the end of `last`."""
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    found = [_at(where, moment)]
    while moment < end:
        after = min(moment + _DAY, end)
        if _at(where, after)[1:] != found[-1][1:]:
            found.append(_at(where, _change(where, moment, after)))
        moment = after
    return found


def _change(where: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first instant in (before, after] at which clocks show what they show at `after`, to the second."""
    while after - before > _SECOND:
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _at(where, middle)[1:] == _at(where, after)[1:]:
            after = middle
        else:
            before = middle
    return after


def _at(where: ZoneInfo, moment: datetime) -> _Observance:
    local = moment.astimezone(where)
    return _Observance(moment, local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst()))


def _offset(offset: timedelta) -> str:
    """Return a UTC-OFFSET (RFC 5545 §3.3.14): +0400."""
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(abs(int(offset.total_seconds())), 60)
    written = f"{sign}{minutes // 60:02}{minutes % 60:02}"
    return f"{written}{seconds:02}" if seconds else written
