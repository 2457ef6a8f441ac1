"""The calendar in use: what is held, what is accepted, and what a start goes on with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from notifier.catalog.load import load_catalog, load_contents
from notifier.content.language import Languages
from notifier.domain.events import Catalog
from notifier.storage.engine import reading, writing
from notifier.storage.revisions import StoredEntry, stored_entries
from notifier.storage.tables import calendar as calendar_table
from notifier.usecases.adjustments import Adjustments
from notifier.usecases.held_calendars import (
    CalendarHeldError,
    Holding,
    NothingHeldError,
    OtherCalendarHeldError,
    accept_held,
    ask_to_read,
)
from notifier.usecases.publish import Publication, Site, publish_feeds
from notifier.usecases.reload import CalendarError, LiveCalendar
from tests.factories import LOCALES

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LANGUAGES = Languages(LOCALES)
ALL = "/feeds/en/all.ics"

HEAD = """\
version: 1
calendar:
  id: days.example.org
  name: {en: Days}
  published: 2026-11-21
  zone: Asia/Baku
  languages: [en]
"""


class Place:
    """A calendar file, and the database it is published from."""

    def __init__(self, file: Path, engine: Engine) -> None:
        self.file = file
        self.engine = engine

    def write(self, *names: str, was: str = "", id_: str = "days.example.org") -> None:
        events = "".join(
            f"  - {{id: {name}, was: [{'' if n else was}], heading: {{en: The {name}}}, "
            f"origin: 1990-01-{n + 1:02}, kind: memorial}}\n"
            for n, name in enumerate(names)
        )
        self.file.write_text(f"{HEAD.replace('days.example.org', id_)}events:\n{events}", "utf-8")

    def open(self) -> LiveCalendar:
        return LiveCalendar(
            lambda: load_catalog([self.file], LANGUAGES.tags),
            lambda contents: load_contents(contents, LANGUAGES.tags),
            Adjustments(),
            self._publish,
            Holding(lambda: self.engine),
        )

    def _publish(self, catalog: Catalog, now: datetime, *, record: bool) -> Site:
        publication = Publication(LANGUAGES, ("en",), "https://a.example", 0, 1)
        return publish_feeds(self.engine, catalog, publication, now, record=record)

    def started(self, *names: str) -> LiveCalendar:
        self.write(*names)
        calendar = self.open()
        calendar.start(NOW)
        return calendar


@pytest.fixture
def place(tmp_path: Path, engine: Engine) -> Place:
    return Place(tmp_path / "events.yaml", engine)


TEN = tuple(f"day-{n}" for n in range(10))
HELD = "3 of 10 events are gone from the calendar, so it is held; if they are meant to go: notifier reload --accept"


def ids(calendar: LiveCalendar) -> list[str]:
    return [event.id for event in calendar.catalog.events]


def test_a_fifth_of_the_events_may_go(place: Place) -> None:
    calendar = place.started(*TEN)

    place.write(*TEN[:8])
    calendar.reload(LATER)

    assert len(ids(calendar)) == 8


def test_a_calendar_that_says_what_it_said_is_the_same_one(place: Place) -> None:
    """What was rendered of it is kept by its identity."""
    calendar = place.started(*TEN)
    before = calendar.catalog

    place.file.write_text(f"# Looked through.\n{place.file.read_text('utf-8')}", "utf-8")
    calendar.reload(LATER)
    assert calendar.catalog is before
    place.write(*TEN[:9])
    calendar.reload(LATER)
    assert calendar.catalog is not before


class TestHeld:
    def test_more_than_a_fifth_is_held_and_the_last_good_one_served(self, place: Place) -> None:
        calendar = place.started(*TEN)
        before = calendar.in_use

        place.write(*TEN[:7])
        with pytest.raises(CalendarHeldError, match="3 of 10"):
            calendar.reload(LATER)

        assert calendar.in_use is before
        assert calendar.errors == (HELD,)

    def test_events_in_place_of_others_do_not_make_up_for_them(self, place: Place) -> None:
        calendar = place.started(*TEN)

        place.write(*TEN[:7], "a", "b", "c", "d")
        with pytest.raises(CalendarHeldError):
            calendar.reload(LATER)

    def test_a_renamed_event_is_not_gone(self, place: Place) -> None:
        calendar = place.started("a", "b")

        place.write("c", "b", was="a")
        calendar.reload(LATER)

        assert ids(calendar) == ["c", "b"]

    def test_the_whole_calendar_again_ends_it(self, place: Place) -> None:
        calendar = place.started(*TEN)
        place.write(*TEN[:7])
        with pytest.raises(CalendarHeldError):
            calendar.reload(LATER)

        place.write(*TEN)
        calendar.reload(LATER)

        assert calendar.errors == ()
        with pytest.raises(NothingHeldError):
            accept_held(place.engine)

    def test_going_step_by_step_is_going_all_the_same_each_step_small(self, place: Place) -> None:
        calendar = place.started(*TEN)
        for left in (8, 7, 6):
            place.write(*TEN[:left])
            calendar.reload(LATER)

        assert len(ids(calendar)) == 6


OTHER_ID = (
    'the calendar\'s id was "days.example.org" and is now "other.example.org", so it is held: with another id, every '
    "entry would be cancelled in everybody's calendar and stand there a second time; if that is meant: "
    "notifier reload --accept"
)


class TestAnotherId:
    """`calendar.id` is in every UID: another one cancels and doubles every entry (DESIGN, Identity)."""

    def test_a_calendar_with_another_id_is_held(self, place: Place) -> None:
        calendar = place.started(*TEN)
        before = calendar.in_use
        place.write(*TEN, id_="other.example.org")

        with pytest.raises(OtherCalendarHeldError):
            calendar.reload(LATER)

        assert calendar.in_use is before
        assert calendar.errors == (OTHER_ID,)

    def test_a_start_goes_on_with_the_last_one(self, place: Place) -> None:
        place.started(*TEN)
        place.write(*TEN, id_="other.example.org")

        calendar = place.open()
        calendar.start(LATER)

        assert calendar.errors == (OTHER_ID,)
        assert calendar.catalog.calendar.id == "days.example.org"
        assert b"CANCELLED" not in calendar.in_use.site.feeds[ALL].identity

    def test_it_is_taken_once_that_is_accepted(self, place: Place) -> None:
        calendar = place.started(*TEN)
        place.write(*TEN, id_="other.example.org")
        with pytest.raises(OtherCalendarHeldError):
            calendar.reload(LATER)

        assert accept_held(place.engine).other_id == "other.example.org"
        calendar.reload(LATER)

        feed = calendar.in_use.site.feeds[ALL].identity
        assert b"UID:day-0.2027@other.example.org" in feed
        assert calendar.errors == ()
        place.write(*TEN)
        with pytest.raises(OtherCalendarHeldError, match=r'was "other\.example\.org" and is now "days\.'):
            calendar.reload(LATER)

    def test_where_only_entries_are_known_they_tell(self, place: Place, engine: Engine) -> None:
        """As after an upgrade, and with an adopted history."""
        place.started(*TEN)
        with writing(engine) as db:
            db.execute(delete(calendar_table))
        place.write(*TEN, id_="other.example.org")

        with pytest.raises(OtherCalendarHeldError):
            place.open().start(LATER)

    def test_the_same_id_again_ends_it(self, place: Place) -> None:
        calendar = place.started(*TEN)
        place.write(*TEN, id_="other.example.org")
        with pytest.raises(OtherCalendarHeldError):
            calendar.reload(LATER)

        place.write(*TEN, "eleventh")
        calendar.reload(LATER)

        with pytest.raises(NothingHeldError):
            accept_held(place.engine)


class TestAccepted:
    def test_the_held_one_is_taken(self, place: Place) -> None:
        calendar = place.started(*TEN)
        place.write(*TEN[:7])
        with pytest.raises(CalendarHeldError):
            calendar.reload(LATER)

        held = accept_held(place.engine)

        assert (held.gone, held.total) == (3, 10)
        assert calendar.asked_to_reload()
        calendar.reload(LATER)
        assert len(ids(calendar)) == 7
        assert calendar.errors == ()
        assert b"STATUS:CANCELLED" in calendar.in_use.site.feeds[ALL].identity
        assert not calendar.asked_to_reload()

    def test_a_later_one_is_not(self, place: Place) -> None:
        calendar = place.started(*TEN)
        place.write(*TEN[:7])
        with pytest.raises(CalendarHeldError):
            calendar.reload(LATER)
        accept_held(place.engine)

        place.write(*TEN[:2])
        with pytest.raises(CalendarHeldError, match="8 of 10"):
            calendar.reload(LATER)

        # Nor is the first one any more, when it comes back.
        place.write(*TEN[:7])
        with pytest.raises(CalendarHeldError, match="3 of 10"):
            calendar.reload(LATER)

    def test_it_is_accepted_once(self, place: Place) -> None:
        calendar = place.started(*TEN)
        place.write(*TEN[:7])
        with pytest.raises(CalendarHeldError):
            calendar.reload(LATER)
        accept_held(place.engine)
        calendar.reload(LATER)
        place.write(*TEN)
        calendar.reload(LATER)

        place.write(*TEN[:7])
        with pytest.raises(CalendarHeldError):
            calendar.reload(LATER)

    def test_there_has_to_be_one(self, place: Place) -> None:
        place.started(*TEN)

        with pytest.raises(NothingHeldError, match="no calendar is held"):
            accept_held(place.engine)


class TestStarts:
    def test_a_start_cannot_slip_a_shorter_calendar_through(self, place: Place) -> None:
        before = place.started(*TEN).in_use.site.feeds
        place.write(*TEN[:7])

        calendar = place.open()
        calendar.start(LATER)

        assert ids(calendar) == list(TEN)
        assert calendar.errors == (HELD,)
        assert {path: feed.identity for path, feed in calendar.in_use.site.feeds.items()} == {
            path: feed.identity for path, feed in before.items()
        }
        assert calendar.files == (place.file,)

    def test_it_takes_it_once_that_is_accepted(self, place: Place) -> None:
        place.started(*TEN)
        place.write(*TEN[:7])
        calendar = place.open()
        calendar.start(LATER)
        accept_held(place.engine)

        again = place.open()
        again.start(LATER)

        assert len(ids(again)) == 7
        assert again.errors == ()

    def test_included_files_are_kept_too(self, place: Place) -> None:
        more = place.file.with_name("more.yaml")
        lines = (f"  - {{id: more-{n}, heading: {{en: More}}, rule: 5 May, kind: memorial}}\n" for n in range(5))
        events = "".join(lines)
        more.write_text(f"version: 1\nevents:\n{events}", "utf-8")
        place.write("a")
        place.file.write_text("include: [more.yaml]\n" + place.file.read_text("utf-8"), "utf-8")
        place.open().start(NOW)
        more.write_text("version: 1\nevents: []\n", "utf-8")

        calendar = place.open()
        calendar.start(LATER)

        assert ids(calendar) == ["a", *(f"more-{n}" for n in range(5))]
        assert "5 of 6" in calendar.errors[0]

    def test_where_only_entries_are_known_it_stops(self, place: Place, engine: Engine) -> None:
        place.started(*TEN)
        with writing(engine) as db:
            db.execute(delete(calendar_table))
        place.write(*TEN[:7])

        # Of ten days in January, all are past on 2 February; next year's are to come.
        with pytest.raises(CalendarHeldError, match="3 of 10"):
            place.open().start(LATER)

        accept_held(engine)
        calendar = place.open()
        calendar.start(LATER)
        assert len(ids(calendar)) == 7

    def test_a_broken_calendar_stops_it_as_before(self, place: Place) -> None:
        place.started(*TEN)
        place.file.write_text("version: 1\n", "utf-8")

        with pytest.raises(CalendarError):
            place.open().start(LATER)

    def test_who_only_acts_once_acts_on_the_last_good_one(self, place: Place) -> None:
        place.started(*TEN)
        place.write(*TEN[:7])

        looking, acting = place.open(), place.open()
        acting.settle(LATER)

        assert len(ids(looking)) == 7
        assert len(ids(acting)) == 10


class TestAsked:
    def test_a_request_is_heard_once(self, place: Place) -> None:
        calendar = place.started("a")
        assert not calendar.asked_to_reload()

        ask_to_read(place.engine)

        assert calendar.asked_to_reload()
        calendar.reload(LATER)
        assert not calendar.asked_to_reload()

    def test_a_request_before_the_start_is_none_afterwards(self, place: Place) -> None:
        ask_to_read(place.engine)

        assert not place.started("a").asked_to_reload()

    def test_an_edit_during_the_start_is_seen(self, place: Place) -> None:
        calendar = place.started("a")
        assert not calendar.changed()

        place.write("a", "b")
        assert calendar.changed()
        place.file.unlink()
        assert calendar.changed()


class TestTurns:
    def test_the_end_of_30_days_is_noticed_without_a_restart(self, place: Place) -> None:
        calendar = place.started(*TEN)
        place.write(*TEN[:9])
        calendar.reload(LATER)
        assert b"STATUS:CANCELLED" in calendar.in_use.site.feeds[ALL].identity

        assert calendar.turn(LATER + timedelta(days=30))

        assert b"STATUS:CANCELLED" not in calendar.in_use.site.feeds[ALL].identity
        assert calendar.in_use.site.feeds[ALL].last_modified == LATER + timedelta(days=30)

    def test_nothing_is_published_again_before_something_is_outdated(self, place: Place) -> None:
        calendar = place.started(*TEN)
        before = calendar.in_use

        assert not calendar.turn(before.site.valid_until - timedelta(seconds=1))
        assert calendar.in_use is before
        assert calendar.turn(before.site.valid_until)

    def test_what_is_held_stays_held_when_the_year_turns(self, place: Place) -> None:
        calendar = place.started(*TEN)
        place.write(*TEN[:7])
        with pytest.raises(CalendarHeldError):
            calendar.reload(LATER)

        assert calendar.turn(NOW + timedelta(days=365))

        assert len(ids(calendar)) == 10
        assert calendar.errors == (HELD,)


class TestTwoProcesses:
    """Two on one database, one of them with an older calendar: as while a new version is rolled out."""

    def entries(self, place: Place) -> dict[tuple[str, str], StoredEntry]:
        with reading(place.engine) as db:
            return stored_entries(db)

    def test_one_with_an_older_calendar_records_nothing_when_it_only_publishes_again(
        self, place: Place, tmp_path: Path
    ) -> None:
        newer = Place(tmp_path / "newer.yaml", place.engine)
        older = place.started("a", "b", "c", "d", "e")
        newer.write("a", "b", "c", "d", "f")
        other = newer.open()
        other.start(LATER)
        kept = self.entries(place)

        for day in range(1, 4):
            assert older.turn(NOW + timedelta(days=365 * day))
        assert self.entries(place) == kept

        assert other.turn(NOW + timedelta(days=365))
        sequences = {entry.revision.sequence for key, entry in self.entries(place).items() if key in kept}
        assert sequences == {entry.revision.sequence for entry in kept.values()}
        assert set(kept) < set(self.entries(place))

    def test_one_that_has_just_read_its_calendar_records_what_it_says(self, place: Place, tmp_path: Path) -> None:
        newer = Place(tmp_path / "newer.yaml", place.engine)
        older = place.started("a", "b", "c", "d", "e")
        newer.write("a", "b", "c", "d", "f")
        newer.open().start(LATER)

        older.reload(LATER + timedelta(days=1))

        (back,) = (one for key, one in self.entries(place).items() if key[0].startswith("e.2027"))
        assert (back.revision.sequence, back.cancelled_at) == (2, None)

    def test_two_with_the_same_calendar_both_record(self, place: Place) -> None:
        one, other = place.started(*TEN), place.open()
        other.start(LATER)
        before = self.entries(place)

        assert one.turn(NOW + timedelta(days=365))

        assert set(before) < set(self.entries(place))
