"""What is taken out of the calendar: cancelled for 30 days in the feeds that held it, then gone, and able to return."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import Engine, select

from notifier.content.language import Languages
from notifier.domain.events import (
    Catalog,
    CollectionId,
    Event,
    EventId,
    Moved,
    ProgrammeItem,
    Statement,
    YearNotes,
)
from notifier.domain.rules.gregorian import FixedDay
from notifier.storage.engine import migrate, open_engine, reading
from notifier.storage.tables import metadata
from notifier.usecases.history import write_history
from notifier.usecases.publish import Publication, Site, publish_feeds
from tests.factories import LOCALES, black_january, khojaly, make_catalog, make_event, text

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
IN_30_DAYS = LATER + timedelta(days=30)
NEW_YEAR_2028_IN_BAKU = datetime(2027, 12, 31, 20, tzinfo=UTC)

ALL, COLLECTION, OWN = "/feeds/en/all.ics", "/feeds/en/azerbaijan.ics", "/feeds/en/events/khojaly.ics"
KHOJALY_2027 = "khojaly.2027@remembrance.example.org"

LANGUAGES = Languages(LOCALES)


def publish(engine: Engine, catalog: Catalog, now: datetime, **changes: Any) -> Site:
    publication = replace(
        Publication(LANGUAGES, ("en", "de"), "https://days.example.net", years_back=1, years_ahead=3), **changes
    )
    return publish_feeds(engine, catalog, publication, now)


def taken_out(engine: Engine, now: datetime = LATER) -> Site:
    """Publish both days, then Black January alone."""
    publish(engine, make_catalog(), NOW)
    return publish(engine, make_catalog(black_january()), now)


def entries(site: Site, path: str = ALL) -> dict[str, Any]:
    calendar = icalendar.Calendar.from_ical(site.feeds[path].identity)
    assert not calendar.errors
    return {str(vevent["UID"]): vevent for vevent in calendar.events}


def states(site: Site, path: str = ALL) -> dict[str, tuple[str, int]]:
    """Return status and SEQUENCE of every entry by event and year."""
    return {uid.partition("@")[0]: (str(e["STATUS"]), int(e["SEQUENCE"])) for uid, e in entries(site, path).items()}


class TestTakenOut:
    def test_it_is_cancelled_in_every_feed_that_held_it(self, engine: Engine) -> None:
        site = taken_out(engine)

        for path in (ALL, COLLECTION, OWN):
            cancelled = {uid: state for uid, state in states(site, path).items() if uid.startswith("khojaly")}
            assert cancelled == {f"khojaly.{year}": ("CANCELLED", 1) for year in range(2026, 2031)}
            assert site.feeds[path].last_modified == LATER
        assert states(site)["black-january.2027"] == ("CONFIRMED", 0)

    def test_nothing_else_of_it_changes_but_where_it_is_read_about(self, engine: Engine) -> None:
        before = entries(publish(engine, make_catalog(), NOW))[KHOJALY_2027]
        after = entries(publish(engine, make_catalog(black_january()), LATER))[KHOJALY_2027]

        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS", "URL"}
        assert after["URL"] == "https://days.example.net/en/"
        assert after["DTSTAMP"].dt == LATER

    def test_its_own_feed_is_called_as_it_was(self, engine: Engine) -> None:
        before = publish(engine, make_catalog(), NOW).feeds[OWN]
        after = publish(engine, make_catalog(black_january()), LATER).feeds[OWN]

        heads = [feed.identity.partition(b"BEGIN:VEVENT")[0].decode().splitlines() for feed in (before, after)]
        changed = {was.partition(":")[0] for was, now in zip(*heads, strict=True) if was != now}
        assert changed == {"LAST-MODIFIED", "URL"}

    def test_home_assistant_reads_it(self, engine: Engine) -> None:
        site = taken_out(engine)

        for feed in site.feeds.values():
            assert IcsCalendarStream.calendar_from_ics(feed.identity.decode()).events

    def test_a_restart_changes_nothing(self, engine: Engine) -> None:
        before = taken_out(engine)
        after = publish(engine, make_catalog(black_january()), LATER + timedelta(days=29))

        assert {path: feed.identity for path, feed in after.feeds.items()} == {
            path: feed.identity for path, feed in before.feeds.items()
        }

    def test_it_is_dropped_after_30_days_and_the_feeds_move_on(self, engine: Engine) -> None:
        taken_out(engine)
        catalog = make_catalog(black_january())
        last = publish(engine, catalog, IN_30_DAYS - timedelta(seconds=1))
        after = publish(engine, catalog, IN_30_DAYS)

        assert KHOJALY_2027 in entries(last)
        assert not any(uid.startswith("khojaly") for uid in entries(after))
        assert after.feeds[ALL].last_modified == IN_30_DAYS > last.feeds[ALL].last_modified
        assert OWN not in after.feeds

    def test_the_site_says_until_when_it_holds(self, engine: Engine) -> None:
        assert taken_out(engine).valid_until <= IN_30_DAYS
        assert publish(engine, make_catalog(black_january()), IN_30_DAYS).valid_until <= NEW_YEAR_2028_IN_BAKU

    def test_a_collection_whose_last_event_went_stays_as_long(self, engine: Engine) -> None:
        catalog = make_catalog(black_january(), make_event("flood", collections=(CollectionId("floods"),)))
        publish(engine, catalog, NOW)
        path = "/feeds/de/floods.ics"

        after = publish(engine, make_catalog(black_january()), LATER)

        assert set(states(after, path).values()) == {("CANCELLED", 1)}
        assert after.feeds[path].name == "Gedenktage – floods"
        assert path not in publish(engine, make_catalog(black_january()), IN_30_DAYS).feeds

    def test_a_calendar_without_events_cancels_them_all(self, engine: Engine) -> None:
        publish(engine, make_catalog(), NOW)
        empty = replace(make_catalog(), events=())

        assert {state for state, _ in states(publish(engine, empty, LATER)).values()} == {"CANCELLED"}
        (nothing,) = entries(publish(engine, empty, IN_30_DAYS)).values()
        assert nothing["SUMMARY"] == "This selection is empty"


class TestReturned:
    def test_it_is_confirmed_with_a_higher_number_though_it_is_what_it_was(self, engine: Engine) -> None:
        taken_out(engine)
        back = publish(engine, make_catalog(), LATER + timedelta(days=1))

        assert states(back, OWN) == {f"khojaly.{year}": ("CONFIRMED", 2) for year in range(2026, 2031)}
        assert back.feeds[OWN].last_modified == LATER + timedelta(days=1)

    def test_it_may_take_longer_than_30_days(self, engine: Engine) -> None:
        taken_out(engine)
        publish(engine, make_catalog(black_january()), IN_30_DAYS)
        back = publish(engine, make_catalog(), IN_30_DAYS + timedelta(days=1))

        assert states(back)["khojaly.2027"] == ("CONFIRMED", 2)

    def test_taken_out_again_it_is_cancelled_for_30_days_again(self, engine: Engine) -> None:
        taken_out(engine)
        publish(engine, make_catalog(), LATER + timedelta(days=20))
        again = LATER + timedelta(days=21)
        publish(engine, make_catalog(black_january()), again)
        site = publish(engine, make_catalog(black_january()), again + timedelta(days=29))

        assert states(site)["khojaly.2027"] == ("CANCELLED", 3)

    def test_under_its_former_name_it_is_the_same_one(self, engine: Engine) -> None:
        taken_out(engine)
        renamed = replace(khojaly(), id=EventId("khojali"), was=(EventId("khojaly"),))
        site = publish(engine, make_catalog(black_january(), renamed), LATER + timedelta(days=1))

        assert states(site)["khojaly.2027"] == ("CONFIRMED", 2)


class TestSingleAnniversaries:
    def test_those_after_the_last_year_are_cancelled(self, engine: Engine) -> None:
        publish(engine, make_catalog(), NOW)
        site = publish(engine, make_catalog(black_january(), replace(khojaly(), until=2028)), LATER)

        assert {uid: state for uid, state in states(site, OWN).items() if state != ("CONFIRMED", 0)} == {
            "khojaly.2029": ("CANCELLED", 1),
            "khojaly.2030": ("CANCELLED", 1),
        }
        cancelled = entries(site, OWN)["khojaly.2029@remembrance.example.org"]
        assert cancelled["URL"] == "https://days.example.net/en/"

    def test_a_moved_one_is_not_cancelled(self, engine: Engine) -> None:
        publish(engine, make_catalog(), NOW)
        moved = replace(khojaly(), exceptions={2028: Moved(date(2028, 2, 27), text(en="a Sunday", de="ein Sonntag"))})
        site = publish(engine, make_catalog(black_january(), moved), LATER)

        assert states(site)["khojaly.2028"] == ("CONFIRMED", 1)

    def test_one_that_is_moved_out_of_the_published_years_is_cancelled(self, engine: Engine) -> None:
        publish(engine, make_catalog(), NOW)
        moved = replace(khojaly(), exceptions={2030: Moved(date(2031, 1, 2), text(en="a Sunday", de="ein Sonntag"))})

        assert states(publish(engine, make_catalog(black_january(), moved), LATER))["khojaly.2030"][0] == "CANCELLED"

    def test_it_follows_its_event_to_a_new_address(self, engine: Engine) -> None:
        publish(engine, make_catalog(), NOW)
        renamed = replace(khojaly(), id=EventId("khojali"), was=(EventId("khojaly"),), until=2028)
        site = publish(engine, make_catalog(black_january(), renamed), LATER)

        assert states(site, "/feeds/en/events/khojali.ics")["khojaly.2030"] == ("CANCELLED", 1)
        assert OWN not in site.feeds

    def test_leaving_the_years_at_new_year_is_no_removal(self, engine: Engine) -> None:
        publish(engine, make_catalog(), NOW)
        site = publish(engine, make_catalog(), NEW_YEAR_2028_IN_BAKU)

        assert set(states(site).values()) == {("CONFIRMED", 0)}
        assert "khojaly.2026" not in states(site)

    def test_fewer_years_by_choice_are_no_removal_either(self, engine: Engine) -> None:
        publish(engine, make_catalog(), NOW)
        site = publish(engine, make_catalog(), LATER, years_ahead=1)

        assert set(states(site).values()) == {("CONFIRMED", 0)}


SECRET = "A sentence that has to go"


def said(event: Event) -> Event:
    """Return the event with the sentence in its title, its account and its programme."""
    at = ProgrammeItem(datetime.fromisoformat("2027-02-26T12:00"), None, text(en=SECRET), None)
    return replace(
        event,
        heading=text(en=SECRET, de=SECRET),
        summary=(Statement(text(en=SECRET), None, ()),),
        years={2027: YearNotes(None, (at,))},
    )


def everything_kept(engine: Engine) -> bytes:
    """Return every value of every table, and what would be written to carry it on."""
    with reading(engine) as db:
        rows = [repr(tuple(row)) for table in metadata.sorted_tables for row in db.execute(select(table))]
    return "\n".join(rows).encode() + write_history(engine, "remembrance.example.org")


class TestForgotten:
    """Nothing of what was taken out is kept but how often it was revised, and when."""

    def test_what_was_cancelled_long_enough_is_kept_nowhere(self, engine: Engine) -> None:
        publish(engine, make_catalog(black_january(), said(khojaly())), NOW)
        publish(engine, make_catalog(black_january()), LATER)
        assert SECRET.encode() in everything_kept(engine)
        publish(engine, make_catalog(black_january()), IN_30_DAYS)

        assert SECRET.encode() not in everything_kept(engine)
        assert b"khojaly.2027@" in everything_kept(engine)

    def test_nor_in_the_files_of_the_database(self, tmp_path: Path) -> None:
        engine = open_engine(f"sqlite:///{tmp_path}/notifier.db")
        migrate(engine)
        publish(engine, make_catalog(black_january(), said(khojaly())), NOW)
        for now in (LATER, IN_30_DAYS):
            publish(engine, make_catalog(black_january()), now)
        engine.dispose()

        assert [file.name for file in tmp_path.iterdir() if SECRET.encode() in file.read_bytes()] == []

    def test_put_back_it_goes_on_where_it_was(self, engine: Engine) -> None:
        publish(engine, make_catalog(black_january(), said(khojaly())), NOW)
        for now in (LATER, IN_30_DAYS):
            publish(engine, make_catalog(black_january()), now)
        again = IN_30_DAYS + timedelta(days=100)
        site = publish(engine, make_catalog(black_january(), said(khojaly())), again)

        back = entries(site)[KHOJALY_2027]
        assert (back["STATUS"], int(back["SEQUENCE"]), back["DTSTAMP"].dt) == ("CONFIRMED", 2, again)
        assert back["CREATED"].dt == datetime(2026, 11, 21, tzinfo=UTC)
        assert SECRET in back["SUMMARY"]
        assert site.feeds[OWN].last_modified == again

    def test_a_year_that_is_published_no_more_is_not_kept_either(self, engine: Engine) -> None:
        years = range(2026, 2032)
        notes = {year: YearNotes(text(en=f"{SECRET} in {year}"), ()) for year in years}
        catalog = make_catalog(black_january(), replace(khojaly(), years=notes))
        publish(engine, catalog, NOW)
        publish(engine, catalog, NEW_YEAR_2028_IN_BAKU)

        kept = everything_kept(engine)
        assert [year for year in years if f"{SECRET} in {year}".encode() in kept] == [2027, 2028, 2029, 2030, 2031]

    def test_a_year_that_is_published_again_is_as_it_was(self, engine: Engine) -> None:
        before = publish(engine, make_catalog(), NOW)
        publish(engine, make_catalog(), LATER, years_back=0, years_ahead=0)
        after = publish(engine, make_catalog(), LATER + timedelta(days=1))

        assert {uid: entry.to_ical() for uid, entry in entries(after).items()} == {
            uid: entry.to_ical() for uid, entry in entries(before).items()
        }

    def test_a_language_that_is_served_no_more_is_not_kept_either(self, engine: Engine) -> None:
        catalog = make_catalog(replace(khojaly(), heading=text(en="Khojaly", de=SECRET)))
        before = publish(engine, catalog, NOW)
        publish(engine, catalog, LATER, served=("en",))
        assert SECRET.encode() not in everything_kept(engine)
        after = publish(engine, catalog, LATER + timedelta(days=1))

        path = "/feeds/de/all.ics"
        assert {uid: entry.to_ical() for uid, entry in entries(after, path).items()} == {
            uid: entry.to_ical() for uid, entry in entries(before, path).items()
        }

    def test_what_is_cancelled_in_a_language_that_is_left_out_for_a_while_goes_on(self, engine: Engine) -> None:
        taken_out(engine)
        catalog = make_catalog(black_january())
        publish(engine, catalog, LATER + timedelta(days=1), served=("en",))
        after = publish(engine, catalog, LATER + timedelta(days=2))

        assert states(after, "/feeds/de/all.ics")["khojaly.2027"] == ("CANCELLED", 1)
        publish(engine, catalog, LATER + timedelta(days=3), served=("en",))
        publish(engine, catalog, IN_30_DAYS, served=("en",))
        assert b"Chodschali" not in everything_kept(engine)

    def test_a_clock_that_goes_back_brings_nothing_empty_back(self, engine: Engine) -> None:
        taken_out(engine)
        publish(engine, make_catalog(black_january()), IN_30_DAYS)
        site = publish(engine, make_catalog(black_january()), LATER + timedelta(days=1))

        assert not any(uid.startswith("khojaly") for uid in entries(site))


class TestCollections:
    def test_an_event_that_only_leaves_a_collection_is_not_cancelled_there(self, engine: Engine) -> None:
        """The same UID stands in other feeds, and in the calendar of a reader who takes both."""
        publish(engine, make_catalog(), NOW)
        moved = replace(khojaly(), collections=(CollectionId("floods"),))
        site = publish(engine, make_catalog(black_january(), moved), LATER)

        assert not any(uid.startswith("khojaly") for uid in entries(site, COLLECTION))
        assert states(site, "/feeds/en/floods.ics")["khojaly.2027"][0] == "CONFIRMED"
        assert states(site)["khojaly.2027"][0] == "CONFIRMED"

    def test_what_is_taken_out_later_is_cancelled_where_it_was_last(self, engine: Engine) -> None:
        publish(engine, make_catalog(), NOW)
        moved = replace(khojaly(), collections=(CollectionId("floods"),))
        publish(engine, make_catalog(black_january(), moved), LATER)
        site = publish(engine, make_catalog(black_january()), LATER + timedelta(days=1))

        assert states(site, "/feeds/en/floods.ics")["khojaly.2027"][0] == "CANCELLED"
        assert not any(uid.startswith("khojaly") for uid in entries(site, COLLECTION))


DAYS = {
    name: make_event(name, rule=FixedDay(month, 20), collections=(CollectionId(collection),))
    for name, month, collection in (("one", 1, "a"), ("two", 5, "b"), ("three", 9, "a"))
}


# How many days pass, and then: which events there are, what they are said to be, their last year.
STEPS = st.lists(
    st.tuples(
        st.sampled_from([-400, -1, 0, 1, 12, 29, 30, 31, 200, 366]),
        st.frozensets(st.sampled_from(sorted(DAYS))),
        st.sampled_from(["A day.", "Another day."]),
        st.sampled_from([None, 2027, 2028]),
    ),
    max_size=7,
)


def changed(event: Event, said: str, until: int | None) -> Event:
    return replace(event, heading=text(en=said, de=said), until=until)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_last_modified_never_goes_back_and_moves_with_every_change(
    steps: list[tuple[int, frozenset[str], str, int | None]],
) -> None:
    """Whatever is edited, removed and brought back, over New Years, with clocks that go back."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/notifier.db")
        migrate(engine)
        now = NOW
        seen: dict[str, tuple[datetime, bytes]] = {}
        numbers: dict[str, tuple[int, datetime, bytes]] = {}
        for days, names, said, until in steps:
            now += timedelta(days=days)
            events = tuple(changed(DAYS[name], said, until) for name in sorted(names))
            site = publish(engine, replace(make_catalog(), events=events), now, years_ahead=1)
            for path, feed in site.feeds.items():
                before, content = seen.get(path, (feed.last_modified, feed.identity))
                assert feed.last_modified >= before
                assert (feed.last_modified == before) == (feed.identity == content)
                seen[path] = feed.last_modified, feed.identity
            for uid, vevent in entries(site).items():
                if uid.startswith("empty"):
                    continue
                state = int(vevent["SEQUENCE"]), vevent["DTSTAMP"].dt, vevent.to_ical()
                number, revised, written = numbers.get(uid, state)
                assert state[0] >= number
                assert (state[0] > number) == (state[2] != written) == (state[1] > revised)
                numbers[uid] = state
            assert site.valid_until > now
        engine.dispose()
