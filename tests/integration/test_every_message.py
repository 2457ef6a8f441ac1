"""Every kind of message in every language: what it is made of, and what it says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

import html5lib
import pytest
from babel.messages.pofile import read_po

from notifier.content.editions import TOKEN_PLACE
from notifier.domain.deliveries import EditionKind
from tests.every_message import (
    BASE_URL,
    MACHINE_TRANSLATED,
    NAMES,
    POSTAL_ADDRESS,
    Message,
    every_message,
    of_languages,
    presses,
)
from tests.factories import LOCALES, ROOT
from tests.tone import PICTOGRAPHS, cheerful

NOTICES = [name for name in NAMES if "notice" in name]

BLOCKS = re.compile(r"</?(?:p|li|td|th|tr|h\d|div|table|caption|br)\b[^>]*>")
CALENDAR = (ROOT / "events.yaml").read_text("utf-8")
WORD = re.compile(r"\w+")
MARKUP = re.compile(r"\bNone\b|[{}]|&(?:amp|lt|gt|quot|#\d+);|</?[a-z]+\b[^>]*>|\bUndefined\b")


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Message]:
    with presses(tmp_path_factory.mktemp("press")) as (press, accepting):
        return every_message(press, accepting)


@pytest.fixture
def message(messages: Mapping[tuple[str, str], Message], name: str, tag: str) -> Message:
    return messages[name, tag]


@lru_cache(maxsize=200)
def tree(html: str) -> Element:
    """Parse strictly: html5lib raises for the smallest error."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert isinstance(document, Element)
    return document


@lru_cache(maxsize=200)
def words_of(html: str) -> str:
    """Return what a reader reads; a paragraph or a cell ends a word."""
    body = tree(BLOCKS.sub(r" \g<0>", html)).find("body")
    assert body is not None
    return on_one_line("".join(body.itertext()))


def on_one_line(text: str) -> str:
    return " ".join(text.split())


every = pytest.mark.parametrize(("name", "tag"), of_languages(NAMES))


@every
def test_the_page_is_html_that_needs_nothing_from_anywhere(message: Message) -> None:
    html = message.content.html
    document = tree(html)

    assert html.startswith("<!DOCTYPE html>")
    assert {element.tag for element in document.iter()} <= {
        *("html", "head", "meta", "title", "body", "div", "table", "caption", "thead", "tbody", "tr", "th", "td"),
        *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "a", "span", "strong", "br"),
    }
    assert not re.search(r"url\(|var\(|--[a-z]|data:|base64|@import|@media|javascript:", html)
    assert {element.get("href", "")[:8] for element in document.iter("a")} <= {"https://"}
    # Gmail shows the first 102 kB of a message.
    assert len(html.encode()) < 100_000


