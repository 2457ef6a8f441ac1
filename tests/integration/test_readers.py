"""Any calendar at all, through the service's own way to feeds and back through every programme's own reader.

For many more examples, other ones each time: READERS_EXAMPLES=2000 .venv/bin/pytest tests/integration/test_readers.py
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from notifier.content.contentlines import one_line, plain, text_line
from notifier.content.vevent import described
from notifier.content.wording import view_occurrence
from notifier.domain.events import Catalog
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.storage.engine import open_engine
from tests.integration.any_calendars import (
    AnyCalendar,
    Said,
    any_calendars,
    any_text,
    as_category,
    in_xml,
    normal,
    on_one_line,
)
from tests.integration.publishing import LANGUAGES, NOW, Publisher, feeds_of, migrated
from tests.integration.reading_feeds import Calendar, Entry, read_calendar, read_day, read_feed
from tests.integration.reading_shapes import Item, Listed, Notices

EXAMPLES = int(os.environ.get("READERS_EXAMPLES", "0"))
"""How many calendars are tried by hand; 0 is the run of every day: the same few each time."""

AT_HAND = settings(
    max_examples=EXAMPLES or 15,
    derandomize=not EXAMPLES,
    deadline=None,
    phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],  # to find the smallest takes minutes
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of the present schema, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    with migrated(folder):
        pass
    return folder / "notifier.db"


@settings(AT_HAND, max_examples=20 * (EXAMPLES or 15))
@given(any_text)
def test_any_text_is_read_back_as_it_was_written(text: str) -> None:
    said = f"A{text}B"
    (entry,) = read_day(file_of(said)).entries.values()

    assert entry.description == plain(said) == normal(said)
    assert entry.summary == entry.location == one_line(said) == on_one_line(said)


def file_of(said: str) -> bytes:
    """Return a file whose one entry says a text wherever it can."""
    stamps = "DTSTAMP:20270203T040506Z\r\nCREATED:20270203T040506Z\r\nLAST-MODIFIED:20270203T040506Z\r\nSEQUENCE:0\r\n"
    dates = "DTSTART;VALUE=DATE:20270120\r\nDTEND;VALUE=DATE:20270121\r\n"
    return b"".join([
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nCALSCALE:GREGORIAN\r\nBEGIN:VEVENT\r\nUID:a@b.example\r\n",
        f"{stamps}{dates}".encode(),
        text_line("SUMMARY", one_line(said)),
        text_line("DESCRIPTION", plain(said)),
        text_line("LOCATION", one_line(said)),
        b"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nCLASS:PUBLIC\r\nURL:https://days.example.net/en/\r\n",
        b"END:VEVENT\r\nEND:VCALENDAR\r\n",
    ])  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["\ud800", " \u3000\x1f\x85\u2028 ", "a\nb", "\x1b", "\ufeff\x01", "\ufffe\uffff", "\u200b,", ", ; \\"],
    ids=ascii,
)
def test_what_is_not_tried_here_is_nothing_a_calendar_can_say(text: str) -> None:
    content = {
        "version": 1,
        "calendar": {
            "id": "days.example.org",
            "name": {"en": "Days"},
            "published": "2026-11-21",
            "languages": ["en"],
        },
        "events": [{"id": "a-day", "heading": {"en": text}, "origin": "1990-01-20"}],
    }
    with pytest.raises(AssertionError, match="Problem"):
        AnyCalendar(("en",), content).catalog()


@contextmanager
def fresh(empty: Path, calendar: AnyCalendar) -> Iterator[Publisher]:
    """Open a fresh database, from which two years of a calendar are published."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{shutil.copy(empty, folder)}")
        yield Publisher.of(engine, calendar.languages, years_back=0, years_ahead=1)
        engine.dispose()


@pytest.mark.timeout(10 * EXAMPLES or 120)
@AT_HAND
@given(any_calendars())
def test_whatever_a_calendar_says_is_read_back(empty: Path, calendar: AnyCalendar) -> None:
    """From the file to feeds, built selections and cancelled entries, in every shape, to each reader."""
    with fresh(empty, calendar) as publisher:
        site = publisher.publish(calendar.catalog())
        read = {path: read_feed(path, content) for path, content in feeds_of(site).items()}
        for tag in calendar.languages:
            reader = Reader(calendar, site.catalog, tag)
            for path, found in read.items():
                if f"/{tag}/" in path:
                    reader.check(path, found)
            built = publisher.built(tag, alarms="7,0", ahead="30,7", timed=True)
            for path, content in built.items():
                reader.check(path, read_feed(path, content))
        whole = replace(site.catalog, events=site.catalog.events[:1])
        cancelled = publisher.publish(whole, NOW + timedelta(days=1)).feeds[f"/feeds/{calendar.languages[0]}/all.ics"]
        Reader(calendar, site.catalog, calendar.languages[0]).check_cancelled(read_calendar(cancelled.identity))


