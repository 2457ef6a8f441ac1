"""Every feed there is, in every shape, language and state, through the strictest readers there are."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import icalendar
import pytest

from notifier.catalog.load import load_catalog
from notifier.content.limits import FeedLimits
from notifier.content.published import Published
from notifier.domain.events import Catalog, ItemId, Moved, Place, ProgrammeItem, YearNotes
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import FixedDay
from notifier.usecases.publish import Site
from notifier.web.app import build_app
from notifier.web.feeds import feeds_first
from notifier.web.public import public_paths, published
from tests.factories import ROOT, black_january, khojaly, make_catalog, make_event, text
from tests.integration.publishing import HOST, HUB, LANGUAGES, NOW, Publisher, feeds_of, migrated
from tests.integration.reading_feeds import Calendar, read_calendar, read_feed
from tests.integration.reading_shapes import read_atom, read_json
from tests.web_site import SmallSite

LANGUAGES_SHIPPED = ("en", "de", "az", "tr", "ru")
SHAPES = (".ics", ".atom", ".json", ".csv", ".opml")

Choices = dict[str, Any]


def shipped_catalog() -> Catalog:
    catalog = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags).catalog
    assert catalog is not None
    assert catalog.calendar.languages == LANGUAGES_SHIPPED
    return catalog


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    """The calendar that ships with the project, published in all its languages."""
    with migrated(tmp_path_factory.mktemp("shipped")) as engine:
        publisher = Publisher.of(engine, LANGUAGES_SHIPPED, hub=HUB)
        publisher.publish(shipped_catalog())
        yield publisher


@pytest.fixture
def shipped(publisher: Publisher) -> Site:
    return publisher.site


@pytest.fixture(scope="module")
def answers(publisher: Publisher) -> Mapping[str, Published]:
    """Every feed and every day's file, by its address, as readers are answered and as `publish` writes it."""
    site = publisher.site
    view = SmallSite(catalog=site.catalog, base_url=HOST, instant=NOW)
    app = feeds_first(lambda: site, build_app(view))
    paths = (path for path in public_paths(view, site) if path.endswith(SHAPES) and "/outlook." not in path)

    async def asked() -> dict[str, Published]:
        return {one.path: one async for one in published(app, HOST, paths)}

    return asyncio.run(asked())


@pytest.fixture(scope="module")
def with_hours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    with migrated(tmp_path_factory.mktemp("programme")) as engine:
        publisher = Publisher.of(engine)
        publisher.publish(with_programme())
        yield publisher


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Publisher]:
    with migrated(tmp_path) as engine:
        yield Publisher.of(engine)


def read_all(site: Site) -> dict[str, Any]:
    """Read every feed and file of a site."""
    return {path: read_feed(path, content) for path, content in feeds_of(site).items()}


class TestShipped:
    def test_there_is_every_shape_in_every_language(self, answers: Mapping[str, Published], shipped: Site) -> None:
        assert answers.keys() == feeds_of(shipped).keys()
        events = [f"events/{event.id}" for event in shipped.catalog.events]
        names = ["all", *shipped.catalog.collection_ids(), *events]
        shapes = ("ics", "atom", "json", "csv")
        for tag in LANGUAGES_SHIPPED:
            feeds = {f"/feeds/{tag}/{name}.{shape}" for name, shape in product(names, shapes)}
            years = {f"/feeds/{tag}/years/{year}.ics" for year in range(2026, 2031)}
            days = {f"/{tag}/{event}/{year}.ics" for event, year in product(events, range(2026, 2031))}
            assert {path for path in answers if f"/{tag}/" in path} == (
                feeds | years | days | {f"/feeds/{tag}/feeds.opml"}
            )

    def test_every_one_is_read(self, answers: Mapping[str, Published]) -> None:
        for path, answer in answers.items():
            assert answer.status == 200, path
            read_feed(path, answer.body)
            assert answer.gzip is not None, path
            assert gzip.decompress(answer.gzip) == answer.body, path

    def test_icalendar_writes_the_same_properties_again(self, shipped: Site) -> None:
        for path, feed in shipped.feeds.items():
            calendar = icalendar.Calendar.from_ical(feed.identity)
            assert icalendar.Calendar.from_ical(calendar.to_ical()) == calendar, path

    def test_atom_and_json_say_the_same(self, shipped: Site) -> None:
        for path, content in feeds_of(shipped).items():
            if path.endswith(".atom"):
                of_atom, of_json = read_atom(content), read_json(feeds_of_json(shipped, path))
                assert of_atom.title == of_json.title
                assert [item._replace(text=None, tags=()) for item in of_json.items] == [
                    item._replace(tags=()) for item in of_atom.items
                ]
                assert all(item.text for item in of_json.items)


