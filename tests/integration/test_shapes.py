"""Every feed's other shapes as they are published: identities, dates, conditional requests, whole years."""

from __future__ import annotations

import asyncio
import csv
import gzip
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import jsonschema
import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import Engine, delete
from starlette.types import Message, Receive, Scope, Send

from notifier.catalog.load import load_catalog
from notifier.content.feeds import Feed
from notifier.content.language import Languages
from notifier.domain.events import Catalog, CollectionId, EventId
from notifier.storage import tables
from notifier.storage.engine import migrate, open_engine, writing
from notifier.usecases.publish import Publication, Site, publish_feeds
from notifier.web.feeds import feeds_first
from tests.factories import LOCALES, ROOT, black_january, khojaly, make_catalog, make_event, text

HOST = "https://days.example.net"
HUB = "https://hub.example.org/"
LANGUAGES = Languages(LOCALES)
SCHEMA = json.loads((ROOT / "tests/golden/jsonfeed-1.1.schema.json").read_text("utf-8"))

# Noon in Baku; Black January is announced at 20:00 UTC on the 12th, when the 13th begins there.
THE_DAY_BEFORE = datetime(2027, 1, 12, 8, tzinfo=UTC)
LAST_SECOND = datetime(2027, 1, 12, 19, 59, 59, tzinfo=UTC)
ANNOUNCED = datetime(2027, 1, 12, 20, tzinfo=UTC)
IN_FEBRUARY = datetime(2027, 2, 1, 12, tzinfo=UTC)


def publish(engine: Engine, now: datetime = IN_FEBRUARY, catalog: Catalog | None = None, **changes: Any) -> Site:
    publication = replace(Publication(LANGUAGES, ("en", "de"), HOST, years_back=1, years_ahead=3), **changes)
    return publish_feeds(engine, catalog or make_catalog(), publication, now)


def feed(site: Site, path: str) -> Feed:
    found = site.feed(path)
    assert found is not None, path
    return found


def titles(site: Site, path: str = "/feeds/en/all.atom") -> list[str]:
    return [entry.title for entry in feedparser.parse(feed(site, path).identity).entries]


def other_bytes(site: Site) -> dict[str, bytes]:
    assert site.shapes is not None
    return {path: one.identity for path, one in site.shapes.items()}


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Engine]:
    """A second fresh database."""
    engine = open_engine(f"sqlite:///{tmp_path}/another.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The calendar that ships with the project, with a hub."""
    catalog = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags).catalog
    assert catalog is not None
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('shipped')}/notifier.db")
    migrate(engine)
    site = publish(engine, catalog=catalog, served=catalog.calendar.languages, hub=HUB)
    engine.dispose()
    return site


