"""Feeds from a calendar and a database: read by the programmes people use, and the same bytes until content changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import recurring_ical_events
import vobject
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import Engine

from notifier.catalog.load import load_catalog
from notifier.content.language import Languages
from notifier.domain.events import Catalog, Event, YearNotes
from notifier.storage.engine import migrate, open_engine, reading
from notifier.storage.revisions import stored_entries
from notifier.usecases.publish import Publication, Site, publish_feeds
from tests.factories import LOCALES, ROOT, black_january, khojaly, make_catalog, make_event, text

HOST = "https://days.example.net"
NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
NEW_YEAR_2027_IN_BAKU = datetime(2026, 12, 31, 20, tzinfo=UTC)
GERMAN = "/feeds/de/events/black-january.ics"

LANGUAGES = Languages(LOCALES)


def publish(engine: Engine, catalog: Catalog, now: datetime = NOW, host: str = HOST, **changes: Any) -> Site:
    record = changes.pop("record", True)
    publication = replace(Publication(LANGUAGES, ("en", "de"), host, years_back=1, years_ahead=3), **changes)
    return publish_feeds(engine, catalog, publication, now, record=record)


def octets(site: Site) -> dict[str, bytes]:
    return {path: feed.identity for path, feed in site.feeds.items()}


def modified(site: Site, path: str = GERMAN) -> datetime:
    return site.feeds[path].last_modified


def mended(event: Event, german: str) -> Event:
    """Return the event with its German account in other words."""
    account = event.summary[0]
    words = text(en=str(account.text.get("en")), de=german)
    return replace(event, summary=(replace(account, text=words),))


def parsed(content: bytes) -> Any:
    calendar = icalendar.Calendar.from_ical(content)
    assert not calendar.errors
    return calendar


def sequences(site: Site, path: str) -> dict[str, int]:
    return {
        str(vevent["UID"]).partition("@")[0]: int(vevent["SEQUENCE"])
        for vevent in parsed(site.feeds[path].identity).events
    }


@pytest.fixture
def other_engine(tmp_path: Path) -> Iterator[Engine]:
    """A second fresh database."""
    engine = open_engine(f"sqlite:///{tmp_path}/other.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Every feed of the calendar that ships with the project."""
    catalog = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags).catalog
    assert catalog is not None
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('shipped')}/notifier.db")
    migrate(engine)
    site = publish(engine, catalog, served=catalog.calendar.languages)
    engine.dispose()
    return octets(site)


class TestReaders:
    """Every feed of the shipped calendar, with the libraries that calendars are built on. Warnings are errors here."""

    def test_icalendar_reads_them(self, shipped: Mapping[str, bytes]) -> None:
        assert len(shipped) == 5 * (2 + 7)
        for content in shipped.values():
            for component in parsed(content).walk():
                assert not component.errors

    def test_icalendar_writes_the_same_properties_again(self, shipped: Mapping[str, bytes]) -> None:
        for content in shipped.values():
            calendar = parsed(content)
            assert icalendar.Calendar.from_ical(calendar.to_ical()) == calendar

    def test_home_assistant_reads_them(self, shipped: Mapping[str, bytes]) -> None:
        for content in shipped.values():
            calendar = IcsCalendarStream.calendar_from_ics(content.decode())
            expected = {
                str(vevent["UID"]): (str(vevent["SUMMARY"]), str(vevent["DESCRIPTION"]), vevent.start, vevent.end)
                for vevent in parsed(content).events
            }
            read = {event.uid: (event.summary, event.description, event.start, event.end) for event in calendar.events}
            assert read == expected

    def test_vobject_reads_them(self, shipped: Mapping[str, bytes]) -> None:
        for content in shipped.values():
            calendar = vobject.readOne(content.decode())
            for read, vevent in zip(calendar.vevent_list, parsed(content).events, strict=True):
                assert read.summary.value == vevent["SUMMARY"]
                assert read.description.value == vevent["DESCRIPTION"]
                assert read.dtstart.value == vevent.start

    def test_no_entry_recurs(self, shipped: Mapping[str, bytes]) -> None:
        found = recurring_ical_events.of(parsed(shipped["/feeds/en/all.ics"])).between(
            date(2027, 1, 1), date(2028, 1, 1)
        )

        assert sorted(str(vevent["SUMMARY"]) for vevent in found if vevent.start.month < 3) == [
            "Black January: 37th anniversary",
            "Khojaly: 35th anniversary",
        ]

    def test_they_keep_to_what_a_line_may_be(self, shipped: Mapping[str, bytes]) -> None:
        for content in shipped.values():
            lines = content.split(b"\r\n")
            assert max(map(len, lines)) <= 75
            assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", content)
            assert content.count(b"\n") == content.count(b"\r\n")
            for line in lines:
                line.decode()  # no character is cut in two

    def test_they_have_no_method_no_rule_and_no_alarm(self, shipped: Mapping[str, bytes]) -> None:
        for content in shipped.values():
            for unwanted in (b"\r\nMETHOD", b"\r\nRRULE", b"\r\nRSCALE", b"\r\nBEGIN:VALARM", b";LANGUAGE="):
                assert unwanted not in content

    def test_only_addresses_name_the_host(self, shipped: Mapping[str, bytes]) -> None:
        for content in shipped.values():
            lines = content.replace(b"\r\n ", b"").decode().split("\r\n")
            assert {line.partition(":")[0] for line in lines if "days.example.net" in line} == {
                "URL",
                "SOURCE;VALUE=URI",
            }


