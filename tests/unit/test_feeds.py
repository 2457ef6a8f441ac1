"""A feed: its head, the order of its entries, its validators, and what never varies."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.content.contentlines import plain_name
from notifier.content.feed_heads import feed_heads
from notifier.content.feeds import (
    Entry,
    Feed,
    FeedHead,
    Ordered,
    WrittenEntry,
    build_feed,
    empty_entry,
    feed_digest,
    write_entry,
)
from notifier.content.language import Languages
from notifier.domain.events import CollectionId, Kind
from notifier.domain.revisions import Revision
from tests.factories import LOCALES, make_calendar, make_catalog, make_event, text

HOST = "https://days.example.net"
PUBLISHED = datetime(2026, 11, 21, tzinfo=UTC)
MENDED = datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC)

HEAD = FeedHead(
    path="/feeds/en/all.ics",
    page="/en/",
    uid="feed.en.all@remembrance.example.org",
    name="Days of remembrance",
    description="Days, and who says what of them; in English.",
    kind=Kind.MOURNING,
)


def entry(event_id: str = "black-january", year: int = 2027, **changes: Any) -> Entry:
    uid = f"{event_id}.{year}@remembrance.example.org"
    content = f"DTSTART;VALUE=DATE:{year}0120\r\nSUMMARY:{event_id}\r\n".encode()
    made = Entry(
        revision=Revision(uid, "en", 2, PUBLISHED, MENDED, "0" * 64),
        path=f"/en/events/{event_id}/{year}",
        content=content,
        event_id=event_id,
        year=year,
        first=date(year, 1, 20),
        collections=(CollectionId("azerbaijan"),),
    )
    return replace(made, **changes)


def feed_of(*entries: Entry, head: FeedHead = HEAD, host: str = HOST) -> Feed:
    return build_feed(head, [write_entry(one, host) for one in entries], host, MENDED)


def whole(entry: WrittenEntry) -> bytes:
    return b"".join(entry.parts)


def parsed(feed: Feed) -> Any:
    calendar = icalendar.Calendar.from_ical(feed.identity)
    assert not calendar.errors
    return calendar


def test_an_entry_says_who_it_is_and_when_it_was_last_revised() -> None:
    assert whole(write_entry(entry(), HOST)).decode().splitlines() == [
        "BEGIN:VEVENT",
        "UID:black-january.2027@remembrance.example.org",
        "DTSTAMP:20270203T040506Z",
        "CREATED:20261121T000000Z",
        "LAST-MODIFIED:20270203T040506Z",
        "SEQUENCE:2",
        "DTSTART;VALUE=DATE:20270120",
        "SUMMARY:black-january",
        "URL:https://days.example.net/en/events/black-january/2027",
        "END:VEVENT",
    ]


def test_the_head_says_what_calendars_ask_for() -> None:
    head, _, _ = feed_of(entry()).identity.decode().partition("BEGIN:VEVENT")

    assert head.splitlines() == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Remembrance notifier//Calendar feeds//EN",
        "CALSCALE:GREGORIAN",
        "UID:feed.en.all@remembrance.example.org",
        "NAME:Days of remembrance",
        "X-WR-CALNAME:Days of remembrance",
        r"DESCRIPTION:Days\, and who says what of them\; in English.",
        r"X-WR-CALDESC:Days\, and who says what of them\; in English.",
        "LAST-MODIFIED:20270203T040506Z",
        "URL:https://days.example.net/en/",
        "SOURCE;VALUE=URI:https://days.example.net/feeds/en/all.ics",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
        "COLOR:dimgray",
        "X-APPLE-CALENDAR-COLOR:#696969",
    ]


def test_entries_stand_by_event_then_by_year() -> None:
    feed = feed_of(entry("khojaly", 2026), entry(year=2028), entry(year=2027))

    assert [vevent["UID"].partition("@")[0] for vevent in parsed(feed).events] == [
        "black-january.2027",
        "black-january.2028",
        "khojaly.2026",
    ]


def test_the_order_in_which_entries_come_changes_nothing() -> None:
    one, two = entry(year=2027), entry(year=2028)

    assert feed_of(one, two).identity == feed_of(two, one).identity


def test_entries_in_order_are_not_sorted_again() -> None:
    ordered = Ordered.of([write_entry(entry(year=2028), HOST), write_entry(entry(year=2027), HOST)])

    assert [one.entry.year for one in ordered] == [2027, 2028]
    assert Ordered.of(ordered) is ordered


def test_an_entry_knows_how_long_it_is() -> None:
    written = write_entry(entry(), HOST)

    assert written.octets == len(whole(written))


def test_time_zones_stand_before_the_entries() -> None:
    zone = b"BEGIN:VTIMEZONE\r\nTZID:Asia/Baku\r\nEND:VTIMEZONE\r\n"

    identity = build_feed(HEAD, [write_entry(entry(), HOST)], HOST, MENDED, (zone,)).identity

    assert identity.replace(zone, b"") == feed_of(entry()).identity
    assert zone + b"BEGIN:VEVENT" in identity


def test_a_feed_without_an_entry_is_not_built() -> None:
    with pytest.raises(ValueError, match=re.escape(HEAD.path)):
        feed_of()


def test_an_empty_feed_says_so_in_its_one_entry() -> None:
    nothing = empty_entry(Languages(LOCALES)["de"], make_calendar(), 2027)
    (vevent,) = parsed(feed_of(nothing)).events

    assert vevent["SUMMARY"] == "Diese Auswahl ist leer"
    assert vevent.start == date(2027, 1, 1)
    assert vevent.end == date(2027, 1, 2)
    assert vevent["UID"] == "empty-2027@remembrance.example.org"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_a_name_has_nothing_that_is_escaped(name: str) -> None:
    assert not set(plain_name(name)) & set(",;\\\n")
    assert len(plain_name(name).splitlines()) <= 1


def test_a_name_keeps_its_words_apart() -> None:
    assert plain_name("Mourning, memory; and\\or\nhope") == "Mourning memory and or hope"
    assert plain_name("\\Mourning\\ ,; memory, ;") == "Mourning memory"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_any_name_and_description_can_be_read_back(words: str) -> None:
    calendar = parsed(feed_of(entry(), head=replace(HEAD, name=words, description=words)))

    assert calendar["X-WR-CALNAME"] == plain_name(words)


def test_a_long_address_is_folded() -> None:
    feed = feed_of(entry(), host="https://" + "a-long-name." * 15 + "example.net")

    assert max(map(len, feed.identity.split(b"\r\n"))) <= 75
    assert parsed(feed).events[0]["URL"].endswith("/en/events/black-january/2027")


def test_the_compressed_form_holds_the_same_bytes_and_no_time() -> None:
    feed = feed_of(entry())

    assert gzip.decompress(feed.gzip) == feed.identity
    assert feed.gzip[4:8] == bytes(4)
    assert feed.gzip == feed_of(entry()).gzip


def test_validators_are_those_of_the_bytes() -> None:
    feed = feed_of(entry())

    assert feed.etag == feed_of(entry()).etag
    assert feed.etag != feed_of(entry(year=2028)).etag
    assert feed.gzip_etag == feed.etag.removesuffix('"') + '-gzip"'
    assert feed.http_date == "Wed, 03 Feb 2027 04:05:06 GMT"


class TestDigest:
    def of(self, one: Entry, head: FeedHead = HEAD, host: str = HOST) -> str:
        return feed_digest(head, [write_entry(one, host)])

    def test_it_leaves_the_host_out(self) -> None:
        assert self.of(entry()) == self.of(entry(), host="http://127.0.0.1:8000")

    def test_it_changes_with_the_content_the_revision_the_page_and_the_head(self) -> None:
        revision = entry().revision
        digests = {
            self.of(entry()),
            self.of(entry(revision=replace(revision, digest="1" * 64))),
            self.of(entry(revision=replace(revision, sequence=3))),
            self.of(entry(path="/en/events/january/2027")),
            self.of(entry(), head=replace(HEAD, name="Days")),
        }

        assert len(digests) == 5


class TestHeads:
    def test_there_is_a_feed_of_everything_of_each_collection_and_of_each_event(self) -> None:
        heads = [head for head, _ in feed_heads(make_catalog(), Languages(LOCALES)["de"])]

        assert [(head.path, head.name) for head in heads] == [
            ("/feeds/de/all.ics", "Gedenktage"),
            ("/feeds/de/azerbaijan.ics", "Gedenktage – Aserbaidschan"),
            ("/feeds/de/events/black-january.ics", "Schwarzer Januar"),
            ("/feeds/de/events/khojaly.ics", "Chodschali"),
        ]

    def test_a_renamed_events_feed_moves_and_stays_the_same_calendar(self) -> None:
        german = Languages(LOCALES)["de"]
        *_, (before, _) = feed_heads(make_catalog(make_event("january-1990")), german)
        *_, (after, _) = feed_heads(make_catalog(make_event("black-january", was=("january-1990",))), german)

        assert (before.path, after.path) == ("/feeds/de/events/january-1990.ics", "/feeds/de/events/black-january.ics")
        assert before.uid == after.uid

    def test_a_feed_of_several_kinds_has_a_colour_of_its_own(self) -> None:
        catalog = make_catalog(make_event(), make_event("republic", kind=Kind.NATIONAL, heading=text(en="Republic")))
        kinds = [head.kind for head, _ in feed_heads(catalog, Languages(LOCALES)["en"])]

        assert kinds == [Kind.MEMORIAL, Kind.MEMORIAL, Kind.MOURNING, Kind.NATIONAL]
