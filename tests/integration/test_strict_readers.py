"""The readers the other tests trust: each refuses what some programme stumbles over, and names it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import jsonschema
import pytest

from notifier.domain.events import Place, ProgrammeItem, YearNotes
from tests.factories import black_january, make_catalog, text
from tests.integration.publishing import Publisher, feeds_of, migrated
from tests.integration.reading_feeds import (
    read_by_home_assistant,
    read_by_icalendar,
    read_by_vobject,
    read_calendar,
    read_day,
)
from tests.integration.reading_shapes import read_atom, read_csv, read_json, read_opml


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """A calendar with alarms and hours, under the name `built`, and every feed it is made of."""
    berlin = Place(text(en="Berlin"), "Europe/Berlin", None)
    items = (ProgrammeItem(datetime.fromisoformat("2027-01-20T12:00"), berlin, text(en="Silence"), None),)
    event = replace(black_january(), years={2027: YearNotes(None, items)})
    with migrated(tmp_path_factory.mktemp("strict")) as engine:
        publisher = Publisher.of(engine, ("en",), years_back=0, years_ahead=1)
        found = feeds_of(publisher.publish(make_catalog(event)))
        found["built"] = publisher.calendar(alarms="7", ahead="7", timed=True)
        yield found


def changed(content: bytes, old: str, new: str) -> bytes:
    """Return the content with something else in it, once; an error where it has not what is replaced."""
    assert old.encode() in content, old
    return content.replace(old.encode(), new.encode(), 1)


def test_what_is_right_is_read(feeds: dict[str, bytes]) -> None:
    assert len(read_calendar(feeds["built"]).entries) == 2 + 2 + 1
    assert len(read_day(feeds["/en/events/black-january/2027.ics"]).entries) == 1
    assert read_atom(feeds["/feeds/en/all.atom"]).items
    assert read_json(feeds["/feeds/en/all.json"]).items
    assert len(read_csv(feeds["/feeds/en/all.csv"])) == 2
    assert read_opml(feeds["/feeds/en/feeds.opml"]).calendars


OF_CALENDARS = {
    "a line end that is LF alone": ("VERSION:2.0\r\n", "VERSION:2.0\n"),
    "a line of more than 75 octets": ("X-WR-CALNAME:Days of remembrance", "X-WR-CALNAME:" + "Days of remembrance" * 4),
    "a byte order mark": ("BEGIN:VCALENDAR", "\ufeffBEGIN:VCALENDAR"),
    "a control character": ("LOCATION:Baku", "LOCATION:Ba\x08ku"),
    "a tab": ("LOCATION:Baku", "LOCATION:Ba\tku"),
    "a separator that some take for a line end": ("LOCATION:Baku", "LOCATION:Ba\u2028ku"),
    "an underscore in a name": ("X-PUBLISHED-TTL", "X_PUBLISHED-TTL"),
    "an escape that is cut in two": ("LOCATION:Baku", "LOCATION:Baku\\\r\n , there"),
    "a comma that is not escaped": ("LOCATION:Baku", "LOCATION:Baku, there"),
    "an escape that is none": ("LOCATION:Baku", "LOCATION:Baku\\: there"),
    "a line without a colon": ("TRANSP:TRANSPARENT", "TRANSP"),
    "an empty line": ("TRANSP:TRANSPARENT\r\n", "TRANSP:TRANSPARENT\r\n\r\n"),
    "a METHOD": ("CALSCALE:GREGORIAN", "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH"),
    "a rule": ("TRANSP:TRANSPARENT", "TRANSP:TRANSPARENT\r\nRRULE:FREQ=YEARLY"),
    "a parameter on a text": ("LOCATION:Baku", "LOCATION;LANGUAGE=en:Baku"),
    "a parameter on an address": ("\r\nURL:", "\r\nURL;VALUE=URI:"),
    "a REFRESH-INTERVAL without its type": ("REFRESH-INTERVAL;VALUE=DURATION", "REFRESH-INTERVAL"),
    "a name with a comma": ("NAME:Days of remembrance", "NAME:Days\\, of remembrance"),
    "no VERSION": ("VERSION:2.0\r\n", ""),
    "no stamp": ("DTSTAMP:20261121T000000Z\r\n", ""),
    "a stamp that is no revision": ("DTSTAMP:20261121T000000Z", "DTSTAMP:20270101T000000Z"),
    "a property twice": ("CLASS:PUBLIC\r\n", "CLASS:PUBLIC\r\nCLASS:PUBLIC\r\n"),
    "an end that is the start": ("DTEND;VALUE=DATE:20270121", "DTEND;VALUE=DATE:20270120"),
    "an end that is missing": ("DTEND;VALUE=DATE:20270121\r\n", ""),
    "an hour without a zone": ("DTSTART;TZID=Europe/Berlin:20270120T120000", "DTSTART:20270120T120000"),
    "a zone that is not spelled out": ("DTSTART;TZID=Europe/Berlin", "DTSTART;TZID=Asia/Baku"),
    "a UID twice": ("UID:black-january.2028.ahead-7@", "UID:black-january.2028@"),
    "an alarm that says nothing": ("ACTION:DISPLAY\r\nDESCRIPTION:", "ACTION:DISPLAY\r\nX-DESCRIPTION:"),
    "an alarm of whole days": ("TRIGGER:-P6DT15H", "TRIGGER:-P7D"),
    "a component that is not ended": ("END:VALARM\r\n", ""),
    "a position in powers of ten": ("GEO:40.3553;49.8128", "GEO:4e1;49.8128"),
    "an empty summary": ("SUMMARY:In 7 days: Black January: 37th anniversary", "SUMMARY:"),
    "something behind the calendar": ("END:VCALENDAR\r\n", "END:VCALENDAR\r\nX-MORE:1\r\n"),
    "two calendars": ("END:VCALENDAR\r\n", "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
}


@pytest.mark.parametrize("fault", OF_CALENDARS)
def test_a_calendar_is_refused_for(feeds: dict[str, bytes], fault: str) -> None:
    content = changed(feeds["built"], *OF_CALENDARS[fault])

    with pytest.raises((AssertionError, ValueError)):
        read_calendar(content)


def test_a_calendar_is_refused_for_a_character_cut_in_two(feeds: dict[str, bytes]) -> None:
    cut = "LOCATION:Bakı".encode()
    content = feeds["built"].replace(b"LOCATION:Baku", cut[:-1] + b"\r\n " + cut[-1:], 1)

    assert b"LOCATION" in content
    with pytest.raises(UnicodeDecodeError):
        read_calendar(content)


def test_a_calendar_is_refused_when_it_is_empty_or_longer_than_clients_take(feeds: dict[str, bytes]) -> None:
    content = feeds["built"]
    head, _, rest = content.partition(b"BEGIN:VEVENT\r\n")
    entry = b"BEGIN:VEVENT\r\n" + rest.partition(b"END:VEVENT\r\n")[0] + b"END:VEVENT\r\n"
    many = b"".join(entry.replace(b"UID:", b"UID:%d-" % number) for number in range(900))

    for entries in (b"", many + entry):
        with pytest.raises(AssertionError):
            read_calendar(head.partition(b"BEGIN:VTIMEZONE")[0] + entries + b"END:VCALENDAR\r\n")


def test_a_file_that_would_be_subscribed_to_is_refused(feeds: dict[str, bytes]) -> None:
    with pytest.raises(AssertionError):
        read_day(feeds["built"])


@pytest.mark.parametrize(
    ("read", "old", "new"),
    [
        (read_by_icalendar, "DTSTART;VALUE=DATE:20270120", "DTSTART;VALUE=DATE:20270140"),
        (read_by_icalendar, "TRIGGER:-P6DT15H", "TRIGGER:soon"),
        (read_by_icalendar, "PRODID:", "X-PRODID:"),
        (read_by_icalendar, "TRANSP:TRANSPARENT", "TRANSP:TRANSPARENT\r\nDURATION:P1D"),
        (read_by_icalendar, "ACTION:DISPLAY\r\n", ""),
        (read_by_home_assistant, "DTSTART;VALUE=DATE:20270120", "DTSTART;VALUE=DATE:20270140"),
        (read_by_home_assistant, "ACTION:DISPLAY\r\nDESCRIPTION:", "ACTION:DISPLAY\r\nX-DESCRIPTION:"),
        (read_by_vobject, "UID:black-january", "X-UID:black-january"),
        (read_by_vobject, "TRANSP:TRANSPARENT", "TRANSP:TRANSPARENT\r\nDURATION:P1D"),
    ],
)
def test_each_library_is_strict_by_itself(feeds: dict[str, bytes], read: Any, old: str, new: str) -> None:
    content = changed(feeds["built"], old, new)

    with pytest.raises(Exception):  # noqa: B017, PT011  # each library has errors of its own
        read(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</entry>", ""),
        ("<id>tag:", "<id>"),
        ("<subtitle>", "<subtitle>\x7f"),
        ("<updated>2027", "<updated>27"),
        ("<published>", "<published>x"),
        ('<link rel="self"', "<link"),
        ("&lt;", "&nbsp;"),
    ],
)
def test_an_atom_feed_is_refused(feeds: dict[str, bytes], old: str, new: str) -> None:
    content = changed(feeds["/feeds/en/all.atom"], old, new)

    with pytest.raises((AssertionError, ValueError, SyntaxError)):
        read_atom(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version"', '"Version"'),
        ('"items"', '"title": "Twice",\n "items"'),
        ('"id": "tag:', '"id": "'),
        ('"title": "', '"title": "\\u0008'),
        ('"date_published": "2027', '"date_published": "27'),
        ('"url": "https', '"url": "ftp'),
    ],
)
def test_a_json_feed_is_refused(feeds: dict[str, bytes], old: str, new: str) -> None:
    content = changed(feeds["/feeds/en/all.json"], old, new)

    with pytest.raises((AssertionError, ValueError, jsonschema.ValidationError)):
        read_json(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("event,", "Event,"),
        ("Baku", "Ba,ku"),
        ("Baku", "=Baku"),
        ("Baku", '"Ba\nku"'),
        ("Baku", '"Baku'),
        ("\r\n", "\n"),
    ],
)
def test_a_table_is_refused(feeds: dict[str, bytes], old: str, new: str) -> None:
    content = changed(feeds["/feeds/en/all.csv"], old, new)

    with pytest.raises((AssertionError, csv.Error)):
        read_csv(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [('version="2.0"', 'version="1.0"'), ("xmlUrl", "url"), ("</outline>", ""), ('text="', 'text="" x="')],
)
def test_a_list_of_feeds_is_refused(feeds: dict[str, bytes], old: str, new: str) -> None:
    content = changed(feeds["/feeds/en/feeds.opml"], old, new)

    with pytest.raises((AssertionError, ValueError, SyntaxError, KeyError)):
        read_opml(content)
