"""How long a feed may be, what is left out of a longer one, and the entry that says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.content.feeds import Entry, FeedHead, WrittenEntry, build_feed, write_entry
from notifier.content.language import Languages
from notifier.content.limits import MOST_ENTRIES, MOST_OCTETS, FeedLimits, Reader, within_limits
from notifier.domain.events import Kind
from notifier.domain.revisions import first_revision, start_of
from notifier.domain.windows import FeedYears
from tests.factories import LOCALES, make_calendar

LANGUAGES = Languages(LOCALES)
PUBLISHED = date(2026, 11, 21)
HEAD = FeedHead(
    path="/feeds/en/all.ics",
    page="/en/",
    uid="feed.en.all@remembrance.example.org",
    name="Days of remembrance",
    description="Days.",
    kind=Kind.MOURNING,
)
YEARS = FeedYears(2025, 2030, 2027)
HOST = "https://days.example.net"


def entry(day: date, number: int = 0, octets: int = 0, host: str = HOST) -> WrittenEntry:
    uid = f"day-{number}.{day.year}@remembrance.example.org"
    lines = f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nSUMMARY:A day\r\n" + "X-TEXT:x\r\n" * (octets // 10)
    path = f"/en/events/day-{number}/{day.year}"
    revision = first_revision(uid, "en", uid, PUBLISHED)
    return write_entry(Entry(revision, path, lines.encode(), f"day-{number}", day.year, day, ()), host)


def reader(tag: str = "en", host: str = HOST) -> Reader:
    return Reader(LANGUAGES[tag], make_calendar(), YEARS, host)


def shown(entries: Sequence[WrittenEntry], limits: FeedLimits, **changes: Any) -> Any:
    """Return the feed within limits, read back."""
    return icalendar.Calendar.from_ical(octets(entries, limits, **changes))


def octets(entries: Sequence[WrittenEntry], limits: FeedLimits, tag: str = "en", host: str = HOST) -> bytes:
    kept = within_limits(HEAD, entries, reader(tag, host), limits)
    return build_feed(HEAD, kept, host, start_of(PUBLISHED)).identity


def days(calendar: Any) -> list[date]:
    return [vevent.start for vevent in calendar.events if vevent["SUMMARY"] == "A day"]


def notice(calendar: Any) -> Any:
    (found,) = [vevent for vevent in calendar.events if str(vevent["UID"]).startswith("limit.")]
    return found


EACH_YEAR = [entry(date(year, 3, 1)) for year in range(2025, 2031)]


def test_what_fits_is_left_as_it_is() -> None:
    assert within_limits(HEAD, EACH_YEAR, reader(), FeedLimits(entries=6)) is EACH_YEAR


def test_what_just_fits_takes_no_entry_that_says_otherwise() -> None:
    exactly = len(build_feed(HEAD, EACH_YEAR, "x" * 60, start_of(PUBLISHED)).identity)
    exactly += sum(len("x" * 60) - len(HOST) for _ in EACH_YEAR)

    assert within_limits(HEAD, EACH_YEAR, reader(), FeedLimits(octets=exactly + 30)) is EACH_YEAR
    assert within_limits(HEAD, EACH_YEAR, reader(), FeedLimits(octets=exactly - 30)) is not EACH_YEAR


@pytest.mark.parametrize(
    ("most", "years"),
    [
        (5, [2026, 2027, 2028, 2029]),  # 2030 is three years away, 2025 and 2029 two
        (4, [2026, 2027, 2028]),
        (3, [2027, 2028]),
        (2, [2027]),
    ],
)
def test_the_farthest_years_go_first_the_past_before_the_coming(most: int, years: list[int]) -> None:
    found = shown(EACH_YEAR, FeedLimits(entries=most))

    assert [day.year for day in days(found)] == years
    assert len(found.events) <= most


def test_an_entry_says_which_days_are_shown() -> None:
    told = notice(shown(EACH_YEAR, FeedLimits(entries=4)))

    assert told["SUMMARY"] == "Not everything fits into this calendar"
    assert "Days shown: 1 January 2026 – 31 December 2028." in told["DESCRIPTION"]
    assert told.start == date(2029, 3, 1)  # the first that is not there
    assert told.end == date(2029, 3, 2)
    assert told["UID"] == "limit.en.all.20260101-20281231.20290301@remembrance.example.org"
    assert told["URL"] == "https://days.example.net/en/"


def test_where_only_the_past_is_missing_it_stands_on_its_last_day() -> None:
    told = notice(shown(EACH_YEAR[:-2], FeedLimits(entries=3)))

    assert told.start == date(2026, 3, 1)
    assert "Days shown: 1 January 2027 – 31 December 2030." in told["DESCRIPTION"]


@pytest.mark.parametrize(
    ("tag", "summary"),
    [
        ("de", "Nicht alles passt in diesen Kalender"),
        ("az", "Bu təqvimə hər şey sığmır"),
        ("tr", "Bu takvime her şey sığmıyor"),
        ("ru", "В этот календарь вошло не всё"),
    ],
)
def test_it_says_so_in_the_readers_language(tag: str, summary: str) -> None:
    assert notice(shown(EACH_YEAR, FeedLimits(entries=4), tag=tag))["SUMMARY"] == summary


def test_of_a_year_that_is_too_long_the_first_days_stay() -> None:
    year = [entry(date(2027, month, 1), 10 * month + number) for month in range(1, 13) for number in range(2)]
    found = shown([*year, *EACH_YEAR], FeedLimits(entries=10))

    assert sorted(days(found)) == [date(2027, month, 1) for month in (1, 1, 2, 2, 3, 3, 3, 4, 4)]
    assert notice(found).start == date(2027, 5, 1)
    assert "Days shown: 1 January 2027 – 30 April 2027." in notice(found)["DESCRIPTION"]


def test_of_a_single_day_what_fits_stays() -> None:
    found = shown([entry(date(2027, 1, 1), number) for number in range(10)], FeedLimits(entries=5))

    assert len(days(found)) == 4


def test_a_year_counts_as_the_gregorian_one_its_day_is_in() -> None:
    # What is kept in the year 1447 of another calendar.
    other = entry(date(2027, 6, 16))
    found = within_limits(HEAD, [other, *EACH_YEAR], reader(), FeedLimits(entries=3))

    assert other in found


@given(
    st.lists(st.tuples(st.integers(-900, 1300), st.integers(0, 400)), min_size=1, max_size=60),
    st.integers(2, 40),
    st.integers(4_000, 12_000),
)
def test_no_feed_is_longer_and_what_is_shown_is_the_nearest(
    wanted: list[tuple[int, int]], most: int, room: int
) -> None:
    start = date(2027, 7, 1)  # the years published are about 2027
    entries = [entry(start + timedelta(days=day), number, size) for number, (day, size) in enumerate(wanted)]
    limits = FeedLimits(most, room)

    content = octets(entries, limits)
    found = icalendar.Calendar.from_ical(content)

    assert len(content) <= room
    assert len(found.events) <= most
    there = sorted(days(found))
    assert there
    if len(there) < len(entries):
        told = notice(found)
        out = {e.entry.revision.uid for e in entries} - {str(vevent["UID"]) for vevent in found.events}
        distances = [abs(day.year - 2027) for day in there]
        missing = [e.entry.first for e in entries if e.entry.revision.uid in out]
        assert min(abs(day.year - 2027) for day in missing) >= max(distances)
        assert told.start in missing
    assert octets(list(reversed(entries)), limits) == content


@given(st.integers(8, 60), st.integers(8, 60), st.integers(3_000, 9_000))
def test_hosts_change_nothing_of_what_is_shown(one: int, other: int, room: int) -> None:
    def uids(length: int) -> set[str]:
        host = "https://" + "h" * (length - 8)
        entries = [entry(date(year, 3, 1), number, 100, host) for year in range(2025, 2031) for number in range(6)]
        return {str(vevent["UID"]) for vevent in shown(entries, FeedLimits(octets=room), host=host).events}

    assert uids(one) == uids(other)


def test_a_longer_host_still_fits() -> None:
    host = "https://" + "h" * 150 + ".example.net"
    entries = [entry(date(2027, 3, 1) + timedelta(days=number), number, 0, host) for number in range(100)]

    assert len(octets(entries, FeedLimits(octets=20_000), host=host)) <= 20_000


def test_the_limits_are_what_programmes_take() -> None:
    entries = [entry(date(2027, 1, 1) + timedelta(days=number % 365), number, 1_500) for number in range(1_000)]
    content = octets(entries, FeedLimits())

    assert (MOST_ENTRIES, MOST_OCTETS) == (900, 900_000)
    assert 870_000 < len(content) <= 900_000
    assert len(shown([entry(e.entry.first, n) for n, e in enumerate(entries)], FeedLimits()).events) in range(890, 901)