class TestShipped:
    """Every feed of the calendar that ships with the project, in every shape and language."""

    def of_shape(self, shipped: Site, shape: str) -> Iterator[Feed]:
        assert shipped.shapes is not None
        found = [path for path in shipped.shapes if path.endswith(f".{shape}")]
        assert found
        return (shipped.shapes[path] for path in found)

    def test_there_is_each_shape_of_every_calendar_feed(self, shipped: Site) -> None:
        assert shipped.shapes is not None
        expected = {f"{path.removesuffix('ics')}{shape}" for path in shipped.feeds for shape in ("atom", "json", "csv")}
        others = {path for path in shipped.shapes if path.endswith((".opml", ".ics"))}

        assert set(shipped.shapes) == expected | others
        assert len(others) == 5 * (1 + 5)
        assert all(feed(shipped, path).path == path for path in shipped.shapes)

    def test_a_feed_reader_finds_nothing_wrong_with_any_atom_feed(self, shipped: Site) -> None:
        for one in self.of_shape(shipped, "atom"):
            read = feedparser.parse(
                one.identity, response_headers={"content-type": one.media_type, "content-location": one.path}
            )
            assert not read.bozo, (one.path, read.get("bozo_exception"))
            assert read.entries
            assert len({entry.id for entry in read.entries}) == len(read.entries)
            assert [entry.published for entry in read.entries] == sorted(
                (entry.published for entry in read.entries), reverse=True
            )
            assert max(entry.updated for entry in read.entries) <= read.feed.updated
            assert {link.rel: link.href for link in read.feed.links}["self"] == HOST + one.path
            assert HUB in {link.href for link in read.feed.links if link.rel == "hub"}

    def test_every_json_feed_is_one(self, shipped: Site) -> None:
        for one in self.of_shape(shipped, "json"):
            content = json.loads(one.identity)
            jsonschema.validate(content, SCHEMA)
            assert content["feed_url"] == HOST + one.path

    def test_every_table_has_the_anniversaries_of_the_calendar_feed(self, shipped: Site) -> None:
        for one in self.of_shape(shipped, "csv"):
            rows = list(csv.DictReader(StringIO(one.identity.decode(), newline="")))
            calendar: Any = icalendar.Calendar.from_ical(shipped.feeds[one.path.replace(".csv", ".ics")].identity)
            assert sorted((row["date"], row["title"], row["url"]) for row in rows) == sorted(
                (vevent.start.isoformat(), str(vevent["SUMMARY"]), str(vevent["URL"])) for vevent in calendar.events
            )

    def test_every_list_names_every_feed_of_its_language(self, shipped: Site) -> None:
        for one in self.of_shape(shipped, "opml"):
            root = ET.fromstring(one.identity)  # noqa: S314  # our own
            start = one.path.removesuffix("feeds.opml")
            named = {node.get("xmlUrl") or node.get("url") for node in root.iter("outline")} - {None}
            paths = {path for path in shipped.feeds if path.startswith(start)}
            assert named == {HOST + path for path in paths} | {f"{HOST}{path[:-4]}.atom" for path in paths}

    def test_every_year_holds_the_entries_of_the_calendar_feed(self, shipped: Site) -> None:
        whole: Any = icalendar.Calendar.from_ical(shipped.feeds["/feeds/de/all.ics"].identity)
        of_years = [
            vevent
            for one in self.of_shape(shipped, "ics")
            if one.path.startswith("/feeds/de/")
            for vevent in icalendar.Calendar.from_ical(one.identity).events
        ]

        assert {vevent["UID"]: vevent.to_ical() for vevent in of_years} == {
            vevent["UID"]: vevent.to_ical() for vevent in whole.events
        }


def test_a_notice_appears_when_its_date_begins_in_the_calendars_zone(engine: Engine) -> None:
    before, after = publish(engine, LAST_SECOND), publish(engine, ANNOUNCED)

    assert "Black January: 37th anniversary, in 7 days" not in titles(before)
    assert titles(after)[0] == "Black January: 37th anniversary, in 7 days"
    assert titles(after, "/feeds/de/azerbaijan.atom")[0] == "Schwarzer Januar: 37. Jahrestag, in 7 Tagen"
    assert "Black January: 37th anniversary, in 7 days" not in titles(after, "/feeds/en/events/khojaly.atom")


def test_the_site_says_when_the_next_notice_appears(engine: Engine) -> None:
    assert publish(engine, THE_DAY_BEFORE).valid_until == ANNOUNCED
    assert publish(engine, LAST_SECOND).valid_until == ANNOUNCED
    assert publish(engine, ANNOUNCED).valid_until == datetime(2027, 1, 19, 20, tzinfo=UTC)


def test_a_site_without_a_coming_notice_is_looked_at_again_within_weeks(engine: Engine) -> None:
    valid_until = publish(engine, datetime(2027, 4, 1, tzinfo=UTC)).valid_until

    assert timedelta(days=31) <= valid_until - datetime(2027, 4, 1, tzinfo=UTC) <= timedelta(days=33)


def test_an_announcement_moves_the_feeds_that_hold_it_and_no_other(engine: Engine) -> None:
    before, after = publish(engine, LAST_SECOND), publish(engine, ANNOUNCED)
    old, new = other_bytes(before), other_bytes(after)

    changed = {path for path in old if old[path] != new[path]}
    names = ("all", "azerbaijan", "events/black-january")
    assert changed == {
        f"/feeds/{tag}/{name}.{shape}" for tag in ("en", "de") for name in names for shape in ("atom", "json")
    }
    for path in old:
        assert feed(before, path).last_modified <= LAST_SECOND
        assert (feed(after, path).last_modified == ANNOUNCED) == (path in changed)
        assert (feed(after, path).etag != feed(before, path).etag) == (path in changed)
    assert {path: one.identity for path, one in before.feeds.items()} == {
        path: one.identity for path, one in after.feeds.items()
    }


