"""Built selections, from a form's choices to feeds that programmes read, and from disuse to retirement."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import icalendar
import pytest
import recurring_ical_events
import vobject
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import Engine, select

from notifier.content.language import Languages
from notifier.content.limits import FeedLimits
from notifier.domain.built import Built, NoSelectionError, RetiredSelectionError, build
from notifier.domain.events import (
    Catalog,
    CollectionId,
    Event,
    EventId,
    ItemId,
    Milestones,
    Place,
    ProgrammeItem,
    YearNotes,
)
from notifier.storage.engine import reading
from notifier.storage.selections import StoredSelection, stored_selection
from notifier.storage.tables import metadata
from notifier.usecases.built_selections import BuiltSelections
from notifier.usecases.history import write_history
from notifier.usecases.housekeeping import Fetched, Housekeeping
from notifier.usecases.publish import Publication, Site, publish_feeds
from tests.factories import LOCALES, black_january, khojaly, make_catalog, make_event, text

HOST = "https://days.example.net"
NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)
CALENDAR = "remembrance.example.org"

Choices = dict[str, Any]
ALL: Choices = {"alarms": "7,0", "ahead": "7", "timed": True}


@dataclass
class Service:
    """What is published from one database, and the selections built there."""

    engine: Engine
    site: Site
    selections: BuiltSelections

    def publish(self, catalog: Catalog, now: datetime = NOW) -> None:
        self.site = published(self.engine, catalog, now)

    def wanted(self, select: str = "all", lang: str = "en", **choices: Any) -> Built:
        return build(self.site.catalog, lang, select, **choices)

    def feed(self, select: str = "all", lang: str = "en", now: datetime = NOW, **choices: Any) -> bytes:
        """Build a selection, and return its feed."""
        token = self.selections.build(self.wanted(select, lang, **choices), now)
        return self.selections.feed(token, "ics", now).identity

    def stored(self, token: str) -> StoredSelection:
        with reading(self.engine) as db:
            found = stored_selection(db, token)
        assert found is not None
        return found


@pytest.fixture
def service(engine: Engine) -> Service:
    def site() -> Site:
        return made.site

    made = Service(engine, published(engine), BuiltSelections(lambda: engine, LANGUAGES, site, HOST, Fetched()))
    return made


def everything_kept(engine: Engine) -> bytes:
    """Return every value of every table, and what would be written to carry it on."""
    with reading(engine) as db:
        rows = [repr(tuple(row)) for table in metadata.sorted_tables for row in db.execute(select(table))]
    return "\n".join(rows).encode() + write_history(engine, CALENDAR)


def published(
    engine: Engine, catalog: Catalog | None = None, now: datetime = NOW, served: tuple[str, ...] = ("en", "de")
) -> Site:
    publication = Publication(LANGUAGES, served, HOST, years_back=1, years_ahead=3)
    return publish_feeds(engine, catalog or with_programme(), publication, now)


def with_programme() -> Catalog:
    """Black January with a programme in 2027, and Khojaly."""
    alley = Place(text(en="Alley of Martyrs", de="Allee der Märtyrer"), None, (40.3553, 49.8128))
    items = (
        ProgrammeItem(datetime.fromisoformat("2027-01-20T12:00"), alley, text(en="A minute of silence"), None),
        ProgrammeItem(
            datetime.fromisoformat("2027-01-20T18:00+01:00"),
            Place(text(en="Berlin"), "Europe/Berlin", None),
            text(en="A reading; with names, and dates"),
            "https://example.net/reading",
            ItemId("reading"),
        ),
    )
    return make_catalog(replace(black_january(), years={2027: YearNotes(None, items)}), khojaly())


def parsed(content: bytes) -> Any:
    """Read a feed as strictly as may be, with every programme's library."""
    calendar = icalendar.Calendar.from_ical(content)
    assert not [error for component in calendar.walk() for error in component.errors]
    homes = IcsCalendarStream.calendar_from_ics(content.decode())
    assert {event.uid for event in homes.events} == {str(event["UID"]) for event in calendar.events}
    assert len(vobject.readOne(content.decode()).vevent_list) == len(calendar.events)
    return calendar


def by_uid(content: bytes) -> dict[str, Any]:
    return {str(event["UID"]).partition("@")[0]: event for event in parsed(content).events}