@every
def test_the_page_says_its_language_and_direction_and_is_read_in_order(message: Message) -> None:
    document = tree(message.content.html)

    assert (document.get("lang"), document.get("dir")) == (
        message.of.language,
        "rtl" if message.of.language == "fa" else "ltr",
    )
    for table in document.iter("table"):
        assert table.get("role") == "presentation" or table.find("thead") is not None
    levels = [int(element.tag[1]) for element in document.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@every
def test_the_text_fits_a_window_and_has_nothing_but_words(message: Message) -> None:
    text = message.content.text

    assert [line for line in text.splitlines() if len(line) > 78 and "://" not in line] == []
    assert all(len(line) <= 998 for line in text.splitlines())
    for part in (message.content.subject, text, words_of(message.content.html)):
        assert not PICTOGRAPHS.search(part)
        assert not MARKUP.search(part)
    assert "\n\n\n" not in text
    # Two hyphens alone begin a signature, and what follows them is hidden.
    assert "-- " not in text.splitlines()


@pytest.mark.parametrize(("name", "tag"), of_languages([name for name in NAMES if "national" not in name]))
def test_nothing_in_it_is_cheerful(message: Message) -> None:
    """Asked for in hebcal/hebcal#299: no "Happy …" for days of mourning; of a national day a source may say so."""
    for part in (message.content.subject, message.content.text, words_of(message.content.html)):
        assert cheerful(part, message.of.language) == []


@pytest.mark.parametrize(("name", "tag"), [(name, tag) for name, tag in of_languages(NAMES) if tag != "en"])
def test_its_words_are_in_its_language(message: Message, tag: str) -> None:
    text = on_one_line(message.content.text)
    untranslated = [words for words, translated in sentences(tag).items() if words in text and words not in translated]

    assert untranslated == []


def sentences(tag: str) -> Mapping[str, str]:
    """Return what the service says of itself in English, with its translation; single words may be names as well."""
    with (LOCALES / tag / "LC_MESSAGES/notifier.po").open("rb") as file:
        said = [(one.id, one.string) for one in read_po(file) if isinstance(one.id, str) and one.id.count(" ") > 1]
    # A source is called so in the calendar itself, and in English where that has no other word for it.
    return {id_: str(string) for id_, string in said if "{" not in id_ and id_ not in CALENDAR}


@every
def test_both_parts_say_the_same(message: Message) -> None:
    """Every word of the page is in the text; the text has addresses as well, which the page has behind its links."""
    page = tree(message.content.html)
    # Tables and the headings above them have no place in lines; a link's address stands beside what the text calls it.
    otherwise = ("thead", "h3", "h4", "a")
    said_otherwise = {word for tag in otherwise for element in page.iter(tag) for word in words_in(element)}

    read = set(WORD.findall(words_of(message.content.html).casefold()))
    assert read - said_otherwise <= set(WORD.findall(message.content.text.casefold()))
    assert {link.get("href") for link in page.iter("a")} <= set(re.findall(r"https://\S+", message.content.text))


def words_in(element: Element) -> list[str]:
    return WORD.findall(" ".join(element.itertext()).casefold())


@pytest.mark.parametrize(("name", "tag"), of_languages([*NOTICES, "digest", "correction"]))
def test_its_foot_says_why_it_comes_and_how_to_change_that_or_leave(message: Message, tag: str) -> None:
    text, page = message.content.text, tree(message.content.html)
    foot = text.partition(message.press.languages(tag).say("About this message"))[2]
    links = [link.get("href") for link in page.iter("a")]

    for path in (f"/unsubscribe/{TOKEN_PLACE}", "/manage", f"/{tag}/subscribe"):
        assert BASE_URL + path in foot
        assert links.count(BASE_URL + path) == 1
    for part in (text, words_of(message.content.html)):
        assert all(line in part for line in POSTAL_ADDRESS)
        assert (
            message.press.languages(tag).say("Sent by {name}", name=message.press.catalog.calendar.name.get(tag))
            in part
        )


@pytest.mark.parametrize(("name", "tag"), of_languages(NOTICES))
def test_a_notice_says_which_day_when_and_leads_to_its_entry(message: Message) -> None:
    language, on = message.press.languages(message.of.language), message.of.day
    first = message.of.notices[0]

    assert message.content.subject.count(language.days_left(first.days)) == 1
    for key in message.of.notices:
        day = on_one_line(language.date(on + timedelta(days=key.days)))
        left = language.days_left(key.days)
        for part in (on_one_line(message.content.text), words_of(message.content.html)):
            assert f"{day}{language.comma} {left}".casefold() in part.casefold()
        entry = f"{BASE_URL}/{message.of.language}/events/{key.event}/{key.year}.ics"
        assert entry in message.content.text
        assert f'href="{entry}"' in message.content.html


@pytest.mark.parametrize(("name", "tag"), [("notice", tag) for tag in MACHINE_TRANSLATED])
def test_unread_translations_of_mourning_days_are_not_sent(message: Message, tag: str) -> None:
    language = message.press.languages(tag)
    notice = language.say(
        "There is no reviewed translation of the texts about this day; they are shown {in_language}.",
        in_language=language.say("in {language}", language=language.language_name("en")),
    )

    for part in (on_one_line(message.content.text), words_of(message.content.html)):
        assert notice in part
        assert "Units of the Soviet army entered Baku" in part
    spans = [one for one in tree(message.content.html).iter("span") if "Units of the Soviet" in (one.text or "")]
    assert [span.get("lang") for span in spans] == ["en"]


@pytest.mark.parametrize(("name", "tag"), of_languages(["notice-with-programme"]))
def test_what_runs_the_other_way_is_isolated_in_both_parts(message: Message) -> None:
    [span] = [s for s in tree(message.content.html).iter("span") if s.get("lang") == "he"]

    assert span.get("dir") == "rtl"
    if message.of.language != "fa":
        assert f"\u2068{span.text}\u2069" in message.content.text


@pytest.mark.parametrize(("name", "tag"), [(name, tag) for name, tag in of_languages(NOTICES) if tag == "fa"])
def test_in_persian_texts_of_other_languages_are_isolated_in_both_parts(message: Message) -> None:
    spans = {(s.get("lang"), s.get("dir")) for s in tree(message.content.html).iter("span") if s.get("lang")}

    assert ("en", "ltr") in spans
    assert spans <= {("en", "ltr"), ("he", "rtl"), ("de", "auto"), ("en", "auto")}
    assert "\u2068" in message.content.text
    assert message.content.text.count("\u2068") == message.content.text.count("\u2069")


@pytest.mark.parametrize(("name", "tag"), of_languages(["notice-before-it-begins"]))
def test_when_it_begins_is_said_by_the_readers_clock_and_by_the_places(message: Message) -> None:
    language = message.press.languages(message.of.language)
    here = datetime(2027, 1, 20, 5, tzinfo=ZoneInfo("Europe/Berlin"))
    begins = language.say(
        "The programme begins on {date}, at {time} your time", date=language.date(here), time=language.time(here)
    )

    for part in (on_one_line(message.content.text), words_of(message.content.html)):
        assert on_one_line(begins) in part


@pytest.mark.parametrize(("name", "tag"), of_languages(["confirm", "manage", "subscribed-already"]))
def test_what_a_stranger_may_have_asked_for_announces_nothing(message: Message) -> None:
    assert message.of.kind in {EditionKind.CONFIRM, EditionKind.MANAGE}
    assert "/events/" not in message.content.text + message.content.html
    assert TOKEN_PLACE not in message.content.text + message.content.html