def feeds_of_json(site: Site, path: str) -> bytes:
    """Return the JSON Feed beside an Atom feed."""
    feed = site.feed(path.replace(".atom", ".json"))
    assert feed is not None
    return feed.identity


EVERYTHING: Choices = {"alarms": "7,0", "hour": 9, "ahead": "30,7", "timed": True}
EVERY_CHOICE: list[Choices] = [
    {"alarms": alarms, "hour": hour, "ahead": ahead, "round_only": round_only, "timed": timed}
    for (alarms, hour), ahead, round_only, timed in product(
        [("", 9), ("30,7,1,0", 9), ("366,1,0", 0), ("7,0", 23)], ["", "366,30,7,1"], [False, True], [False, True]
    )
]


class TestSelections:
    @pytest.mark.parametrize("choices", EVERY_CHOICE, ids=str)
    def test_every_choice_is_read(self, with_hours: Publisher, choices: Choices) -> None:
        for path, content in with_hours.built("de", **choices).items():
            read_feed(path, content)

    @pytest.mark.parametrize("language", LANGUAGES_SHIPPED)
    def test_every_language_is_read_with_everything_chosen(self, publisher: Publisher, language: str) -> None:
        for path, content in publisher.built(language, **EVERYTHING).items():
            read_feed(path, content)

    def test_what_is_chosen_is_there(self, with_hours: Publisher) -> None:
        """Asked for in calino#165 and icsx5#141: alarms for those who want them, and none at midnight."""
        everything = read_calendar(with_hours.calendar(**EVERYTHING))

        own = everything.entries["black-january.2027@remembrance.example.org"]
        assert [alarm.trigger for alarm in own.alarms] == [timedelta(days=-7, hours=9), timedelta(hours=9)]
        assert own.alarms[0].said == "In 7 days: Black January: 37th anniversary"
        assert {uid.partition("@")[0] for uid in everything.entries if uid.startswith("black-january.2027")} == {
            "black-january.2027", "black-january.2027.ahead-30", "black-january.2027.ahead-7",
            "black-january.2027.at-silence", "black-january.2027.at-summer", "black-january.2027.at-stream",
        }  # fmt: skip

    def test_hours_are_the_same_instants_to_every_reader(self, with_hours: Publisher) -> None:
        hours = starts(read_calendar(with_hours.calendar(timed=True)))

        # Noon in Baku; noon in Berlin, on a day in summer; an hour of somebody without a zone.
        assert hours["black-january.2027.at-silence"] == datetime.fromisoformat("2027-01-20T08:00Z")
        assert hours["black-january.2027.at-summer"] == datetime.fromisoformat("2027-07-20T10:00Z")
        assert hours["black-january.2027.at-stream"] == datetime.fromisoformat("2027-01-20T17:30Z")

    def test_an_empty_one_says_so(self, small: Publisher) -> None:
        """Asked for in w3c/calendar#66: an empty feed looks broken."""
        small.publish(make_catalog(make_event(counts=None)))

        for choices in ({}, EVERYTHING):
            (only,) = read_calendar(small.calendar(round_only=True, **choices)).entries.values()
            assert only.summary == "This selection is empty"


def with_programme() -> Catalog:
    """Black January with a programme in three zones, and Khojaly."""
    at = datetime.fromisoformat
    berlin = Place(text(en="Berlin"), "Europe/Berlin", (52.52, 13.405))
    items = (
        ProgrammeItem(at("2027-01-20T12:00"), None, text(en="Silence", de="Stille"), None, id=ItemId("silence")),
        ProgrammeItem(at("2027-07-20T12:00"), berlin, text(en="Half a year"), f"{HOST}/a", id=ItemId("summer")),
        ProgrammeItem(at("2027-01-20T18:30+01:00"), None, text(en="A stream"), None, id=ItemId("stream")),
    )
    return make_catalog(replace(black_january(), years={2027: YearNotes(None, items)}), khojaly())


def starts(calendar: Calendar) -> dict[str, date]:
    """Return when each entry begins, by its UID without the calendar's own part."""
    return {uid.partition("@")[0]: entry.start for uid, entry in calendar.entries.items()}


def summaries(calendar: Calendar) -> list[str]:
    return [entry.summary for entry in calendar.entries.values()]