@pytest.mark.parametrize(
    ("year", "titles"),
    [
        (2019, ["Black January: 29th anniversary", "Khojaly: 27th anniversary"]),
        (2024, ["Black January: 34th anniversary", "Khojaly: 32nd anniversary"]),
    ],
)
def test_titles_carry_the_ordinal_that_newspapers_had(other_engine: Engine, year: int, titles: list[str]) -> None:
    site = publish(other_engine, make_catalog(), datetime(year, 1, 18, tzinfo=UTC), years_back=0, years_ahead=0)

    assert [str(vevent["SUMMARY"]) for vevent in parsed(site.feeds["/feeds/en/all.ics"].identity).events] == titles


def test_each_language_has_the_feeds_of_all_a_collection_and_each_event(engine: Engine) -> None:
    assert set(publish(engine, make_catalog()).feeds) == {
        f"/feeds/{tag}/{name}.ics"
        for tag in ("en", "de")
        for name in ("all", "azerbaijan", "events/black-january", "events/khojaly")
    }


def test_an_entry_is_the_same_in_every_feed_that_holds_it(engine: Engine) -> None:
    site = publish(engine, make_catalog())

    entries = site.feeds[GERMAN].identity.partition(b"BEGIN:VEVENT")[2].removesuffix(b"END:VCALENDAR\r\n")
    assert entries in site.feeds["/feeds/de/all.ics"].identity


class TestStable:
    def test_a_restart_changes_nothing(self, engine: Engine) -> None:
        before = publish(engine, make_catalog())

        assert octets(publish(engine, make_catalog(), NOW + timedelta(hours=1))) == octets(before)

    def test_a_restart_renders_nothing_again(self, engine: Engine) -> None:
        publish(engine, make_catalog())
        with reading(engine) as db:
            kept = stored_entries(db)
        publish(engine, make_catalog(), NOW + timedelta(days=1))

        with reading(engine) as db:
            assert stored_entries(db) == kept

    @pytest.mark.parametrize("day", [NEW_YEAR_2027_IN_BAKU, datetime(2027, 12, 31, 19, 59, 59, tzinfo=UTC)])
    def test_every_day_of_a_year_has_the_same_bytes(self, engine: Engine, other_engine: Engine, day: datetime) -> None:
        assert octets(publish(other_engine, make_catalog(), day)) == octets(publish(engine, make_catalog()))

    def test_two_fresh_databases_have_the_same_bytes_and_times(self, engine: Engine, other_engine: Engine) -> None:
        one = publish(engine, make_catalog())
        other = publish(other_engine, make_catalog(), NOW + timedelta(days=40))

        assert octets(one) == octets(other)
        assert {path: feed.http_date for path, feed in one.feeds.items()} == {
            path: feed.http_date for path, feed in other.feeds.items()
        }

    def test_another_host_changes_addresses_alone(self, engine: Engine) -> None:
        here, there = publish(engine, make_catalog()), publish(engine, make_catalog(), host="https://ab.example.org")

        assert modified(here) == modified(there)
        for path, content in octets(here).items():
            moved = content.replace(b"\r\n ", b"").replace(HOST.encode(), b"https://ab.example.org")
            assert moved == there.feeds[path].identity.replace(b"\r\n ", b"")

    def test_looking_writes_nothing(self, engine: Engine) -> None:
        looked = publish(engine, make_catalog(), record=False)

        with reading(engine) as db:
            assert not stored_entries(db)
        assert octets(looked) == octets(publish(engine, make_catalog()))

    def test_the_order_of_the_file_changes_nothing(self, engine: Engine) -> None:
        before = publish(engine, make_catalog(black_january(), khojaly()))

        assert octets(publish(engine, make_catalog(khojaly(), black_january()))) == octets(before)