class TestWhatIsSelected:
    def test_everything_is_what_the_feed_of_everything_holds(self, service: Service) -> None:
        built, everything = service.feed(), service.site.feeds["/feeds/en/all.ics"].identity

        assert built[built.index(b"BEGIN:VEVENT") :] == everything[everything.index(b"BEGIN:VEVENT") :]

    def test_terms_take_in_and_leave_out(self, service: Service) -> None:
        assert {uid.partition(".")[0] for uid in by_uid(service.feed("all,-khojaly"))} == {"black-january"}
        assert {uid.partition(".")[0] for uid in by_uid(service.feed("khojaly"))} == {"khojaly"}

    def test_each_language_has_its_own(self, service: Service) -> None:
        assert "Schwarzer Januar: 37. Jahrestag" in service.feed(lang="de").decode()

    def test_only_round_anniversaries(self, service: Service) -> None:
        assert set(by_uid(service.feed(round_only=True))) == {"black-january.2030", "khojaly.2027"}

    def test_the_calendar_says_what_is_round(self, service: Service) -> None:
        service.publish(make_catalog(milestones=Milestones((19,), (30,))))

        assert set(by_uid(service.feed(round_only=True))) == {"black-january.2028", "khojaly.2030"}

    def test_a_day_without_an_ordinal_is_not_round(self, service: Service) -> None:
        service.publish(make_catalog(make_event(counts=None), replace(khojaly(), counts=None)))

        assert [str(e["SUMMARY"]) for e in by_uid(service.feed(round_only=True)).values()] == [
            "This selection is empty"
        ]

    def test_a_renamed_event_stays_selected(self, service: Service) -> None:
        token = service.selections.build(service.wanted("khojaly"), NOW)
        service.publish(make_catalog(replace(khojaly(), id=EventId("xocali"), was=(EventId("khojaly"),))))

        assert b"UID:khojaly.2028@" in service.selections.feed(token, "ics", NOW).identity
        assert service.selections.build(service.wanted("xocali"), NOW) == token


class TestAlarms:
    def test_they_ring_at_an_hour_and_say_for_what(self, service: Service) -> None:
        alarms = by_uid(service.feed(alarms="7,1,0", hour=9))["black-january.2027"].walk("VALARM")

        assert [(str(a["ACTION"]), str(a["DESCRIPTION"]), a["TRIGGER"].to_ical()) for a in alarms] == [
            ("DISPLAY", "In 7 days: Black January: 37th anniversary", b"-P6DT15H"),
            ("DISPLAY", "Tomorrow: Black January: 37th anniversary", b"-PT15H"),
            ("DISPLAY", "Today: Black January: 37th anniversary", b"PT9H"),
        ]

    def test_entries_without_them_have_none(self, service: Service) -> None:
        assert b"VALARM" not in service.feed(ahead="7", timed=True)

    def test_they_say_any_title(self, service: Service) -> None:
        title = 'Commas, semicolons; "quotes": \\n and \\, 🕯 ' + "Ə" * 200
        service.publish(make_catalog(make_event(heading=text(en=title))))
        content = service.feed(alarms="7", ahead="7")

        entry = by_uid(content)["black-january.2027"]
        said = f"In 7 days: {title}: 37th anniversary"
        assert entry.walk("VALARM")[0]["DESCRIPTION"] == said
        assert by_uid(content)["black-january.2027.ahead-7"]["SUMMARY"] == said
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))


class TestEntriesAhead:
    def test_they_stand_on_their_own_day_and_are_revised_with_the_anniversary(self, service: Service) -> None:
        entries = by_uid(service.feed(ahead="30,7,0"))
        anniversary, ahead = entries["black-january.2027"], entries["black-january.2027.ahead-7"]

        assert "black-january.2027.ahead-0" not in entries
        assert (ahead.start, ahead.end) == (date(2027, 1, 13), date(2027, 1, 14))
        assert str(ahead["UID"]) == f"black-january.2027.ahead-7@{CALENDAR}"
        assert ahead["SUMMARY"] == "In 7 days: Black January: 37th anniversary"
        assert ahead["DESCRIPTION"] == "Wednesday, 20 January 2027"
        for name in ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "URL", "CATEGORIES", "LOCATION", "TRANSP"):
            assert ahead[name].to_ical() == anniversary[name].to_ical()

    def test_programmes_show_them_on_that_day(self, service: Service) -> None:
        shown = recurring_ical_events.of(parsed(service.feed(ahead="7"))).at(date(2027, 2, 19))

        assert [str(event["SUMMARY"]) for event in shown] == ["In 7 days: Khojaly: 35th anniversary"]