def test_between_two_announcements_nothing_changes_from_day_to_day(engine: Engine) -> None:
    days = [ANNOUNCED + timedelta(hours=hours) for hours in (0, 1, 23, 25, 100, 167)]

    assert len({repr(other_bytes(publish(engine, day))) for day in days}) == 1


def test_the_same_content_is_the_same_bytes_on_another_node_and_from_another_database(
    engine: Engine, another: Engine
) -> None:
    first = publish(engine)

    assert other_bytes(publish(engine)) == other_bytes(first)
    assert other_bytes(publish(another)) == other_bytes(first)
    assert {path: one.last_modified for path, one in (publish(another).shapes or {}).items()} == {
        path: one.last_modified for path, one in (first.shapes or {}).items()
    }


def test_ids_never_depend_on_the_address_the_language_or_the_day(engine: Engine, another: Engine) -> None:
    def ids(site: Site, path: str) -> list[str]:
        return [entry.id for entry in feedparser.parse(feed(site, path).identity).entries]

    here = publish(engine)
    there = publish(another, IN_FEBRUARY + timedelta(days=10), base_url="https://other.example.com/days")

    assert ids(here, "/feeds/en/all.atom") == ids(there, "/feeds/de/all.atom")
    assert ids(here, "/feeds/en/all.atom")[0] == "tag:remembrance.example.org,2026-11-21:black-january.2027.ahead-0"
    old, new = other_bytes(here), other_bytes(there)
    assert {path: body.replace(HOST.encode(), b"") for path, body in old.items()} == {
        path: body.replace(b"https://other.example.com/days", b"") for path, body in new.items()
    }


def test_an_edit_updates_the_notices_of_its_language_and_keeps_their_ids(engine: Engine) -> None:
    before = publish(engine)
    account = black_january().summary[0]
    german = replace(account, text=text(en=str(account.text.get("en")), de="Anders gesagt."))
    later = IN_FEBRUARY + timedelta(hours=1)
    after = publish(engine, later, make_catalog(replace(black_january(), summary=(german,)), khojaly()))

    old, new = other_bytes(before), other_bytes(after)
    assert {path for path in old if old[path] != new[path]} >= {"/feeds/de/all.atom", "/feeds/de/all.json"}
    assert not [path for path in old if old[path] != new[path] and path.startswith("/feeds/en/")]
    first, *_ = feedparser.parse(feed(after, "/feeds/de/all.atom").identity).entries
    assert (first.published, first.updated) == ("2027-01-19T20:00:00Z", "2027-02-01T13:00:00Z")
    assert first.id.endswith(":black-january.2027.ahead-0")
    assert feed(after, "/feeds/de/all.atom").last_modified == later


def changed_alone(before: Site, after: Site) -> None:
    """Hold that tables and lists have another date if they have other bytes, and never an earlier one."""
    old, new = other_bytes(before), other_bytes(after)
    for path in old.keys() & new.keys():
        if path.endswith((".csv", ".opml")):
            dates = feed(before, path).last_modified, feed(after, path).last_modified
            assert (dates[0] < dates[1]) == (old[path] != new[path]), path
            assert dates[0] <= dates[1], path


def test_tables_and_lists_are_dated_by_their_own_bytes(engine: Engine) -> None:
    before = publish(engine)
    account = black_january().summary[0]
    german = replace(account, text=text(en=str(account.text.get("en")), de="Anders gesagt."))
    catalogs = [
        make_catalog(replace(black_january(), summary=(german,)), khojaly()),
        make_catalog(replace(black_january(), leads=(3,), origin=None), khojaly()),
        make_catalog(replace(black_january(), heading=text(en="Black January", de="Anders")), khojaly()),
        make_catalog(replace(black_january(), place=None), khojaly()),
        make_catalog(khojaly(), black_january()),
        make_catalog(khojaly(), black_january(), languages=("en",), leads=(2,)),
        make_catalog(khojaly()),
        make_catalog(collections={}),
        make_catalog(),
    ]
    for hours, catalog in enumerate(catalogs, 1):
        after = publish(engine, IN_FEBRUARY + timedelta(hours=hours), catalog)
        changed_alone(before, after)
        before = after


