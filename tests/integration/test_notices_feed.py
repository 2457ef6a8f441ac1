"""Feeds of notices and tables: what they say, what their readers make of it, and that no text breaks out of them."""

from __future__ import annotations

import csv
import json
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import feedparser
import html5lib
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.content.contentlines import one_line
from notifier.content.csv_feed import COLUMNS, cell, csv_feed
from notifier.content.notice_entries import LONGEST_TEXT, LONGEST_TITLE, NoticeEntry, NoticeWording, shown, shown_line
from notifier.content.notices_feed import NoticesHead, atom, json_feed
from notifier.content.opml import Headings, Listed, opml
from notifier.domain.events import Catalog, Event, EventId, Statement
from notifier.domain.notices import Notice, notices_between, recent
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.texts import Text
from notifier.domain.windows import FeedYears
from tests.factories import EURONEWS, EURONEWS_PAGE, ROOT, black_january, khojaly, make_catalog, make_event
from tests.web_site import LANGUAGES, TEMPLATES_READ

HOST = "https://days.example.net"
YEARS = FeedYears(2026, 2030, 2027)
REVISED = datetime(2026, 11, 21, tzinfo=UTC)
UPDATED = datetime(2027, 1, 12, 20, tzinfo=UTC)
SCHEMA = json.loads((ROOT / "tests/golden/jsonfeed-1.1.schema.json").read_text("utf-8"))
NAMES = {"a": "http://www.w3.org/2005/Atom"}

HEAD = NoticesHead(
    id="tag:remembrance.example.org,2026-11-21:feed.en.all",
    title="Days of remembrance",
    description="Days, announced ahead.",
    author="Days of remembrance",
    language="en",
    page=f"{HOST}/en/",
    url=f"{HOST}/feeds/en/all.atom",
)

# Every character there is; lone surrogates too, which no coding holds.
ANY_TEXT = st.text(st.characters(), min_size=1, max_size=200).filter(lambda text: shown_line(text) != "")
MARKUP = st.sampled_from(["]]>", "<script>", "&amp;", "&lt;b&gt;", "<!--", "\x00\x1b[", "\u2028", "\"'", "\ufffe", "𝄞"])
TEXTS = ANY_TEXT | st.lists(ANY_TEXT | MARKUP, min_size=1, max_size=6).map("".join).filter(shown_line)


def occurrence(event: Event, year: int = 2027) -> Occurrence:
    (found,) = occurrences_between([event], date(year, 1, 1), date(year + 1, 1, 1))
    return found


def entry_of(
    notice: Notice, catalog: Catalog | None = None, tag: str = "en", revised: datetime = REVISED
) -> NoticeEntry:
    wording = NoticeWording(catalog or make_catalog(), LANGUAGES[tag], TEMPLATES_READ, HOST, YEARS)
    return wording.entry(notice, revised)


A_WEEK_AHEAD = entry_of(Notice(occurrence(black_january()), 7))


def texts_of(html: str) -> str:
    tree: ET.Element = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return " ".join("".join(tree.itertext()).split())


# What a notice says


def test_a_notice_is_titled_with_the_days_left_when_it_was_announced() -> None:
    assert A_WEEK_AHEAD.title == "Black January: 37th anniversary, in 7 days"
    assert entry_of(Notice(occurrence(black_january()), 0), tag="de").title == "Schwarzer Januar: 37. Jahrestag, heute"


def test_a_notice_is_dated_midnight_of_its_announcement_in_the_calendars_zone() -> None:
    assert A_WEEK_AHEAD.published == datetime(2027, 1, 12, 20, tzinfo=UTC)  # 13 January in Baku


def test_a_notice_was_updated_when_it_was_announced_or_revised_whichever_is_later() -> None:
    later = datetime(2027, 1, 15, 8, tzinfo=UTC)

    assert A_WEEK_AHEAD.updated == A_WEEK_AHEAD.published
    assert entry_of(Notice(occurrence(black_january()), 7), revised=later).updated == later


def test_a_notice_is_known_by_the_event_the_year_and_the_lead() -> None:
    assert A_WEEK_AHEAD.id == "tag:remembrance.example.org,2026-11-21:black-january.2027.ahead-7"


def test_a_renamed_event_keeps_the_ids_of_its_notices() -> None:
    renamed = replace(black_january(), id=EventId("january-1990"), was=(EventId("black-january"),))
    entry = entry_of(Notice(occurrence(renamed), 7), make_catalog(renamed))

    assert entry.id == A_WEEK_AHEAD.id
    assert entry.url == f"{HOST}/en/events/january-1990/2027"


