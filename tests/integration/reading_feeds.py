"""Feeds read as strictly as may be: by the octets, and by the libraries that programmes are built on.

Every reader raises AssertionError or an error of its library for a feed that any programme may stumble over, and
returns what was read. `read_feed` knows an address's reader by its end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events
import vobject
from ical.calendar_stream import IcsCalendarStream

from notifier.domain import addresses
from tests.integration.reading_lines import Component, check_file, check_head, check_parts, components
from tests.integration.reading_shapes import read_atom, read_csv, read_json, read_opml

_A_DAY = timedelta(days=1)


class Alarm(NamedTuple):
    """When it rings, counted from the entry's start, and what it says."""

    trigger: timedelta
    said: str


class Entry(NamedTuple):
    """What a reader found in one VEVENT. Instants are UTC; an entry with an hour has no end."""

    start: date
    end: date | None
    summary: str
    description: str
    location: str
    categories: tuple[str, ...]
    url: str
    status: str
    revised: datetime
    alarms: tuple[Alarm, ...]


class Calendar(NamedTuple):
    """A calendar on which all readers agree: its name and description, empty in a file, and its entries by UID."""

    name: str
    description: str
    entries: dict[str, Entry]


def read_calendar(content: bytes) -> Calendar:
    """Read a calendar feed with every library there is, and compare what they found."""
    whole = components(content)
    check_head(whole)
    return _read(whole, content)


def read_day(content: bytes) -> Calendar:
    """Read the file of one entry likewise; it says nothing of itself, since it is not subscribed to."""
    whole = components(content)
    check_file(whole)
    return _read(whole, content)


def _read(whole: Component, content: bytes) -> Calendar:
    check_parts(whole, content)
    read = read_by_icalendar(content)
    _same(read, read_by_home_assistant(content), "Home Assistant")
    _same(read, read_by_vobject(content), "vobject")
    assert read.entries.keys() == {line.value for one in whole.of("VEVENT") for line in one.lines if line.name == "UID"}
    _is_shown(icalendar.Calendar.from_ical(content), read)
    return read


def _same(one: Calendar, other: Calendar, reader: str) -> None:
    assert one[:2] == other[:2], (reader, one[:2], other[:2])
    assert one.entries.keys() == other.entries.keys(), (reader, one.entries.keys() ^ other.entries.keys())
    for uid, entry in one.entries.items():
        for name, found in entry._asdict().items():
            theirs = getattr(other.entries[uid], name)
            assert found == theirs, (reader, uid, name, found, theirs)


# --- the libraries ----------------------------------------------------------------------------------------------------


def read_by_icalendar(content: bytes) -> Calendar:
    """Read with icalendar; nothing may be mended, and its own tables of what a component has are held."""
    whole: Any = icalendar.Calendar.from_ical(content)
    whole.validate()
    for component in whole.walk():
        assert not component.errors, component.errors
        assert all(component.get(name) for name in component.required), (component.name, component.keys())
        assert not [name for name in component.singletons if isinstance(component.get(name), list)], component
        assert sum(name in component for name in component.exclusive) <= 1, component
        for together in component.inclusive:
            assert len({name in component for name in together}) == 1, component
    return Calendar(
        str(whole.get("NAME", "")),
        str(whole.get("DESCRIPTION", "")),
        _by_uid((str(event["UID"]), _icalendar_entry(event)) for event in whole.events),
    )


def _icalendar_entry(event: Any) -> Entry:
    all_day = not isinstance(event.start, datetime)
    categories = event.get("CATEGORIES")
    return Entry(
        start=_in_utc(event["DTSTART"].dt),
        end=event["DTEND"].dt if all_day else None,
        summary=str(event["SUMMARY"]),
        description=str(event.get("DESCRIPTION", "")),
        location=str(event.get("LOCATION", "")),
        categories=() if categories is None else tuple(map(str, categories.cats)),
        url=str(event["URL"]),
        status=str(event["STATUS"]),
        revised=event["DTSTAMP"].dt,
        alarms=tuple(Alarm(alarm["TRIGGER"].dt, str(alarm["DESCRIPTION"])) for alarm in event.walk("VALARM")),
    )