def test_a_german_account_moves_no_table_and_no_list(engine: Engine) -> None:
    """FEEDS, HTTP: Last-Modified is kept while the bytes are."""
    before = publish(engine)
    account = black_january().summary[0]
    german = replace(account, text=text(en=str(account.text.get("en")), de="Anders gesagt."))
    edited = make_catalog(replace(black_january(), summary=(german,)), khojaly())
    after = publish(engine, IN_FEBRUARY + timedelta(hours=1), edited)

    assert feed(before, "/feeds/de/all.ics").last_modified < feed(after, "/feeds/de/all.ics").last_modified
    for name in ("all.csv", "azerbaijan.csv", "events/black-january.csv", "feeds.opml"):
        path = f"/feeds/de/{name}"
        assert feed(before, path).last_modified == feed(after, path).last_modified


def test_a_new_year_moves_tables_as_it_does_in_a_fresh_database(engine: Engine, another: Engine) -> None:
    new_year = datetime(2027, 12, 31, 20, tzinfo=UTC)  # in Baku
    publish(engine)
    turned, fresh = publish(engine, new_year + timedelta(minutes=1)), publish(another, new_year + timedelta(days=9))

    assert feed(turned, "/feeds/en/all.csv").last_modified == new_year
    assert feed(fresh, "/feeds/en/all.csv").last_modified == new_year
    assert feed(turned, "/feeds/en/all.csv").identity == feed(fresh, "/feeds/en/all.csv").identity


def test_a_table_dated_by_its_calendar_before_goes_on_from_there(engine: Engine) -> None:
    first = publish(engine)
    with writing(engine) as db:
        db.execute(delete(tables.feeds).where(tables.feeds.c.path.like("%.csv")))
    after = publish(engine, IN_FEBRUARY + timedelta(hours=1))

    assert feed(after, "/feeds/en/all.csv").last_modified > feed(first, "/feeds/en/all.ics").last_modified


def test_other_leads_move_the_feeds_of_notices_on_and_no_calendar(engine: Engine) -> None:
    before = publish(engine)
    later = IN_FEBRUARY + timedelta(hours=1)
    changed = publish(engine, later, make_catalog(replace(black_january(), leads=(3,)), khojaly()))

    assert titles(changed)[0] == "Black January: 37th anniversary, in 3 days"
    assert feed(changed, "/feeds/en/all.atom").last_modified == later
    assert (
        feed(changed, "/feeds/en/events/khojaly.atom").identity
        == feed(before, "/feeds/en/events/khojaly.atom").identity
    )
    assert feed(changed, "/feeds/en/all.ics").identity == feed(before, "/feeds/en/all.ics").identity

    back = publish(engine, later)
    assert feed(back, "/feeds/en/all.atom").last_modified > later


def test_a_notice_is_announced_across_new_year_though_the_year_is_not_published_yet(engine: Engine) -> None:
    catalog = make_catalog(make_event("new-year", rule=black_january().rule, exceptions={}, leads=(30,)))
    site = publish(engine, datetime(2026, 12, 25, tzinfo=UTC), catalog, years_back=0, years_ahead=0)

    entry = feedparser.parse(feed(site, "/feeds/en/all.atom").identity).entries[0]
    assert entry.title == "Black January: 37th anniversary, in 30 days"
    assert entry.link == f"{HOST}/en/events/new-year"


def test_a_renamed_events_other_shapes_have_moved_too(engine: Engine) -> None:
    renamed = replace(black_january(), id=EventId("january-1990"), was=(EventId("black-january"),))
    site = publish(engine, catalog=make_catalog(renamed))

    for shape in ("ics", "atom", "json", "csv"):
        assert site.moved[f"/feeds/de/events/black-january.{shape}"] == f"/feeds/de/events/january-1990.{shape}"