def test_a_notice_of_an_unpublished_year_leads_to_the_event() -> None:
    assert entry_of(Notice(occurrence(black_january(), 2031), 7)).url == f"{HOST}/en/events/black-january"


def test_a_notice_holds_every_figure_with_who_says_it_in_markup_and_in_text() -> None:
    for text in (texts_of(A_WEEK_AHEAD.html), A_WEEK_AHEAD.text):
        assert "Wednesday, 20 January 2027" in text
        assert "Begins on the eve, Tuesday, 19 January 2027" in text
        assert "147, according to official data [2]" in text
        assert "at least 140, according to Euronews [1]" in text
        assert "Sources differ" in text
        assert "Euronews calls it: massacre [1]" in text
        assert "“Azerbaijan remembers”" in text


LONG = "Soldiers entered. <b>It was winter.</b> " * 40_000


def test_a_notice_as_long_as_a_book_is_cut_and_leads_to_its_page() -> None:
    event = replace(black_january(), summary=(Statement(Text.of([("en", LONG)]), None, ()),), updates=())
    entry = entry_of(Notice(occurrence(event), 7), make_catalog(event))
    page = f"{HOST}/en/events/black-january/2027"

    assert len(LONG) > 1_500_000
    for said, whole in ((entry.text, LONGEST_TEXT), (texts_of(entry.html), LONGEST_TEXT)):
        assert whole - 100 < len(said) < whole + 200
        assert "Wednesday, 20 January 2027" in said
        assert "<b>It was winter.</b>" in said
        assert said.endswith(page)
    assert f'<a href="{page}">' in entry.html
    assert len(entry.html) < 2 * LONGEST_TEXT


def test_of_a_long_notice_an_estimate_and_differing_figures_are_kept_whole_or_left_out() -> None:
    estimated = replace(FixedDay(1, 20), estimated=True)
    event = replace(black_january(), rule=estimated, remembered=(Statement(Text.of([("en", LONG)]), None, ()),))
    entry = entry_of(Notice(occurrence(event), 7), make_catalog(event))

    for said in (entry.text, texts_of(entry.html)):
        assert "The date is an estimate" in said
        assert "147, according to official data [2]" in said
        assert "at least 140, according to Euronews [1]" in said
        assert len(said) < LONGEST_TEXT


def test_what_fits_is_shown_whole() -> None:
    said = "It was winter. " * 3_000
    event = replace(black_january(), summary=(Statement(Text.of([("en", said)]), None, ()),), updates=())
    entry = entry_of(Notice(occurrence(event), 7), make_catalog(event))

    assert said.strip() in entry.text
    assert said.strip() in texts_of(entry.html)


def test_a_title_as_long_as_a_book_is_cut() -> None:
    event = replace(black_january(), heading=Text.of([("en", LONG)]))
    title = entry_of(Notice(occurrence(event), 7), make_catalog(event)).title

    assert LONGEST_TITLE - 100 < len(title) < LONGEST_TITLE + 20
    assert title.endswith("…, in 7 days")


# What is shown of what was announced


def announced(*events: Event, until: date = date(2027, 3, 1)) -> list[Notice]:
    found = notices_between(events, date(2026, 1, 1), until, lambda event: event.leads or (7, 0))
    return sorted(found, key=lambda notice: notice.on, reverse=True)


def test_notices_appear_on_the_dates_of_their_leads() -> None:
    found = notices_between([black_january()], date(2027, 1, 1), date(2027, 2, 1), lambda _: (7, 0))

    assert [(notice.on, notice.days) for notice in found] == [(date(2027, 1, 13), 7), (date(2027, 1, 20), 0)]


def test_notices_of_a_date_belong_to_the_range_that_begins_with_it() -> None:
    for start, found in ((date(2027, 1, 13), 1), (date(2027, 1, 14), 0), (date(2027, 1, 12), 0)):
        assert len(notices_between([black_january()], start, start + timedelta(days=1), lambda _: (7,))) == found


def test_a_feed_of_few_notices_shows_a_year_of_them() -> None:
    shown_ones = recent(announced(black_january(), khojaly()))

    assert [str(notice.on) for notice in shown_ones] == ["2027-02-26", "2027-02-19", "2027-01-20", "2027-01-13"]


