"""A text that is not there in the reader's language is shown in another one, and it is said in which, everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import html5lib
import pytest

from notifier.catalog.load import load_catalog
from notifier.content.csv_feed import csv_feed
from notifier.content.editions import render_edition
from notifier.content.feed_heads import everything
from notifier.content.notice_entries import NoticeEntry, NoticeWording
from notifier.content.notices_feed import NoticesHead, atom, json_feed
from notifier.content.pages import event_page, home_page, occurrence_page
from notifier.content.site import SiteDay
from notifier.content.vevent import render_vevent
from notifier.domain.events import Catalog
from notifier.domain.notices import Notice
from notifier.domain.occurrences import Occurrence, next_occurrence
from notifier.domain.translations import refused_languages
from notifier.domain.windows import FeedYears
from tests.factories import ROOT
from tests.further_languages import FURTHER, in_every_language
from tests.web_site import LANGUAGES, TEMPLATES_READ

TODAY = date(2027, 1, 13)
YEARS = FeedYears(2026, 2027, 2030)
BASE_URL = "https://days.example.org"

ISOLATES = re.compile("[\u2066-\u2069]")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    shipped = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags).catalog
    assert shipped is not None
    return in_every_language(shipped)


@pytest.fixture(scope="module")
def khojaly(catalog: Catalog) -> Occurrence:
    """No further language has any text of it, not even its heading."""
    event = catalog.event("khojaly")
    assert event is not None
    occurrence = next_occurrence(event, TODAY)
    assert occurrence is not None
    return occurrence


def site(catalog: Catalog, tag: str) -> SiteDay:
    languages = (LANGUAGES[tag],)
    return SiteDay(catalog, languages, TEMPLATES_READ, BASE_URL, TODAY, YEARS, "/style.css", "/icon.svg")


def entry(catalog: Catalog, occurrence: Occurrence, tag: str) -> NoticeEntry:
    wording = NoticeWording(catalog, LANGUAGES[tag], TEMPLATES_READ, BASE_URL, YEARS)
    return wording.entry(Notice(occurrence, 44), datetime(2026, 1, 1, tzinfo=UTC))


def mail(catalog: Catalog, occurrence: Occurrence, tag: str) -> tuple[str, str]:
    edition = render_edition(
        [Notice(occurrence, 44)],
        TODAY,
        catalog=catalog,
        language=LANGUAGES[tag],
        templates=TEMPLATES_READ,
        base_url=BASE_URL,
        sender="Example Foundation",
        postal_address=None,
        refused_for=refused_languages,
    )
    return edition.text, edition.html


def unfolded(catalog: Catalog, occurrence: Occurrence, tag: str) -> str:
    content = render_vevent(occurrence, catalog, LANGUAGES[tag]).replace(b"\r\n ", b"").decode()
    return re.sub(r"\\([,;\\])", r"\1", content.replace(r"\n", "\n"))


def words_of(html: str) -> str:
    body = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return "".join(body.itertext())


MEDIA: Mapping[str, Callable[[Catalog, Occurrence, str], str]] = {
    "mail as text": lambda *of: mail(*of)[0],
    "mail as HTML": lambda *of: words_of(mail(*of)[1]),
    "iCalendar": unfolded,
    "feed entry as text": lambda *of: entry(*of).text,
    "feed entry as HTML": lambda *of: words_of(entry(*of).html),
    "page": lambda catalog, one, tag: words_of(occurrence_page(site(catalog, tag), LANGUAGES[tag], one).body.decode()),
    "page of the event": lambda catalog, one, tag: words_of(
        event_page(site(catalog, tag), LANGUAGES[tag], one.event).body.decode()
    ),
}


@pytest.mark.parametrize("tag", FURTHER)
@pytest.mark.parametrize("medium", MEDIA)
def test_every_text_that_falls_back_is_labelled(catalog: Catalog, khojaly: Occurrence, medium: str, tag: str) -> None:
    language, event = LANGUAGES[tag], khojaly.event
    label = language.say("in {language}", language=language.language_name("en"))
    shown = " ".join(ISOLATES.sub("", MEDIA[medium](catalog, khojaly, tag)).split())
    assert event.counts is not None
    assert event.place is not None
    assert event.place.name is not None
    texts = [
        *(statement.text for statement in (*event.summary, *event.remembered)),
        *(claim.term for claim in event.called),
        *(claim.note for figure in event.figures for claim in figure.claims if claim.note is not None),
        *(catalog.parties[claim.by].name for figure in event.figures for claim in figure.claims),
        event.heading,
        event.counts,
        event.place.name,
    ]
    assert len(texts) > 20
    for text in texts:
        english = " ".join((text.get("en") or "").split())
        assert f"{english} ({label})".casefold() in shown.casefold(), (medium, english)


@pytest.mark.parametrize("tag", FURTHER)
def test_in_html_what_falls_back_has_its_language_and_its_direction(
    catalog: Catalog, khojaly: Occurrence, tag: str
) -> None:
    pages = [
        home_page(site(catalog, tag), LANGUAGES[tag]),
        occurrence_page(site(catalog, tag), LANGUAGES[tag], khojaly),
    ]
    for html in (mail(catalog, khojaly, tag)[1], *(page.body.decode() for page in pages)):
        document = html5lib.parse(html, namespaceHTMLElements=False)
        direction = "rtl" if tag == "fa" else "ltr"

        assert (document.get("lang"), document.get("dir")) == (tag, direction)
        spans = [one for one in document.iter("span") if one.get("lang") == "en"]
        assert any("Khojaly" in said(span) for span in spans)
        assert {span.get("dir") for span in spans} <= {"ltr", "auto"}


def said(element: Element) -> str:
    return "".join(element.itertext())


@pytest.mark.parametrize("tag", FURTHER)
def test_names_of_a_table_and_of_feeds_stay_the_bare_names(catalog: Catalog, khojaly: Occurrence, tag: str) -> None:
    """SUMMARY and LOCATION are the names alone, and the DESCRIPTION labels them; nothing in a table is isolated."""
    lines = unfolded(catalog, khojaly, tag).splitlines()
    title = LANGUAGES[tag].title("Khojaly", 35).replace("\u00a0", " ")

    assert f"SUMMARY:{title}" in lines
    assert not ISOLATES.search(title)
    assert "LOCATION:Khojaly" in lines
    label = LANGUAGES[tag].say("in {language}", language=LANGUAGES[tag].language_name("en"))
    table = csv_feed([khojaly], catalog, LANGUAGES[tag], BASE_URL).decode()
    assert title in table
    assert f"Khojaly ({label})" in table
    assert everything(catalog, LANGUAGES[tag]).name == catalog.calendar.name.get(tag)


@pytest.mark.parametrize("tag", FURTHER)
def test_feeds_of_notices_hold_these_entries_whole(catalog: Catalog, khojaly: Occurrence, tag: str) -> None:
    one = entry(catalog, khojaly, tag)
    head = NoticesHead(
        "tag:example.org,2026:all", "all", "all", "all", tag, f"{BASE_URL}/{tag}/", f"{BASE_URL}/all.atom"
    )

    [item] = json.loads(json_feed(head, [one]))["items"]
    assert (item["content_text"], item["content_html"]) == (one.text, one.html)
    assert escape(one.html) in atom(head, [one], one.updated).decode()