def test_a_year_without_an_anniversary_says_so(engine: Engine) -> None:
    site = publish(engine, catalog=make_catalog(make_event(until=2028)))

    (vevent,) = icalendar.Calendar.from_ical(feed(site, "/feeds/en/years/2029.ics").identity).events
    assert vevent["SUMMARY"] == "This selection is empty"
    assert vevent.start == date(2029, 1, 1)


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/en/nothing.atom",
        "/feeds/xx/all.atom",
        "/feeds/en/all.rss",
        "/feeds/en/all.ATOM",
        "/feeds/en/events/nothing.csv",
        "/feeds/en/events/.json",
        "/feeds/en/years/2025.ics",
        "/feeds/en/years/02027.ics",
        "/feeds/en/years/2027.atom",
        "/feeds/en/azerbaijan.opml",
        "/feeds/en/../en/all.atom",
        "/feeds/en//all.atom",
        "/feeds/",
        "/en/all.atom",
        "/feeds/en/\ud800.atom",
    ],
)
def test_no_other_address_is_a_feed(engine: Engine, path: str) -> None:
    site = publish(engine)

    assert site.feed(path) is None
    assert site.is_made(path)


# How they are served


def ask(site: Site, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError(scope)

    async def served() -> None:
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": named}
        await feeds_first(lambda: site, nothing)(scope, receive, send)

    asyncio.run(served())
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"]


@pytest.mark.parametrize(
    ("path", "media_type", "disposition"),
    [
        ("/feeds/en/all.atom", "application/atom+xml; charset=utf-8", "inline"),
        ("/feeds/en/azerbaijan.json", "application/feed+json; charset=utf-8", "inline"),
        ("/feeds/en/events/khojaly.csv", "text/csv; charset=utf-8; header=present", "inline"),
        ("/feeds/en/feeds.opml", "text/x-opml; charset=utf-8", "inline"),
        (
            "/feeds/en/years/2027.ics",
            "text/calendar; charset=utf-8",
            'attachment; filename="remembrance.example.org-2027.ics"',
        ),
    ],
)
def test_every_shape_is_served_as_calendars_are(engine: Engine, path: str, media_type: str, disposition: str) -> None:
    site = publish(engine, hub=HUB)
    status, headers, body = ask(site, path)
    packed = ask(site, path, accept_encoding="gzip")
    whole = feed(site, path)

    assert (status, body) == (200, whole.identity)
    assert headers["content-type"] == media_type
    assert headers["content-disposition"] == disposition
    assert headers["etag"] == whole.etag
    assert headers["last-modified"] == whole.http_date
    assert headers["cache-control"].startswith("public, max-age=3600")
    assert headers["vary"] == "Accept-Encoding"
    assert headers["link"] == f'<{HUB}>; rel="hub", <{HOST}{path}>; rel="self"'
    assert gzip.decompress(packed[2]) == body
    assert ask(site, path, "HEAD") == (200, headers, b"")
    assert ask(site, path, if_none_match=headers["etag"])[0] == 304
    assert ask(site, path, if_modified_since=headers["last-modified"])[0] == 304


def test_without_a_hub_no_feed_names_one(engine: Engine) -> None:
    site = publish(engine)

    for path in ("/feeds/en/all.ics", "/feeds/en/all.atom"):
        assert "link" not in ask(site, path)[1]
    assert b"hub" not in feed(site, "/feeds/en/all.atom").identity
    assert ask(publish(engine, hub=HUB), "/feeds/en/all.ics")[1]["link"].startswith(f"<{HUB}>")


def test_a_shape_is_made_once_and_only_when_it_is_asked_for(engine: Engine) -> None:
    site = publish(engine)

    assert not site.is_made("/feeds/en/all.atom")
    assert ask(site, "/feeds/en/all.atom")[0] == 200
    assert site.is_made("/feeds/en/all.atom")
    assert feed(site, "/feeds/en/all.atom") is feed(site, "/feeds/en/all.atom")
    assert not site.is_made("/feeds/de/all.atom")


class TestSingleDays:
    """FEEDS, Subscribe links: one occurrence as a file."""

    PATH = "/de/events/black-january/2027.ics"

    def test_every_page_of_a_day_has_its_entry_as_a_file(self, shipped: Site) -> None:
        whole = b"".join(one.identity for one in shipped.feeds.values())

        assert len(shipped.days) == 5 * 7 * 5
        for path in shipped.days:
            content = feed(shipped, path).identity
            (vevent,) = icalendar.Calendar.from_ical(content).events
            assert not vevent.errors
            assert str(vevent["URL"]) == HOST + path.removesuffix(".ics")
            entry = content[content.index(b"BEGIN:VEVENT") : content.index(b"END:VCALENDAR")]
            assert entry in whole

    def test_what_opens_it_is_not_told_of_a_subscription(self, engine: Engine) -> None:
        content = feed(publish(engine), self.PATH).identity
        (head, _, _) = content.partition(b"BEGIN:VEVENT")

        for name in (b"NAME", b"X-WR-CALNAME", b"REFRESH-INTERVAL", b"METHOD", b"SOURCE"):
            assert b"\r\n" + name not in head
        assert IcsCalendarStream.calendar_from_ics(content.decode()).events

    def test_it_is_dated_when_its_entry_changes_and_never_goes_back(self, engine: Engine) -> None:
        before = feed(publish(engine), self.PATH)
        edited = make_catalog(replace(black_january(), heading=text(en="Black January", de="Anders")), khojaly())
        after = feed(publish(engine, IN_FEBRUARY + timedelta(days=1), edited), self.PATH)
        back = feed(publish(engine, IN_FEBRUARY + timedelta(days=2)), self.PATH)

        assert b"SEQUENCE:2" in back.identity
        assert before.last_modified < after.last_modified < back.last_modified

    @pytest.mark.parametrize("year", ["1990", "2024", "2032", "02027", "", "x"])
    def test_there_is_none_outside_the_years_published(self, engine: Engine, year: str) -> None:
        assert publish(engine).feed(f"/de/events/black-january/{year}.ics") is None

    def test_there_is_none_of_a_day_that_was_taken_out(self, engine: Engine) -> None:
        publish(engine)

        assert publish(engine, catalog=make_catalog(khojaly())).feed(self.PATH) is None

    def test_a_renamed_event_leads_on_below_the_path_of_the_base_address(self, engine: Engine) -> None:
        renamed = make_catalog(replace(khojaly(), was=(EventId("february"),)))

        moved = publish(engine, catalog=renamed, base_url="https://example.org/days").moved

        assert moved["/de/events/february/2027.ics"] == "/days/de/events/khojaly/2027.ics"
        assert moved["/feeds/de/events/february.ics"] == "/days/feeds/de/events/khojaly.ics"
        assert moved["/feeds/en/events/february.atom"] == "/days/feeds/en/events/khojaly.atom"
        assert "/de/events/february/2032.ics" not in moved


class TestGone:
    """While a calendar feed goes on to cancel its entries, its other shapes have nothing left to tell."""

    def test_the_other_shapes_of_a_removed_event_and_of_an_emptied_collection_are_gone(self, engine: Engine) -> None:
        of_memory = replace(khojaly(), collections=(CollectionId("memory"),))
        publish(engine, catalog=make_catalog(black_january(), of_memory))
        left = publish(engine, IN_FEBRUARY + timedelta(days=1), make_catalog(black_january()))

        for name in ("events/khojaly", "memory"):
            assert b"STATUS:CANCELLED" in feed(left, f"/feeds/de/{name}.ics").identity
            assert {left.is_gone(f"/feeds/de/{name}.{shape}") for shape in ("atom", "json", "csv")} == {True}
        for path in (
            "/feeds/de/all.atom",
            "/feeds/de/none.atom",
            "/feeds/de/events/khojaly.ics",
            "/feeds/de/memory.xml",
        ):
            assert not left.is_gone(path)

    def test_after_30_days_nothing_was_ever_there(self, engine: Engine) -> None:
        publish(engine)
        publish(engine, IN_FEBRUARY, make_catalog(black_january()))
        later = publish(engine, IN_FEBRUARY + timedelta(days=31), make_catalog(black_january()))

        assert later.feed("/feeds/de/events/khojaly.ics") is None
        assert not later.is_gone("/feeds/de/events/khojaly.atom")