def test_a_feed_of_many_notices_shows_sixty_days_of_them_and_never_more_than_two_hundred() -> None:
    daily = [make_event(f"day-{n}", rule=occurrence_rule(n)) for n in range(300)]

    sixty_days = recent(announced(*daily[::5]))
    assert len(sixty_days) >= 20
    assert min(notice.on for notice in sixty_days) > sixty_days[0].on - timedelta(days=60)
    assert len(recent(announced(*(replace(event, leads=(9, 8, 7, 6, 5, 4, 3, 2, 1, 0)) for event in daily)))) == 200


def occurrence_rule(n: int) -> Any:
    from notifier.domain.rules.gregorian import FixedDay

    return FixedDay(1 + n % 12, 1 + n % 28)


def test_a_feed_of_nothing_announced_shows_nothing() -> None:
    assert recent([]) == []


# Atom


def parsed_atom(*entries: NoticeEntry, head: NoticesHead = HEAD) -> Any:
    feed = feedparser.parse(atom(head, entries, UPDATED))
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def test_a_feed_reader_reads_all_of_an_atom_feed() -> None:
    feed = parsed_atom(A_WEEK_AHEAD)
    (entry,) = feed.entries

    assert (feed.feed.title, feed.feed.id, feed.feed.author) == (HEAD.title, HEAD.id, "Days of remembrance")
    assert feed.feed.language == "en"
    assert feed.feed.updated == "2027-01-12T20:00:00Z"
    assert {link.rel: link.href for link in feed.feed.links} == {"self": HEAD.url, "alternate": HEAD.page}
    assert (entry.id, entry.title, entry.link) == (A_WEEK_AHEAD.id, A_WEEK_AHEAD.title, A_WEEK_AHEAD.url)
    assert (entry.published, entry.updated) == ("2027-01-12T20:00:00Z", "2027-01-12T20:00:00Z")
    assert entry.summary == "Wednesday, 20 January 2027"
    assert [(tag.term, tag.label) for tag in entry.tags] == [("azerbaijan", "Azerbaijan")]
    assert entry.content[0].type == "text/html"
    assert texts_of(entry.content[0].value) == texts_of(A_WEEK_AHEAD.html)


def test_an_atom_feed_names_its_hub_where_there_is_one() -> None:
    feed = parsed_atom(A_WEEK_AHEAD, head=replace(HEAD, hub="https://hub.example.org/?a=1&b=2"))

    assert [link.href for link in feed.feed.links if link.rel == "hub"] == ["https://hub.example.org/?a=1&b=2"]


def test_an_atom_feed_has_what_rfc_4287_asks_of_it() -> None:
    root = ET.fromstring(atom(HEAD, [A_WEEK_AHEAD], UPDATED))  # noqa: S314  # our own

    for element in (root, *root.findall("a:entry", NAMES)):
        for required in ("id", "title", "updated"):
            assert len(element.findall(f"a:{required}", NAMES)) == 1
        assert len(element.findall("a:link[@rel='alternate']", NAMES)) == 1
    assert len(root.findall("a:author/a:name", NAMES)) == 1
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def hostile(words: str) -> Catalog:
    text = Text.of([("en", words)])
    event = make_event(heading=text, summary=(Statement(text, EURONEWS, (EURONEWS_PAGE,)),))
    return make_catalog(event, name=text, collections={event.collections[0]: text})


@given(words=TEXTS)
def test_any_text_comes_back_from_atom_as_it_was_shown(words: str) -> None:
    catalog = hostile(words)
    entry = entry_of(Notice(occurrence(catalog.events[0]), 7), catalog)
    root = ET.fromstring(atom(replace(HEAD, title=words, author=words), [entry], UPDATED))  # noqa: S314  # our own

    assert root.findtext("a:title", namespaces=NAMES) == shown_line(words)
    assert root.findtext("a:author/a:name", namespaces=NAMES) == shown_line(words)
    assert root.findtext("a:entry/a:title", namespaces=NAMES) == shown_line(f"{words}: 37th anniversary, in 7 days")
    assert root.find("a:entry/a:category", NAMES).get("label") == shown_line(words)  # type: ignore[union-attr]
    assert root.findtext("a:entry/a:content", namespaces=NAMES) == entry.html


@given(words=TEXTS)
def test_any_text_is_text_in_the_markup_of_a_notice(words: str) -> None:
    catalog = hostile(words)
    entry = entry_of(Notice(occurrence(catalog.events[0]), 7), catalog)
    tree: ET.Element = html5lib.parseFragment(entry.html, namespaceHTMLElements=False)

    assert {element.tag for element in tree.iter()} <= {
        "DOCUMENT_FRAGMENT", "p", "strong", "time", "ul", "li", "span", "h3", "ol",
    }  # fmt: skip
    assert " ".join(shown(words).split()) in " ".join("".join(tree.itertext()).split())


