"""Calendars read by their octets: what a line may be, and which lines each component has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_ENTRIES = 900
MOST_OCTETS = 900_000

UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
"""C0 and C1 with DEL, separators that some take for line ends, a byte order mark, halves of surrogate pairs."""

# What no feed has: without METHOD an entry's stamp is its last revision, without rules each year stands by itself.
_NEVER = {
    "METHOD", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "DURATION", "REPEAT", "ORGANIZER", "ATTENDEE",
    "CONFERENCE", "LINK", "CONCEPT", "STRUCTURED-DATA",
}  # fmt: skip

# The parameters there are; all other properties have none, texts above all: node-ical makes objects of those.
_PARAMETERS = {
    "SOURCE": re.compile("VALUE=URI"),
    "REFRESH-INTERVAL": re.compile("VALUE=DURATION"),
    "DTSTART": re.compile("|VALUE=DATE|TZID=[A-Za-z0-9_+/-]+"),
    "DTEND": re.compile("VALUE=DATE"),
}

_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "TZNAME", "UID"}
_ESCAPED = re.compile(r"(?:[^\\;,]|\\[\\;,n])*")
_LISTED = re.compile(r"(?:[^\\;]|\\[\\;,n])*")
_UTC_VALUE = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_URL = re.compile(r"https?://[^\s/]+/\S*")
_GEO = re.compile(r"-?\d+\.\d+;-?\d+\.\d+", re.ASCII)
_ALARM_TIME = re.compile(r"-P(\d+D)?T\d{1,2}H|PT\d{1,2}H", re.ASCII)

Expected = Mapping[str, str | re.Pattern[str] | None]
"""What a component has exactly once, with its value, or what that looks like."""

_FILE_HAS: Expected = {"VERSION": "2.0", "PRODID": None, "CALSCALE": "GREGORIAN"}
_CALENDAR_HAS: Expected = {
    **_FILE_HAS,
    "UID": None, "NAME": None, "X-WR-CALNAME": None, "DESCRIPTION": None, "X-WR-CALDESC": None,
    "LAST-MODIFIED": _UTC_VALUE, "URL": _URL, "SOURCE": _URL, "REFRESH-INTERVAL": "PT12H", "X-PUBLISHED-TTL": "PT12H",
    "COLOR": re.compile("[a-z]+"), "X-APPLE-CALENDAR-COLOR": re.compile("#[0-9A-F]{6}"),
}  # fmt: skip
_EVENT_HAS: Expected = {
    "UID": re.compile(r"[a-z0-9.-]+@[a-z0-9.-]+"), "DTSTAMP": _UTC_VALUE, "CREATED": _UTC_VALUE,
    "LAST-MODIFIED": _UTC_VALUE, "SEQUENCE": re.compile(r"\d+"), "DTSTART": None, "SUMMARY": re.compile(r".*\S.*"),
    "STATUS": re.compile("CONFIRMED|CANCELLED"), "TRANSP": "TRANSPARENT", "CLASS": "PUBLIC", "URL": _URL,
}  # fmt: skip
_ALARM_HAS: Expected = {"ACTION": "DISPLAY", "DESCRIPTION": re.compile(r".*\S.*"), "TRIGGER": _ALARM_TIME}
_CHANGE_HAS: Expected = {
    "DTSTART": re.compile(r"\d{8}T\d{6}"), "TZOFFSETFROM": re.compile(r"[+-]\d{4}(\d\d)?"),
    "TZOFFSETTO": re.compile(r"[+-]\d{4}(\d\d)?"), "TZNAME": None,
}  # fmt: skip


class Line(NamedTuple):
    """One content line, unfolded (RFC 5545 §3.1)."""

    name: str
    parameters: str
    value: str


@dataclass(frozen=True)
class Component:
    """What stands between a BEGIN and its END."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def of(self, name: str) -> list[Component]:
        return [part for part in self.parts if part.name == name]

    def has(self, expected: Expected) -> dict[str, str]:
        """Return the values by name; what is expected stands there once, nothing stands there twice."""
        count = Counter(line.name for line in self.lines)
        assert not [name for name, times in count.items() if times > 1], (self.name, count)
        assert expected.keys() <= count.keys(), (self.name, expected.keys() - count.keys())
        values = {line.name: line.value for line in self.lines}
        for name, value in expected.items():
            found = values[name]
            fits = value is None or (found == value if isinstance(value, str) else value.fullmatch(found))
            assert fits, (self.name, name, found)
        return values


