"""Time zones in feeds: what programmes make of them is what the zone data say, for every hour that is published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from notifier.content.vtimezone import vtimezone
from notifier.domain.hours import zone as zone_of

FIRST, LAST = 2025, 2031


@pytest.mark.parametrize(
    "name",
    [
        "Asia/Baku",
        "Europe/Berlin",
        "Europe/Dublin",  # its winter time is the one that is "daylight", with a negative saving
        "America/New_York",
        "America/Argentina/Buenos_Aires",
        "Africa/Casablanca",  # puts clocks back for Ramadan
        "Australia/Lord_Howe",  # by half an hour
        "Asia/Kathmandu",
        "UTC",
    ],
)
def test_every_hour_is_what_the_zone_data_say(name: str) -> None:
    zone = zone_of(name)
    calendar = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + vtimezone(name, FIRST, LAST) + b"END:VCALENDAR\r\n"
    (component,) = icalendar.Calendar.from_ical(calendar).timezones
    written = component.to_tz(lookup_tzid=False)

    moment, end = datetime(FIRST, 1, 2, tzinfo=UTC), datetime(LAST, 12, 31, tzinfo=UTC)
    while moment < end:
        wall = moment.astimezone(zone)
        assert wall.replace(tzinfo=written, fold=wall.fold).utcoffset() == wall.utcoffset(), wall
        moment += timedelta(hours=7)


def test_a_change_is_told_in_the_wall_time_that_ends() -> None:
    assert (
        b"BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n"
        b"END:DAYLIGHT\r\n"
    ) in vtimezone("Europe/Berlin", 2027, 2027)


def test_a_zone_without_changes_is_short() -> None:
    assert vtimezone("Asia/Baku", 2027, 2027) == (
        b"BEGIN:VTIMEZONE\r\nTZID:Asia/Baku\r\nBEGIN:STANDARD\r\nDTSTART:20270101T040000\r\nTZOFFSETFROM:+0400\r\n"
        b"TZOFFSETTO:+0400\r\nTZNAME:+04\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