def read_by_home_assistant(content: bytes) -> Calendar:
    """Read with `ical`, as Home Assistant does, without its mode that mends what others write."""
    whole = IcsCalendarStream.calendar_from_ics(content.decode())
    shown = list(whole.timeline_tz(UTC))
    assert Counter(event.uid for event in shown) == Counter(event.uid for event in whole.events)
    name, described = (_extra(whole.extras, wanted) for wanted in ("x-wr-calname", "x-wr-caldesc"))
    return Calendar(name, described, _by_uid((event.uid, _home_assistant_entry(event)) for event in whole.events))


def _extra(extras: Iterable[Any], name: str) -> str:
    """Return a property that the library hands through as it is written."""
    found = [str(one.value) for one in extras if one.name.lower() == name]
    assert len(found) <= 1, found
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[1], "".join(found))


def _home_assistant_entry(event: Any) -> Entry:
    all_day = not isinstance(event.dtstart, datetime)
    return Entry(
        start=_in_utc(event.dtstart),
        end=event.dtend if all_day else None,
        summary=event.summary,
        description=event.description or "",
        location=event.location or "",
        categories=tuple(event.categories),
        url=str(event.url),
        status=str(event.status.value),
        revised=event.dtstamp,
        alarms=tuple(Alarm(alarm.trigger, str(alarm.description)) for alarm in event.alarm or ()),
    )


def read_by_vobject(content: bytes) -> Calendar:
    """Read with vobject, which validates every component."""
    (whole,) = vobject.readComponents(content.decode(), validate=True)
    whole.validate(raiseException=True)
    return Calendar(
        whole.getChildValue("x_wr_calname", ""),
        whole.getChildValue("description", ""),
        _by_uid((event.uid.value, _vobject_entry(event)) for event in whole.vevent_list),
    )


def _vobject_entry(event: Any) -> Entry:
    def said(name: str) -> str:
        return str(event.getChildValue(name, ""))

    return Entry(
        start=_in_utc(event.dtstart.value),
        end=event.getChildValue("dtend"),
        summary=said("summary"),
        description=said("description"),
        location=said("location"),
        categories=tuple(event.getChildValue("categories", ())),
        url=said("url"),
        status=said("status"),
        revised=event.dtstamp.value,
        alarms=tuple(Alarm(alarm.trigger.value, alarm.description.value) for alarm in event.contents.get("valarm", ())),
    )


def _is_shown(whole: Any, read: Calendar) -> None:
    """Assert that recurring_ical_events shows every entry once, on its own day."""
    days = sorted({_day(entry.start) for entry in read.entries.values()})
    shown = recurring_ical_events.of(whole).between(days[0] - 2 * _A_DAY, days[-1] + 2 * _A_DAY)
    found = Counter((str(event["UID"]), _in_utc(event["DTSTART"].dt)) for event in shown)
    assert found == Counter((uid, entry.start) for uid, entry in read.entries.items()), found


def _by_uid(entries: Iterable[tuple[str, Entry]]) -> dict[str, Entry]:
    found = list(entries)
    assert len(dict(found)) == len(found), "two entries with one UID"
    return dict(found)


def _in_utc(moment: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    assert moment.tzinfo is not None, moment
    return moment.astimezone(UTC)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


READERS: Mapping[str, Callable[[bytes], object]] = {
    "ics": read_calendar,
    "atom": read_atom,
    "json": read_json,
    "csv": read_csv,
    "opml": read_opml,
}
"""What reads each shape, by the end of its address."""


def read_feed(path: str, content: bytes) -> Any:
    """Read a feed as its address says; what stands beside a page is the file of one entry."""
    if path.endswith(".ics") and not path.startswith((addresses.FEEDS, addresses.SELECTED)):
        return read_day(content)
    return READERS[path.rpartition(".")[2]](content)
