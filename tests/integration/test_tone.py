"""What is mourned is never celebrated, wished happy or given an emoji: in templates, catalogs, and what is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

from notifier.catalog.load import load_catalog
from notifier.content.csv_feed import csv_feed
from notifier.content.feeds import COLORS
from notifier.content.notice_entries import NoticeWording
from notifier.content.pages import event_page, occurrence_page
from notifier.content.site import SiteDay
from notifier.content.tone import kept_heading, remembered_heading
from notifier.content.vevent import render_vevent
from notifier.domain.events import Catalog, Kind
from notifier.domain.notices import Notice
from notifier.domain.occurrences import Occurrence, next_occurrence
from notifier.domain.windows import FeedYears
from tests.factories import LOCALES, ROOT, TEMPLATES
from tests.further_languages import SPOKEN, in_every_language
from tests.tone import CHEERFUL, cheerful
from tests.web_site import LANGUAGES, TEMPLATES_READ

TODAY = date(2027, 1, 13)
YEARS = FeedYears(2026, 2027, 2030)
BASE_URL = "https://days.example.org"
TEXTS = sorted(path for path in TEMPLATES.glob("*/*") if path.suffix in {".html", ".txt"})
_MARKUP = re.compile(r"<!doctype|<!--.*?-->|<[^>]+>", re.IGNORECASE | re.DOTALL)


def test_there_are_words_for_every_language() -> None:
    assert set(CHEERFUL) == set(SPOKEN) == set(LANGUAGES.tags)
    assert cheerful("Happy Black January! 🎉", "en") == ["happy", "🎉", "!"]
    assert cheerful("پنجشنبه ۲۱ ژانویهٔ ۲۰۲۷", "fa") == []


@pytest.mark.parametrize("path", TEXTS, ids=[path.relative_to(TEMPLATES).as_posix() for path in TEXTS])
def test_no_template_is_cheerful(path: Path) -> None:
    said = [text for _, kind, text in Environment(autoescape=True).lex(path.read_text("utf-8")) if kind == "data"]
    said += re.findall(r"say(?:_many|_context)?\(([^)]*)\)", path.read_text("utf-8"))

    assert cheerful(_MARKUP.sub(" ", " ".join(said)), *SPOKEN) == []


@pytest.mark.parametrize("tag", SPOKEN)
def test_no_message_of_the_service_is_cheerful(tag: str) -> None:
    with (LOCALES / tag / "LC_MESSAGES/notifier.po").open("rb") as file:
        messages = [(one.id, one.string) for one in read_po(file) if one.id]
    # A public holiday is called what it is called.
    said = [text for id_, string in messages if "holiday" not in str(id_) for text in (*parts(id_), *parts(string))]

    assert cheerful("\n".join(said), "en", tag) == []


def parts(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    shipped = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags).catalog
    assert shipped is not None
    return in_every_language(shipped)


def mourned(catalog: Catalog) -> list[Occurrence]:
    found = [next_occurrence(event, TODAY) for event in catalog.events if event.kind is Kind.MOURNING]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("tag", SPOKEN)
def test_nothing_rendered_of_a_day_of_mourning_is_cheerful(catalog: Catalog, tag: str) -> None:
    occurrences = mourned(catalog)
    assert len(occurrences) > 1
    for occurrence in occurrences:
        for text in rendered(occurrence, catalog, tag):
            # What falls back is in English, and titles of documents are in languages of their own.
            assert cheerful(text, tag, "en", "de") == []


def rendered(occurrence: Occurrence, catalog: Catalog, tag: str) -> Iterator[str]:
    """Yield an anniversary as each kind of feed has it, and as its two pages have it."""
    language = LANGUAGES[tag]
    yield render_vevent(occurrence, catalog, language).replace(b"\r\n ", b"").decode()
    yield csv_feed([occurrence], catalog, language, BASE_URL).decode()
    wording = NoticeWording(catalog, language, TEMPLATES_READ, BASE_URL, YEARS)
    for lead in (0, 1, 7):
        entry = wording.entry(Notice(occurrence, lead), datetime(2026, 1, 1, tzinfo=UTC))
        yield json.dumps([entry.title, entry.summary, entry.text], ensure_ascii=False)
        yield _MARKUP.sub(" ", entry.html)
    site = SiteDay(catalog, (language,), TEMPLATES_READ, BASE_URL, TODAY, YEARS, "/style.css", "/icon.svg")
    for page in (occurrence_page(site, language, occurrence), event_page(site, language, occurrence.event)):
        yield _MARKUP.sub(" ", page.body.decode())


@pytest.mark.parametrize("tag", SPOKEN)
def test_the_kind_sets_the_wording(tag: str) -> None:
    language = LANGUAGES[tag]

    for heading in (remembered_heading, kept_heading):
        said = {kind: heading(kind, language) for kind in Kind}
        assert said[Kind.MOURNING] == said[Kind.MEMORIAL]
        assert said[Kind.NATIONAL] == said[Kind.RELIGIOUS] == said[Kind.NEUTRAL]
        assert said[Kind.MOURNING] != said[Kind.NATIONAL]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_kind_sets_the_colour_of_pages_messages_and_feeds(kind: Kind) -> None:
    pages, messages = (TEMPLATES / "web/style.css").read_text("utf-8"), (TEMPLATES / "email/notice.css").read_text()

    assert f".{kind} {{ --kind: var(--{kind}); }}" in pages
    assert pages.count(f"--{kind}: #") == 2, "in the light and in the dark"
    # Mourning is the colour of the sheet's own edge.
    assert kind is Kind.MOURNING or f".{kind} {{ border-top-color: #" in messages
    assert len(set(COLORS.values())) == len(Kind)
    assert kind in COLORS