class Reader:
    """Someone who reads the feeds of one language, and knows what was said."""

    def __init__(self, calendar: AnyCalendar, catalog: Catalog, tag: str) -> None:
        self.calendar = calendar
        self.catalog = catalog
        self.tag = tag
        self.language = LANGUAGES[tag]
        days = occurrences_between(catalog.events, date(2027, 1, 1), date(2029, 1, 1))
        self.days = {f"{day.event.id}.{day.year}": day for day in days}

    def check(self, path: str, found: Any) -> None:
        match found:
            case Calendar():
                self.check_calendar(found)
            case Notices():
                for item in found.items:
                    self.check_notice(item)
            case Listed():
                assert len(found.notices) == 4, path
            case rows:
                for row in rows:
                    self.check_row(row)

    def check_calendar(self, found: Calendar) -> None:
        for uid, entry in found.entries.items():
            own, _, suffix = uid.removesuffix("@remembrance.example.org").replace(".at", ".+at").partition(".+")
            own, _, lead = own.partition(".ahead-")
            day = self.days[own]
            if suffix:
                self.check_hour(entry, day)
            elif lead:
                assert entry.summary.endswith(f": {self.title(day)}")
                assert entry.start == day.first - timedelta(days=int(lead))
            else:
                self.check_day(entry, day)

    def check_day(self, entry: Entry, day: Occurrence) -> None:
        assert (entry.start, entry.end) == (day.first, day.last + timedelta(days=1))
        assert entry.summary == self.title(day)
        place = self.event(day).get("place")
        assert entry.location == ("" if place is None else on_one_line(self.shown(place["name"])))
        assert entry.categories == (
            as_category(self.shown(self.calendar.content["collections"]["everything"]["name"])),
        )
        assert entry.description == described(view_occurrence(day, self.catalog, self.language), self.language)
        for said in self.told(day):
            assert normal(said) in entry.description
        assert all(alarm.said.endswith(f": {entry.summary}") for alarm in entry.alarms)
        assert [alarm.trigger for alarm in entry.alarms] in ([], [timedelta(days=-7, hours=9), timedelta(hours=9)])

    def check_hour(self, entry: Entry, day: Occurrence) -> None:
        items = self.event(day)["years"]["2027"]["programme"]
        title = self.language.title(self.shown(self.event(day)["heading"]), day.ordinal)
        said = [on_one_line(f"{title}: {self.shown(item['text'])}") for item in items]
        assert any(map(entry.summary.startswith, said)), entry
        urls = [normal(item["url"]) for item in items if "url" in item]
        assert not urls or len(items) > 1 or urls[0] in entry.description

    def check_notice(self, item: Item) -> None:
        day = self.days[item.id.rpartition(":")[2].rpartition(".")[0]]
        assert item.title.startswith(on_one_line(in_xml(self.title(day))))
        shown = seen(item.html)
        for said in self.told(day):
            assert item.text is None or normal(in_xml(said)) in item.text
            assert on_one_line(in_xml(said)) in shown

    def check_row(self, row: dict[str, str]) -> None:
        day = self.days[f"{row['event']}.{row['year']}"]
        assert row["title"].removeprefix("'") == self.title(day).removeprefix("'")
        place = self.event(day).get("place")
        if place is None:
            assert not row["place"]
        else:
            name = on_one_line(self.shown(place["name"])).removeprefix("'")
            label = "" if self.tag in place["name"] else r" \(.+\)"
            assert re.fullmatch(re.escape(name) + label, row["place"].removeprefix("'"))

    def check_cancelled(self, found: Calendar) -> None:
        self.check_calendar(found)
        assert {uid.partition(".")[0]: entry.status for uid, entry in found.entries.items()} == {
            "day-a": "CONFIRMED",
            "day-b": "CANCELLED",
        }

    def event(self, day: Occurrence) -> Mapping[str, Any]:
        return self.calendar.events[day.event.id]

    def title(self, day: Occurrence) -> str:
        return on_one_line(self.language.title(self.shown(self.event(day)["heading"]), day.ordinal))

    def shown(self, text: Said) -> str:
        """Return the wording that stands in the feeds of this language, as it was written."""
        return self.calendar.shown(text, self.tag)

    def told(self, day: Occurrence) -> list[str]:
        return [self.shown(text) for text in self.calendar.told(self.event(day), day.year)]


@lru_cache(maxsize=100)
def seen(html: str) -> str:
    """Return the words that a browser shows of markup, on one line."""
    return on_one_line("".join(html5lib.parseFragment(html).itertext()))
