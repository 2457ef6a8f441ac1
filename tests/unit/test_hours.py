from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from notifier.domain.errors import ZoneError
from notifier.domain.hours import instant_of, is_shown, local_date, window_on


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("day", "hour", "zone", "instant"),
    [
        # 09:00 in Baku, four hours ahead of UTC all year.
        (date(2027, 1, 13), 9, "Asia/Baku", utc(2027, 1, 13, 5)),
        (date(2027, 7, 13), 9, "Europe/Berlin", utc(2027, 7, 13, 7)),
        (date(2027, 1, 13), 24, "Europe/Berlin", utc(2027, 1, 13, 23)),
        # 28 March 2027 has no 02:00 in Berlin: 03:00 follows 01:59.
        (date(2027, 3, 28), 2, "Europe/Berlin", utc(2027, 3, 28, 1)),
        # 31 October 2027 has 02:00 twice; the first one is meant.
        (date(2027, 10, 31), 2, "Europe/Berlin", utc(2027, 10, 31, 0)),
        # The clocks of Lord Howe Island are put forward by half an hour: 02:30 is the first instant after the gap.
        (date(2027, 10, 3), 2, "Australia/Lord_Howe", utc(2027, 10, 2, 15, 30)),
        # Samoa had no 30 December 2011 at all: the next day's first instant.
        (date(2011, 12, 30), 9, "Pacific/Apia", utc(2011, 12, 30, 10)),
    ],
)
def test_an_hour_on_the_wall_is_one_instant(day: date, hour: int, zone: str, instant: datetime) -> None:
    assert instant_of(day, hour, zone) == instant


def test_the_date_is_that_of_the_zone() -> None:
    assert local_date(utc(2027, 1, 19, 21), "Asia/Baku") == date(2027, 1, 20)
    assert local_date(utc(2027, 1, 20, 3), "America/New_York") == date(2027, 1, 19)


def test_a_window_opens_at_the_readers_hour_and_closes_before_the_last() -> None:
    window = window_on(date(2027, 1, 13), 9, 20, "Asia/Baku")

    assert not window.holds(utc(2027, 1, 13, 4, 59))
    assert window.holds(utc(2027, 1, 13, 5))
    assert window.holds(utc(2027, 1, 13, 15, 59))
    assert not window.holds(utc(2027, 1, 13, 16))


def test_a_late_reader_has_the_rest_of_the_date() -> None:
    window = window_on(date(2027, 1, 13), 22, 20, "Asia/Baku")

    assert (window.opens, window.closes) == (utc(2027, 1, 13, 18), utc(2027, 1, 13, 20))


@pytest.mark.parametrize(
    ("day", "hour", "until", "zone", "closes"),
    [
        # Clocks go from 2 to 3: at 2 as at 3 o'clock it is 01:00 UTC.
        (date(2027, 3, 28), 2, 3, "Europe/Berlin", utc(2027, 3, 28, 22)),
        (date(2027, 3, 28), 2, 4, "Europe/Berlin", utc(2027, 3, 28, 2)),
        # From 0 to 1.
        (date(2026, 4, 24), 0, 1, "Africa/Cairo", utc(2026, 4, 24, 21)),
    ],
)
def test_where_clocks_leap_over_a_whole_window_the_rest_of_the_date_is_left(
    day: date, hour: int, until: int, zone: str, closes: datetime
) -> None:
    window = window_on(day, hour, until, zone)

    assert window.opens < window.closes == closes


def test_a_date_that_clocks_leap_over_has_no_window() -> None:
    window = window_on(date(2011, 12, 30), 9, 20, "Pacific/Apia")

    assert window.opens == window.closes


@pytest.mark.parametrize(
    "name",
    ["Europe/Berln", "", "../etc/passwd", "Europe", "Factory", "localtime", "posixrules", "right/UTC", "europe/berlin"],
)
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ZoneError, match="is not a time zone"):
        local_date(utc(2027, 1, 1), name)


@pytest.mark.parametrize(
    ("wall", "zone", "shown"),
    [
        ("2027-03-28T01:59:59", "Europe/Berlin", True),
        ("2027-03-28T02:00", "Europe/Berlin", False),
        ("2027-03-28T02:59:59", "Europe/Berlin", False),
        ("2027-03-28T03:00", "Europe/Berlin", True),
        ("2027-10-31T02:30", "Europe/Berlin", True),
        ("2011-12-30T12:00", "Pacific/Apia", False),
    ],
)
def test_some_times_no_clock_shows(wall: str, zone: str, shown: bool) -> None:  # noqa: FBT001  # what is expected
    assert is_shown(datetime.fromisoformat(wall), zone) is shown
