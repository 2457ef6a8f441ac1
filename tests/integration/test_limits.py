"""How long a feed may be, what is left out of a longer one, and the entry that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.content.contentlines import plain, text_line
from notifier.content.feeds import Entry, FeedHead, WrittenEntry, build_feed, feed_digest, write_entry
from notifier.content.language import Languages
from notifier.content.limits import FeedLimits, Reader, one_within_limits, within_limits
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
PLACE = b"LOCATION:Baku and several other places of the same country\r\n"


def entry(day: date, number: int = 0, octets: int = 0, host: str = HOST, text: str = "") -> WrittenEntry:
    """Return an entry of so many octets that nothing shortens, and of a text."""
    uid = f"day-{number}.{day.year}@remembrance.example.org"
    lines = f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nSUMMARY:A day\r\n" + "X-TEXT:x\r\n" * (octets // 10)
    content = lines.encode() + (text_line("DESCRIPTION", text) if text else b"") + PLACE
    path = f"/en/events/day-{number}/{day.year}"
    revision = first_revision(uid, "en", uid, PUBLISHED)
    return write_entry(Entry(revision, path, content, f"day-{number}", day.year, day, ()), host)


def ahead_of(written: WrittenEntry, *leads: int) -> list[WrittenEntry]:
    """Return entries ahead of another one; a lead of 0 is one with an hour."""
    found = []
    for lead in leads:
        own = written.entry
        suffix, day = (f".ahead-{lead}", own.first - timedelta(days=lead)) if lead else (".at-1000", own.first)
        uid = own.revision.uid.replace("@", f"{suffix}@")
        lines = f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nSUMMARY:{'Ahead' if lead else 'At ten'}\r\n".encode()
        revision = replace(own.revision, uid=uid)
        found.append(write_entry(replace(own, revision=revision, content=lines, first=day), HOST))
    return found


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


YEARS_SHOWN = range(2025, 2031)
EACH_YEAR = [entry(date(year, 3, 1)) for year in YEARS_SHOWN]


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


def test_of_a_year_that_is_too_long_days_from_all_of_it_stay() -> None:
    year = [entry(date(2027, month, 1), 10 * month + number) for month in range(1, 13) for number in range(2)]
    found = shown([*year, *EACH_YEAR], FeedLimits(entries=14))

    assert len(days(found)) == 13
    assert set(days(found)) == {date(2027, month, 1) for month in range(1, 13)}
    assert notice(found).start == date(2027, 12, 1)
    assert "On dates with many entries only some of them are shown." in notice(found)["DESCRIPTION"]
    fewer = sorted({day.month for day in days(shown([*year, *EACH_YEAR], FeedLimits(entries=5)))})
    assert len(fewer) == 4
    assert (
        max(later - earlier for earlier, later in pairwise([*fewer, fewer[0] + 12])) <= 5
    )  # months from one to the next


def test_of_the_coming_year_the_first_days_stay_whole() -> None:
    """So that the last days of a year have something to come."""
    present = [entry(date(2027, 3, 1), number) for number in range(5)]
    coming = [entry(date(2028, month, 1), 10 * month + number) for month in range(1, 13) for number in range(2)]
    found = shown([*present, *coming, *EACH_YEAR], FeedLimits(entries=12))

    assert {(day.year, day.month) for day in days(found)} == {(2027, 3), (2028, 1), (2028, 2)}
    assert len(days(found)) == 5 + 1 + 2 + 2
    assert notice(found).start == date(2028, 3, 1)
    assert "Days shown: 1 January 2027 – 29 February 2028." in notice(found)["DESCRIPTION"]


def test_texts_are_shortened_before_a_day_of_this_year_or_the_next_goes() -> None:
    long = [
        entry(date(year, 3, 1), number, text="Soldiers came. " * 100) for year in YEARS_SHOWN for number in range(4)
    ]
    found = shown(long, FeedLimits(octets=9_000))

    assert {day.year for day in days(found)} == {2027, 2028}
    assert len(days(found)) == 8
    for vevent in found.events:
        if vevent["SUMMARY"] == "A day":
            said, _, page = vevent["DESCRIPTION"].rpartition("\n\n")
            assert said.startswith("Soldiers came. ")
            assert said.endswith("…")
            assert page == vevent["URL"]
    assert "Long texts are shortened" in notice(found)["DESCRIPTION"]


def test_texts_go_before_a_day_does_and_places_before_a_day_of_this_year_does() -> None:
    long = [entry(date(2027, 3, 1), number, text="Soldiers came. " * 100) for number in range(10)]

    without = shown(long, FeedLimits(octets=5_600))
    assert len(days(without)) == 10
    assert not [vevent for vevent in without.events if "DESCRIPTION" in vevent and vevent["SUMMARY"] == "A day"]
    assert "Texts are left out" in notice(without)["DESCRIPTION"]
    assert len([vevent for vevent in without.events if "LOCATION" in vevent]) == 10
    bare = shown(long, FeedLimits(octets=4_800))
    assert len(days(bare)) == 10
    assert not [vevent for vevent in bare.events if "LOCATION" in vevent]
    assert "Texts, places and reminders are left out" in notice(bare)["DESCRIPTION"]


def test_where_nothing_but_texts_is_missing_it_stands_on_the_last_day_of_this_year() -> None:
    huge = [entry(date(year, 3, 1), text="Soldiers came. " * 1_000) for year in (2027, 2028)]
    found = shown(huge, FeedLimits(octets=20_000))

    assert len(days(found)) == 2
    assert notice(found).start == date(2027, 12, 31)
    assert "Days shown: 1 January 2025 – 31 December 2030." in notice(found)["DESCRIPTION"]


def test_what_was_shortened_is_another_content_of_the_feed() -> None:
    texts = ["x" * 8_000 + end for end in ("a", "b")]
    kept = [
        within_limits(HEAD, [entry(date(2027, 3, 1), text=text)], reader(), FeedLimits(octets=6_000)) for text in texts
    ]
    whole = [entry(date(2027, 3, 1), text=text) for text in texts]

    assert feed_digest(HEAD, kept[0]) != feed_digest(HEAD, whole[:1])
    assert [one.entry for one in kept[0]][:1] == [whole[0].entry]  # its revision is that of the whole one


def test_entries_ahead_go_before_an_own_one_the_longest_leads_first() -> None:
    own = [entry(date(year, 6, 1), number) for year in YEARS_SHOWN for number in range(3)]
    beside = [one for written in own for one in ahead_of(written, 30, 14, 7, 0)]
    found = shown([*own, *beside], FeedLimits(entries=21))

    assert {day.year for day in days(found)} == {2027, 2028}
    assert len(days(found)) == 6
    there = Counter(str(vevent["UID"]).partition("@")[0].partition(".ahead-")[2] for vevent in found.events)
    assert (there["30"], there["14"], there["7"]) == (0, 0, 6)
    assert len([vevent for vevent in found.events if vevent["SUMMARY"] == "At ten"]) == 6
    assert "Entries ahead that are left out: 14 days before and 30 days before." in notice(found)["DESCRIPTION"]
    assert str(notice(found)["UID"]).endswith(".ahead-30-14@remembrance.example.org")

    fewest = shown([*own, *beside], FeedLimits(entries=7))
    assert len(days(fewest)) == 6
    assert "Entries with an hour are left out." in notice(fewest)["DESCRIPTION"]


def test_further_years_come_with_all_that_goes_with_them_or_not_at_all() -> None:
    own = [entry(date(year, 6, 1)) for year in YEARS_SHOWN]
    found = shown([*own, *(one for written in own for one in ahead_of(written, 7))], FeedLimits(entries=8))

    assert [day.year for day in days(found)] == [2026, 2027, 2028]
    assert len(found.events) == 7


def test_of_a_single_day_what_fits_stays() -> None:
    found = shown([entry(date(2027, 1, 1), number) for number in range(10)], FeedLimits(entries=5))

    assert len(days(found)) == 4


def test_a_year_counts_as_the_gregorian_one_its_day_is_in() -> None:
    # What is kept in the year 1447 of another calendar.
    other = entry(date(2027, 6, 16))
    found = within_limits(HEAD, [other, *EACH_YEAR], reader(), FeedLimits(entries=3))

    assert other in found


@given(
    st.lists(st.tuples(st.integers(-900, 1300), st.integers(0, 400), st.text(max_size=2_000)), min_size=1, max_size=60),
    st.integers(2, 40),
    st.integers(4_000, 12_000),
)
def test_no_feed_is_longer_and_what_is_shown_is_the_nearest(
    wanted: list[tuple[int, int, str]], most: int, room: int
) -> None:
    start = date(2027, 7, 1)  # the years published are about 2027
    entries = [
        entry(start + timedelta(days=day), number, size, text=plain(text))
        for number, (day, size, text) in enumerate(wanted)
    ]
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


class TestAnEntryAlone:
    """What is not said of many entries: one in a file of its own."""

    LIMITS = FeedLimits(octets=20_000)

    def test_one_that_fits_is_the_very_entry(self) -> None:
        written = entry(date(2027, 1, 20), text="Many words. " * 1_500)

        assert one_within_limits(written, LANGUAGES["en"], HOST, self.LIMITS) is written

    def test_one_that_does_not_has_as_much_text_as_fits_and_leads_to_its_page(self) -> None:
        written = entry(date(2027, 1, 20), text="Many words. " * 2_000 + "\n\nThe date is an estimate")
        alone = one_within_limits(written, LANGUAGES["en"], HOST, self.LIMITS)

        content = b"".join(alone.parts).replace(b"\r\n ", b"").decode()
        assert 10_000 < alone.octets < 11_000
        assert f"…\\n\\nThe date is an estimate\\n\\n{HOST}/en/events/day-0/2027\r\n" in content

    def test_one_of_which_not_even_the_title_fits_keeps_its_beginning(self) -> None:
        written = entry(date(2027, 1, 20))
        stamp, content, tail = written.parts
        long = replace(written, parts=(stamp, content.replace(b"A day", b"A day " * 5_000), tail), octets=40_000)

        alone = one_within_limits(long, LANGUAGES["en"], HOST, self.LIMITS)
        assert sum(map(len, alone.parts)) < 2_000
        assert b"SUMMARY:A day A day" in alone.parts[1]

    @pytest.mark.parametrize("length", range(18_000, 20_000, 97))
    def test_no_shorter_host_changes_what_is_shown(self, length: int) -> None:
        whole = set()
        for host in (HOST, "https://h.example", "https://" + "h" * 52):
            written = entry(date(2027, 1, 20), host=host, text="x" * length)
            alone = one_within_limits(written, LANGUAGES["en"], host, self.LIMITS)
            assert alone.octets <= self.LIMITS.octets - 150
            whole.add(alone is written or alone.parts == written.parts)

        assert len(whole) == 1