class TestTimedEntries:
    def test_a_programme_stands_at_its_wall_time_in_its_zone(self, service: Service) -> None:
        entries = by_uid(service.feed(timed=True))
        silence, reading_ = entries["black-january.2027.at"], entries["black-january.2027.at-reading"]

        assert silence["DTSTART"].to_ical() == b"20270120T120000"
        assert silence["DTSTART"].params["TZID"] == "Asia/Baku"
        assert silence["SUMMARY"] == "Black January: 37th anniversary: A minute of silence"
        assert silence["LOCATION"] == "Alley of Martyrs"
        assert silence.start.astimezone(UTC) == datetime(2027, 1, 20, 8, tzinfo=UTC)
        assert reading_["DTSTART"].params["TZID"] == "Europe/Berlin"
        assert reading_.start.astimezone(UTC) == datetime(2027, 1, 20, 17, tzinfo=UTC)

    def test_every_zone_is_spelled_out_once(self, service: Service) -> None:
        calendar = parsed(service.feed(timed=True, alarms="1", ahead="1"))

        assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Asia/Baku", "Europe/Berlin"]
        assert not calendar.get_missing_tzids()

    def test_a_feed_without_hours_has_no_zone(self, service: Service) -> None:
        assert b"VTIMEZONE" not in service.feed("khojaly", timed=True)


def remembered(**changes: Any) -> Event:
    """Black January with its programme, but for these changes of the year."""
    event = with_programme().events[0]
    return replace(event, years={2027: replace(event.years[2027], **changes)})


def status(content: bytes) -> dict[str, tuple[str, int]]:
    return {uid: (str(e["STATUS"]), int(e["SEQUENCE"])) for uid, e in by_uid(content).items()}