def components(content: bytes) -> Component:
    """Return the calendar as its lines say it."""
    lines = list(content_lines(content))
    assert lines[0] == ("BEGIN", "", "VCALENDAR"), lines[0]
    stack = [Component("")]
    for line in lines:
        if line.name == "BEGIN":
            stack.append(Component(line.value))
        elif line.name == "END":
            done = stack.pop()
            assert (done.name, bool(stack)) == (line.value, True), line
            stack[-1].parts.append(done)
        else:
            stack[-1].lines.append(line)
    assert len(stack) == 1, stack[-1].name
    ((whole,), outside) = stack[0].parts, stack[0].lines
    assert not outside, outside
    return whole


def content_lines(content: bytes) -> Iterator[Line]:
    """Yield the content lines of octets that keep to what a line may be."""
    assert content.endswith(b"\r\n"), content[-20:]
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n"), "a line end that is not CRLF"
    unfolded: list[str] = []
    for octets in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert 0 < len(octets) <= 75, octets
        line = octets.decode()  # each by itself: no character is cut in two
        assert not UNSEEN.search(line), octets
        assert (len(octets) - len(octets.rstrip(b"\\"))) % 2 == 0, ("an escape is cut in two", octets)
        if line.startswith(" "):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    return map(_content_line, unfolded)


def _content_line(line: str) -> Line:
    head, colon, value = line.partition(":")
    name, _, parameters = head.partition(";")
    assert colon, line
    assert re.fullmatch("[A-Z][A-Z0-9-]*", name, re.ASCII), line  # no underscore either
    assert name not in _NEVER, line
    allowed = _PARAMETERS.get(name)
    assert allowed.fullmatch(parameters) if allowed else ";" not in head, line
    # The comma between two categories is the one that is not escaped.
    assert name not in _TEXTS or (_LISTED if name == "CATEGORIES" else _ESCAPED).fullmatch(value), line
    return Line(name, parameters, value)


def check_head(whole: Component) -> None:
    """Assert that a feed says of itself all that it has to."""
    values = whole.has(_CALENDAR_HAS)
    assert values["NAME"] == values["X-WR-CALNAME"], values["NAME"]
    assert re.fullmatch(r"[^,;\\]*[^,;\\\s][^,;\\]*", values["NAME"]), values["NAME"]
    assert values["DESCRIPTION"] == values["X-WR-CALDESC"] != "", values["DESCRIPTION"]
    assert max(len(values["URL"]), len(values["SOURCE"])) < 256, values["SOURCE"]


def check_file(whole: Component) -> None:
    """Assert that a file of one entry says nothing of itself: it is not subscribed to."""
    assert whole.has(_FILE_HAS).keys() == _FILE_HAS.keys(), whole.lines
    assert len(whole.parts) == 1, whole.parts


def check_parts(whole: Component, content: bytes) -> None:
    """Assert that entries and time zones are what every programme takes, and no more of them."""
    assert {part.name for part in whole.parts} <= {"VEVENT", "VTIMEZONE"}
    assert [part.name for part in whole.parts] == sorted((part.name for part in whole.parts), reverse=True)
    events, zones = whole.of("VEVENT"), whole.of("VTIMEZONE")
    assert 0 < len(events) <= MOST_ENTRIES, len(events)
    assert len(content) <= MOST_OCTETS, len(content)
    uids = Counter(_check_event(event) for event in events)
    assert not [uid for uid, times in uids.items() if times > 1], uids
    used = {p.removeprefix("TZID=") for event in events for _, p, _ in event.lines if p.startswith("TZID=")}
    told = [_check_zone(zone) for zone in zones]
    assert sorted(told) == sorted(used), (told, used)


def _check_event(event: Component) -> str:
    """Return its UID."""
    values = event.has(_EVENT_HAS)
    assert values["CREATED"] <= values["DTSTAMP"] == values["LAST-MODIFIED"], values
    assert len(values["URL"]) < 256, values["URL"]
    how = {line.name: line.parameters for line in event.lines}
    start, end = values["DTSTART"], values.get("DTEND")
    if how["DTSTART"] == "VALUE=DATE":
        assert re.fullmatch(r"\d{8}", start), values
        assert re.fullmatch(r"\d{8}", end or ""), values
        assert (end or "") > start, values  # it is exclusive (RFC 5545 §3.6.1)
    else:
        form = r"\d{8}T\d{6}" if how["DTSTART"] else r"\d{8}T\d{6}Z"  # with its zone or in UTC, never floating
        assert re.fullmatch(form, start), values
        assert end is None, values
    assert _GEO.fullmatch(values.get("GEO", "0.0;0.0")), values
    assert {part.name for part in event.parts} <= {"VALARM"}
    for alarm in event.parts:
        alarm.has(_ALARM_HAS)
    return values["UID"]


def _check_zone(zone: Component) -> str:
    """Return its TZID."""
    assert zone.parts, zone
    assert {part.name for part in zone.parts} <= {"STANDARD", "DAYLIGHT"}, zone
    for part in zone.parts:
        part.has(_CHANGE_HAS)
    return zone.has({"TZID": None})["TZID"]