# JSON Feed


def test_a_json_feed_is_one() -> None:
    for head in (HEAD, replace(HEAD, hub="https://hub.example.org/")):
        jsonschema.validate(json.loads(json_feed(head, [A_WEEK_AHEAD])), SCHEMA)
    jsonschema.validate(json.loads(json_feed(HEAD, [])), SCHEMA)


def test_the_schema_takes_no_feed_with_a_mistake_in_it() -> None:
    feed = json.loads(json_feed(HEAD, [A_WEEK_AHEAD]))
    for wrong in (
        {**feed, "version": "https://jsonfeed.org/version/1"},
        {**feed, "extra": 1},
        {**feed, "items": [{"id": "1"}]},
        {**feed, "items": [{**feed["items"][0], "date_published": "13 January 2027"}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


def test_a_json_feed_says_what_the_atom_feed_says() -> None:
    feed = json.loads(json_feed(replace(HEAD, hub="https://hub.example.org/"), [A_WEEK_AHEAD]))
    (item,) = feed["items"]

    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
    assert feed["language"] == "en"
    assert item["id"] == A_WEEK_AHEAD.id
    assert item["title"] == A_WEEK_AHEAD.title
    assert item["content_html"] == A_WEEK_AHEAD.html
    assert item["content_text"] == A_WEEK_AHEAD.text
    assert (item["date_published"], item["date_modified"]) == ("2027-01-12T20:00:00Z", "2027-01-12T20:00:00Z")


@given(words=TEXTS)
def test_any_text_comes_back_from_a_json_feed_as_it_was_shown(words: str) -> None:
    catalog = hostile(words)
    entry = entry_of(Notice(occurrence(catalog.events[0]), 7), catalog)
    feed = json.loads(json_feed(replace(HEAD, title=words), [entry]).decode())

    jsonschema.validate(feed, SCHEMA)
    assert feed["title"] == shown_line(words)
    assert feed["items"][0]["tags"] == [shown_line(words)]
    assert shown(words) in feed["items"][0]["content_text"]


# Tables


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(body.decode(), newline="")))


def test_a_table_has_a_row_for_each_anniversary() -> None:
    catalog = make_catalog()
    within = occurrences_between(catalog.events, date(2027, 1, 1), date(2028, 1, 1))
    body = csv_feed(within, catalog, LANGUAGES["de"], HOST)

    january = "black-january,2027,2027-01-20,2027-01-20,37,Schwarzer Januar: 37. Jahrestag,mourning,azerbaijan,Baku"
    february = "khojaly,2027,2027-02-26,2027-02-26,35,Chodschali: 35. Jahrestag,mourning,azerbaijan,"
    assert body.decode().split("\r\n") == [
        ",".join(COLUMNS),
        f"{january},false,https://days.example.net/de/events/black-january/2027",
        f"{february},false,https://days.example.net/de/events/khojaly/2027",
        "",
    ]


@given(words=TEXTS)
def test_any_text_comes_back_from_a_table_and_none_is_a_formula(words: str) -> None:
    catalog = make_catalog(make_event(heading=Text.of([("en", words)])))
    (row,) = rows(csv_feed([occurrence(catalog.events[0])], catalog, LANGUAGES["en"], HOST))

    title = one_line(f"{words}: 37th anniversary")
    assert row["title"] in {title, f"'{title}"}
    assert unicodedata.normalize("NFKC", row["title"][:1]) not in tuple("=+-@\t\r")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "＠A1", "\x00=1"])
def test_what_a_spreadsheet_would_calculate_begins_with_an_apostrophe(formula: str) -> None:
    assert cell(formula).startswith("'")


# The list of feeds


@given(words=TEXTS)
def test_a_list_of_feeds_names_each_as_atom_and_as_a_calendar(words: str) -> None:
    listed = Listed(words, f"{HOST}/de/", f"{HOST}/feeds/de/all.atom", f"{HOST}/feeds/de/all.ics")
    root = ET.fromstring(opml(Headings(words, words, words), "de", [listed]))  # noqa: S314  # our own

    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == shown_line(words)
    notices, calendars = root.findall("body/outline")
    assert notices.get("text") == calendars.get("text") == shown_line(words)
    assert notices[0].attrib == {
        "type": "rss",
        "text": shown_line(words),
        "title": shown_line(words),
        "xmlUrl": listed.atom,
        "htmlUrl": listed.page,
        "language": "de",
    }
    assert calendars[0].attrib == {"type": "link", "text": shown_line(words), "url": listed.calendar}