class TestTakenOut:
    """What a feed held is cancelled in it for 30 days, whatever else its readers chose."""

    BEFORE = NOW + timedelta(days=30)
    AFTER = NOW + timedelta(days=31)

    def taken_out(self, service: Service, **choices: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the entries of a feed before Black January is taken out, and 29 days after."""
        token = service.selections.build(service.wanted(**choices), NOW)
        before = by_uid(service.selections.feed(token, "ics", NOW).identity)
        for now in (NOW + timedelta(days=1), self.BEFORE):
            service.publish(make_catalog(khojaly()), now)
        after = by_uid(service.selections.feed(token, "ics", self.BEFORE).identity)
        service.publish(make_catalog(khojaly()), self.AFTER)
        assert b"black-january" not in service.selections.feed(token, "ics", self.AFTER).identity
        return before, after

    @pytest.mark.parametrize(
        "choices",
        [
            {},
            {"alarms": "7"},
            {"ahead": "30,7"},
            {"timed": True},
            {"round_only": True},
            ALL,
            {**ALL, "round_only": True},
        ],
        ids=str,
    )
    def test_every_entry_of_an_event_is_cancelled(self, service: Service, choices: Choices) -> None:
        before, after = self.taken_out(service, **choices)

        assert before.keys() == after.keys()
        gone = {uid: entry for uid, entry in after.items() if uid.startswith("black-january")}
        assert gone
        assert {(str(e["STATUS"]), int(e["SEQUENCE"])) for e in gone.values()} == {("CANCELLED", 1)}
        assert not [entry for entry in gone.values() if entry.walk("VALARM")]
        assert {str(after[uid]["STATUS"]) for uid in after.keys() - gone.keys()} == {"CONFIRMED"}

    def test_one_with_an_hour_keeps_it_and_its_zone(self, service: Service) -> None:
        before, after = self.taken_out(service, timed=True)

        assert after["black-january.2027.at-reading"].start == before["black-january.2027.at-reading"].start

    def test_a_single_anniversary_takes_its_programme_with_it(self, service: Service) -> None:
        token = service.selections.build(service.wanted(**ALL), NOW)
        service.publish(make_catalog(replace(with_programme().events[0], until=2026), khojaly()))

        states = status(service.selections.feed(token, "ics", NOW).identity)
        for suffix in ("", ".at", ".at-reading", ".ahead-7"):
            assert states[f"black-january.2027{suffix}"] == ("CANCELLED", 1)
        assert states["black-january.2026"] == ("CONFIRMED", 0)

    def test_it_is_as_round_as_it_was(self, service: Service) -> None:
        _, after = self.taken_out(service, round_only=True)

        assert after.keys() == {"black-january.2030", "khojaly.2027"}

    def test_an_item_of_a_programme_is_cancelled_alone(self, service: Service) -> None:
        token = service.selections.build(service.wanted(timed=True), NOW)
        (silence, _) = with_programme().events[0].years[2027].programme
        fewer = make_catalog(remembered(programme=(silence,)), khojaly())
        since = NOW + timedelta(days=1)
        for now in (since, self.BEFORE):
            service.publish(fewer, now)

        states = status(service.selections.feed(token, "ics", self.BEFORE).identity)
        assert states["black-january.2027.at-reading"] == ("CANCELLED", 1)
        assert states["black-january.2027.at"] == states["black-january.2027"] == ("CONFIRMED", 1)
        assert service.site.valid_until == since + timedelta(days=30)

        service.publish(fewer, self.AFTER)
        states = status(service.selections.feed(token, "ics", self.AFTER).identity)
        assert "black-january.2027.at-reading" not in states
        assert states["black-january.2027.at"] == ("CONFIRMED", 1)
        assert b"A reading" not in everything_kept(service.engine)

    def test_a_whole_programme_is_cancelled_and_may_come_back(self, service: Service) -> None:
        token = service.selections.build(service.wanted(timed=True), NOW)
        service.publish(make_catalog(), NOW + timedelta(days=1))
        gone = status(service.selections.feed(token, "ics", NOW + timedelta(days=1)).identity)
        service.publish(with_programme(), NOW + timedelta(days=2))
        back = status(service.selections.feed(token, "ics", NOW + timedelta(days=2)).identity)

        assert gone["black-january.2027.at"] == gone["black-january.2027.at-reading"] == ("CANCELLED", 1)
        assert back["black-january.2027.at"] == back["black-january.2027.at-reading"] == ("CONFIRMED", 2)

    def test_what_only_leaves_a_collection_is_not(self, service: Service) -> None:
        """The same entry may stand in another feed of the same reader, and would be cancelled there too."""
        choices: Choices = {"select": "collection:azerbaijan", **ALL}
        token = service.selections.build(service.wanted(**choices), NOW)
        moved = replace(with_programme().events[0], collections=(CollectionId("floods"),))
        service.publish(make_catalog(moved, khojaly()))

        for content in (
            service.selections.feed(token, "ics", NOW).identity,
            service.site.feeds["/feeds/en/azerbaijan.ics"].identity,
        ):
            assert b"black-january" not in content
            assert b"CANCELLED" not in content
        assert status(service.feed(**ALL))["black-january.2027.at"][0] == "CONFIRMED"


class TestTimedRevisions:
    """An entry with an hour is revised with its anniversary, and nothing of it changes without that."""

    @pytest.mark.parametrize(
        "change",
        [
            {"place": Place(text(en="Alley of Martyrs", de="Allee der Märtyrer"), "Europe/Berlin", (40.3553, 49.8128))},
            {"place": Place(text(en="Alley of Martyrs", de="Allee der Märtyrer"), None, (40.4, 49.8))},
            {"id": ItemId("silence")},
        ],
        ids=["its zone", "where it is", "what it is called by"],
    )
    def test_whatever_changes_raises_its_sequence(self, service: Service, change: dict[str, Any]) -> None:
        token = service.selections.build(service.wanted("black-january", timed=True), NOW)
        before = by_uid(service.selections.feed(token, "ics", NOW).identity)["black-january.2027.at"]
        silence, other = with_programme().events[0].years[2027].programme
        service.publish(
            make_catalog(remembered(programme=(replace(silence, **change), other)), khojaly()), NOW + timedelta(days=1)
        )
        entries = by_uid(service.selections.feed(token, "ics", NOW + timedelta(days=1)).identity)
        after = entries["black-january.2027.at"]

        assert after.to_ical() != before.to_ical()
        assert (int(before["SEQUENCE"]), int(after["SEQUENCE"])) == (0, 1)
        assert after["DTSTAMP"].dt == after["LAST-MODIFIED"].dt == NOW + timedelta(days=1)
        assert int(entries["black-january.2028"]["SEQUENCE"]) == 0

    def test_the_calendars_zone_is_that_of_a_bare_wall_time(self, service: Service) -> None:
        (silence, _) = with_programme().events[0].years[2027].programme
        bare = replace(remembered(programme=(replace(silence, place=None),)), place=None)
        starts = []
        for days, zone in enumerate(("Asia/Baku", "Europe/Berlin")):
            service.publish(make_catalog(bare, zone=zone), NOW + timedelta(days=days))
            starts.append(by_uid(service.feed(timed=True, now=NOW + timedelta(days=days)))["black-january.2027.at"])

        assert [start["DTSTART"].params["TZID"] for start in starts] == ["Asia/Baku", "Europe/Berlin"]
        assert [int(start["SEQUENCE"]) for start in starts][1] == int(starts[0]["SEQUENCE"]) + 1

    def test_others_change_nothing(self, service: Service) -> None:
        token = service.selections.build(service.wanted(timed=True), NOW)
        before = by_uid(service.selections.feed(token, "ics", NOW).identity)["black-january.2027.at-reading"]
        silence, other = with_programme().events[0].years[2027].programme
        named = replace(silence, id=ItemId("names"))
        for days, items in enumerate([(named, silence, other), (other, silence)]):
            service.publish(make_catalog(remembered(programme=items), khojaly()), NOW + timedelta(days=days))
            after = by_uid(service.selections.feed(token, "ics", NOW).identity)["black-january.2027.at-reading"]

            assert (after.start, after["SUMMARY"]) == (before.start, before["SUMMARY"])


class TestNotices:
    """A selection as Atom and JSON Feed: the calendar's notices of what is selected."""

    def titles(self, service: Service, select: str, **choices: Any) -> list[str]:
        token = service.selections.build(service.wanted(select, **choices), NOW)
        items = json.loads(service.selections.feed(token, "json", NOW).identity)["items"]
        atom = feedparser.parse(service.selections.feed(token, "atom", NOW).identity)
        assert not atom.bozo
        assert [entry.title for entry in atom.entries] == [item["title"] for item in items]
        return [item["title"] for item in items]

    def test_they_are_of_what_is_selected(self, service: Service) -> None:
        assert self.titles(service, "black-january")[:2] == [
            "Black January: 37th anniversary, today",
            "Black January: 37th anniversary, in 7 days",
        ]
        assert all("Khojaly" in title for title in self.titles(service, "khojaly"))

    def test_they_are_of_round_anniversaries_alone_where_only_those_are_wanted(self, service: Service) -> None:
        assert self.titles(service, "black-january", round_only=True) == []

    def test_their_address_and_identity_are_the_selections(self, service: Service) -> None:
        token = service.selections.build(service.wanted("khojaly"), NOW)
        feed = json.loads(service.selections.feed(token, "json", NOW).identity)

        assert feed["feed_url"] == f"{HOST}/s/{token}.json"


class TestBytes:
    def test_they_are_the_same_on_another_day_of_the_year_and_when_built_again(self, service: Service) -> None:
        first = service.feed(**ALL)
        service.publish(with_programme(), NOW + timedelta(days=60))

        assert service.feed(now=NOW + timedelta(days=61), **ALL) == first

    def test_a_change_moves_last_modified_forward_and_so_does_taking_it_back(self, service: Service) -> None:
        token = service.selections.build(service.wanted("khojaly", **ALL), NOW)
        first = service.selections.feed(token, "ics", NOW)
        changed = replace(khojaly(), heading=text(en="The attack on Khojaly"))
        moments = [first.last_modified]
        for days, catalog in ((1, make_catalog(black_january(), changed)), (2, make_catalog())):
            service.publish(catalog, NOW + timedelta(days=days))
            feed = service.selections.feed(token, "ics", NOW + timedelta(days=days))
            moments.append(feed.last_modified)

        assert moments == sorted(set(moments))
        assert service.stored(token).last_modified == moments[-1]

    def test_what_it_does_not_hold_changes_nothing(self, service: Service) -> None:
        token = service.selections.build(service.wanted("khojaly", **ALL), NOW)
        first = service.selections.feed(token, "ics", NOW)
        service.publish(make_catalog(replace(black_january(), heading=text(en="Another")), khojaly()))

        assert service.selections.feed(token, "ics", NOW + timedelta(days=1)).identity == first.identity

    def test_last_modified_does_not_go_back_when_entries_leave(self, service: Service) -> None:
        token = service.selections.build(service.wanted("all"), NOW)
        later = NOW + timedelta(days=1)
        service.publish(make_catalog(black_january(), replace(khojaly(), heading=text(en="Other"))), later)
        before = service.selections.feed(token, "ics", later).last_modified
        service.publish(make_catalog(black_january()), NOW + timedelta(days=2))
        service.publish(make_catalog(black_january()), NOW + timedelta(days=40))
        after = service.selections.feed(token, "ics", NOW + timedelta(days=40))

        assert b"khojaly" not in after.identity
        assert after.last_modified > before

    @pytest.mark.parametrize("limits", [FeedLimits(entries=8), FeedLimits(octets=9_000)])
    def test_what_is_too_long_is_cut_with_all_that_was_added(self, service: Service, limits: FeedLimits) -> None:
        service.selections = BuiltSelections(
            lambda: service.engine, LANGUAGES, lambda: service.site, HOST, Fetched(), limits
        )
        content = service.feed(alarms="30,7,1,0", ahead="30,7", timed=True)

        assert len(content) <= limits.octets
        entries = by_uid(content)
        assert len(entries) <= limits.entries
        assert any(str(e["SUMMARY"]) == "Not everything fits into this calendar" for e in entries.values())


class TestLife:
    def test_equal_selections_are_one_address(self, service: Service) -> None:
        one = service.selections.build(service.wanted("khojaly,black-january", alarms="0,7"), NOW)
        other = service.selections.build(service.wanted("black-january;khojaly", alarms="7,0,7", hour=9), NOW)

        assert one == other

    def test_what_nobody_built_is_nowhere(self, service: Service) -> None:
        with pytest.raises(NoSelectionError):
            service.selections.feed("1aaaaaaaaaaaaaaa", "ics", NOW)

    def test_a_language_that_is_not_served_any_more_is_nowhere(self, service: Service) -> None:
        token = service.selections.build(service.wanted(lang="de"), NOW)
        service.site = published(service.engine, served=("en",))

        with pytest.raises(NoSelectionError):
            service.selections.feed(token, "ics", NOW)

    def test_what_nobody_fetches_for_a_year_is_retired_and_revived_by_building_it(self, service: Service) -> None:
        token = service.selections.build(service.wanted(lang="de"), NOW)
        kept = service.selections.feed(token, "ics", NOW).identity
        keep(service, NOW + timedelta(days=365))
        assert service.selections.feed(token, "ics", NOW).identity == kept

        assert keep(service, NOW + timedelta(days=366)) == 1
        with pytest.raises(RetiredSelectionError, match="wurde ein Jahr lang nicht abgerufen"):
            service.selections.feed(token, "ics", NOW)
        assert service.stored(token).canonical == "de all"

        assert service.selections.build(service.wanted(lang="de"), NOW + timedelta(days=400)) == token
        assert service.selections.feed(token, "ics", NOW).identity == kept
        assert service.stored(token).created_at == NOW

    def test_what_stays_retired_for_a_year_is_deleted_and_still_comes_back_at_its_address(
        self, service: Service
    ) -> None:
        token = service.selections.build(service.wanted(lang="de"), NOW)
        retired_at = NOW + timedelta(days=366)
        keep(service, retired_at)

        keep(service, retired_at + timedelta(days=365))
        with pytest.raises(RetiredSelectionError):
            service.selections.find(token)

        keep(service, retired_at + timedelta(days=366))
        with pytest.raises(NoSelectionError):
            service.selections.find(token)
        assert service.selections.build(service.wanted(lang="de"), retired_at + timedelta(days=400)) == token
        assert service.selections.find(token).language == "de"

    def test_what_is_fetched_stays(self, service: Service) -> None:
        token = service.selections.build(service.wanted(), NOW)
        fetched = Fetched()
        fetched.note(token)
        Housekeeping(fetched).keep(service.engine, NOW + timedelta(days=364))

        assert keep(service, NOW + timedelta(days=366)) == 0
        assert service.stored(token).last_fetched == date(2028, 1, 31)

    def test_a_fetch_is_written_once_a_date(self, service: Service) -> None:
        token = service.selections.build(service.wanted(), NOW)
        fetched = Fetched()
        house = Housekeeping(fetched)
        drained: list[set[str]] = []
        for hours in (0, 1, 24, 25):
            house.keep(service.engine, NOW + timedelta(hours=hours))
            fetched.note(token)
            drained.append(set(fetched._new))

        assert drained == [{token}, set(), {token}, set()]

    def test_a_late_note_does_not_take_the_date_back(self, service: Service) -> None:
        token = service.selections.build(service.wanted(), NOW)
        fetched = Fetched()
        fetched.note(token)
        Housekeeping(fetched).keep(service.engine, NOW - timedelta(days=3))

        assert service.stored(token).last_fetched == NOW.date()


def keep(service: Service, now: datetime) -> int:
    return Housekeeping(Fetched()).keep(service.engine, now)