class TestStates:
    """What the calendar that ships does not have."""

    def test_a_calendar_without_events(self, small: Publisher) -> None:
        site = small.publish(replace(make_catalog(), events=()))

        assert summaries(read_all(site)["/feeds/de/all.ics"]) == ["Diese Auswahl ist leer"]
        assert summaries(read_all(site)["/feeds/en/years/2029.ics"]) == ["This selection is empty"]

    def test_a_calendar_that_is_too_long(self, small: Publisher) -> None:
        small.publication = replace(small.publication, limits=FeedLimits(entries=7))
        site = small.publish(make_catalog())
        read = read_all(site)

        assert site.shortened
        for path in site.shortened:
            assert len(read[path].entries) <= 7
            assert summaries(read[path]).count("Not everything fits into this calendar") == ("/en/" in path)
        assert "Not everything fits into this calendar" in summaries(read_calendar(small.calendar(**EVERYTHING)))

    def test_a_calendar_as_long_as_may_be(self, small: Publisher) -> None:
        many = [make_event(f"day-{n}", rule=FixedDay(n % 12 + 1, n % 28 + 1)) for n in range(200)]
        small.publication = replace(small.publication, served=("en",))
        site = small.publish(make_catalog(*many))

        assert 800 < len(read_calendar(site.feeds["/feeds/en/all.ics"].identity).entries) <= 900
        assert 800 < len(read_calendar(small.calendar(alarms="7", ahead="7")).entries) <= 900

    def test_cancelled_entries(self, small: Publisher) -> None:
        """Asked for in w3c/calendar#90: a clear policy for cancelled entries."""
        small.publish(with_programme())
        small.calendar(**EVERYTHING)
        later = NOW + timedelta(days=1)
        site = small.publish(make_catalog(replace(black_january(), until=2028)), later)

        entries = read_all(site)["/feeds/en/all.ics"].entries
        assert {(uid.partition(".")[0], entry.status) for uid, entry in entries.items()} == {
            ("khojaly", "CANCELLED"),
            ("black-january", "CONFIRMED"),
            ("black-january", "CANCELLED"),
        }
        built = read_calendar(small.calendar(now=later, **EVERYTHING)).entries.values()
        assert {bool(entry.alarms) for entry in built if entry.status == "CANCELLED"} == {False}

    def test_estimated_and_moved_dates(self, small: Publisher) -> None:
        moved = Moved(date(2027, 3, 1), text(en="the 26th;\na Friday, \\n", de="der 26."))
        estimated = make_event("ashura", rule=FixedDay(1, 20, estimated=True), confirmed=(2026,))
        site = small.publish(make_catalog(estimated, replace(khojaly(), exceptions={2027: moved})))

        entries = read_all(site)["/feeds/en/all.ics"].entries
        said = {uid.partition("@")[0]: entry.description for uid, entry in entries.items()}
        assert "estimate" in said["ashura.2027"]
        assert "estimate" not in said["ashura.2026"]
        usual = "Moved; the usual date is Friday, 26 February 2027: the 26th;\na Friday, \\n"
        assert usual in said["khojaly.2027"]
        built = read_calendar(small.calendar(**EVERYTHING))
        assert starts(built)["khojaly.2027.ahead-7"] == date(2027, 2, 22)

    def test_a_day_kept_at_an_hour_has_an_entry_at_that_hour_too(self, small: Publisher) -> None:
        place = Place(text(en="Hiroshima", de="Hiroshima"), "Asia/Tokyo", None)
        small.publish(make_catalog(make_event("hiroshima", rule=parse_rule("6 August at 08:15"), place=place)))

        built = starts(read_calendar(small.calendar(**EVERYTHING)))

        assert built["hiroshima.2027"] == date(2027, 8, 6)
        assert built["hiroshima.2027.at"] == datetime(2027, 8, 5, 23, 15, tzinfo=UTC)  # 08:15 in Tokyo

    def test_a_day_that_falls_twice_in_a_year_has_two_entries_and_two_files(self, small: Publisher) -> None:
        site = small.publish(make_catalog(make_event("rajab", rule=parse_rule("20 Rajab"), origin=None)))

        read = starts(read_all(site)["/feeds/en/all.ics"])
        assert (read["rajab.1447"], read["rajab.1448"]) == (date(2026, 1, 9), date(2026, 12, 29))
        assert {"/en/events/rajab/1447.ics", "/en/events/rajab/1448.ics"} <= set(site.days)

    def test_spans_and_the_29th_of_february(self, small: Publisher) -> None:
        span, leap = (
            make_event("span", rule=parse_rule("31 December to 1 January")),
            make_event("leap", rule=FixedDay(2, 29)),
        )
        site = small.publish(make_catalog(span, leap))

        entries = read_all(site)["/feeds/en/all.ics"].entries
        last = {uid.partition("@")[0]: (entry.start, entry.end) for uid, entry in entries.items()}
        assert last["span.2027"] == (date(2027, 12, 31), date(2028, 1, 2))
        assert [start for uid, (start, _) in last.items() if uid.startswith("leap")] == [
            date(year, 2, 29 if year == 2028 else 28) for year in range(2026, 2031)
        ]