class TestChanges:
    def test_a_german_text_changes_german_bytes_and_that_entry_alone(self, engine: Engine) -> None:
        before = publish(engine, make_catalog())
        later = NOW + timedelta(days=1)
        after = publish(engine, make_catalog(mended(black_january(), "Truppen rückten in Baku ein."), khojaly()), later)

        changed = {path for path, content in octets(after).items() if content != before.feeds[path].identity}
        assert changed == {"/feeds/de/all.ics", "/feeds/de/azerbaijan.ics", GERMAN}
        numbers = sequences(after, "/feeds/de/all.ics")
        assert {uid for uid, number in numbers.items() if number == 1} == {
            f"black-january.{year}" for year in range(2026, 2031)
        }
        assert {number for uid, number in numbers.items() if uid.startswith("khojaly")} == {0}
        assert {modified(after, path) for path in changed} == {later}
        assert modified(after, "/feeds/en/all.ics") == modified(before, "/feeds/en/all.ics")

    def test_a_years_note_changes_that_year_alone(self, engine: Engine) -> None:
        publish(engine, make_catalog())
        noted = replace(black_january(), years={2028: YearNotes(text(de="Die Allee ist gesperrt."), ())})
        after = publish(engine, make_catalog(noted, khojaly()), NOW + timedelta(days=1))

        raised = {uid for uid, number in sequences(after, "/feeds/de/all.ics").items() if number}
        assert raised == {"black-january.2028"}

    def test_taking_a_change_back_is_a_change(self, engine: Engine) -> None:
        first = publish(engine, make_catalog())
        second = publish(engine, make_catalog(mended(black_january(), "Anders."), khojaly()), NOW + timedelta(days=1))
        third = publish(engine, make_catalog(), NOW + timedelta(days=2))

        assert modified(first) < modified(second) < modified(third) == NOW + timedelta(days=2)
        assert set(sequences(third, GERMAN).values()) == {2}

    def test_a_clock_that_went_back_does_not_take_times_with_it(self, engine: Engine) -> None:
        publish(engine, make_catalog())
        second = publish(engine, make_catalog(mended(black_january(), "Anders."), khojaly()), NOW + timedelta(days=1))
        third = publish(engine, make_catalog(), NOW)

        assert modified(third) == modified(second) + timedelta(seconds=1)

    def test_an_event_taken_out_moves_the_feeds_that_held_it_on(self, engine: Engine) -> None:
        before = publish(engine, make_catalog())
        later = NOW + timedelta(days=1)
        after = publish(engine, make_catalog(black_january()), later)

        assert modified(after, "/feeds/en/all.ics") == later
        assert modified(after, "/feeds/en/events/khojaly.ics") == later
        assert modified(after, GERMAN) == modified(before, GERMAN)

    def test_an_event_put_in_carries_the_calendars_own_date(self, engine: Engine) -> None:
        publish(engine, make_catalog(black_january()))
        after = publish(engine, make_catalog(), NOW + timedelta(days=1))

        assert b"DTSTAMP:20261121T000000Z" in after.feeds["/feeds/en/events/khojaly.ics"].identity
        assert modified(after, "/feeds/en/all.ics") == NOW + timedelta(days=1)

    def test_a_renamed_event_keeps_its_identity_and_moves_its_address(self, engine: Engine) -> None:
        publish(engine, make_catalog(make_event("january-1990")))
        renamed = make_event("black-january", was=("january-1990",))
        after = publish(engine, make_catalog(renamed), NOW + timedelta(days=1))

        assert sequences(after, GERMAN) == {f"january-1990.{year}": 0 for year in range(2026, 2031)}
        assert after.moved["/feeds/de/events/january-1990.ics"] == GERMAN
        assert b"/de/events/black-january/2027" in after.feeds[GERMAN].identity.replace(b"\r\n ", b"")

    def test_years_turn_in_the_calendars_zone(self, engine: Engine) -> None:
        before = publish(engine, make_catalog(), NEW_YEAR_2027_IN_BAKU - timedelta(seconds=1))
        after = publish(engine, make_catalog(), NEW_YEAR_2027_IN_BAKU + timedelta(minutes=5))

        assert set(sequences(before, GERMAN)) == {f"black-january.{year}" for year in range(2025, 2030)}
        assert set(sequences(after, GERMAN)) == {f"black-january.{year}" for year in range(2026, 2031)}
        assert modified(before) == datetime(2026, 11, 21, tzinfo=UTC)
        assert modified(after) == NEW_YEAR_2027_IN_BAKU

    def test_nothing_claims_to_be_changed_in_the_future(self, engine: Engine) -> None:
        before_publication = datetime(2026, 3, 1, tzinfo=UTC)

        site = publish(engine, make_catalog(), before_publication)

        assert modified(site) == datetime(2025, 12, 31, 20, tzinfo=UTC)


def test_an_event_with_nothing_to_show_has_a_feed_that_says_so(engine: Engine) -> None:
    site = publish(engine, make_catalog(make_event(until=2000)))

    (vevent,) = parsed(site.feeds["/feeds/en/events/black-january.ics"].identity).events
    assert vevent["SUMMARY"] == "This selection is empty"
