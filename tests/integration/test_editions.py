"""Editions: complete in both parts, every figure beside who says it, right in tone and days."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from notifier.catalog.load import load_catalog
from notifier.content.editions import TOKEN_PLACE, EditionText, render_edition
from notifier.content.language import Languages
from notifier.content.templates import Templates
from notifier.content.views import ClaimView
from notifier.content.wording import view_occurrence
from notifier.domain.events import Catalog, Event, Kind, Moved, ProgrammeItem, Statement, Update, YearNotes
from notifier.domain.notices import Notice
from notifier.domain.occurrences import next_occurrence
from notifier.domain.texts import MACHINE
from notifier.domain.translations import refused_languages
from notifier.tokens import TOKEN_LENGTH
from tests.factories import (
    EURONEWS,
    EURONEWS_PAGE,
    LOCALES,
    ROOT,
    black_january,
    khojaly,
    make_catalog,
    make_event,
    text,
)
from tests.web_site import TEMPLATES_READ

LANGUAGES = Languages(LOCALES)
A_WEEK_BEFORE = date(2027, 1, 13)
TEN = datetime(2027, 1, 20, 10, 0)  # noqa: DTZ001  # wall time at the place


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    loaded = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags)
    assert loaded.catalog is not None
    return loaded.catalog


@pytest.fixture(scope="module")
def templates() -> Templates:
    return TEMPLATES_READ


Render = Callable[..., EditionText]


@pytest.fixture(scope="module")
def render(templates: Templates) -> Render:
    def rendered(
        *events: Event,
        on: date = A_WEEK_BEFORE,
        tag: str = "en",
        catalog: Catalog | None = None,
        refused_for: Callable[[Event], Collection[str]] = refused_languages,
        **changes: Any,
    ) -> EditionText:
        return render_edition(
            [notice_of(event, on) for event in events or (black_january(),)],
            on,
            catalog=catalog or make_catalog(*events),
            language=LANGUAGES[tag],
            templates=templates,
            refused_for=refused_for,
            **{
                "base_url": "https://notices.example.org",
                "sender": "Museum of Remembrance",
                "postal_address": "1 Example Street\n1000 Example",
                **changes,
            },
        )

    return rendered


def notice_of(event: Event, on: date) -> Notice:
    occurrence = next_occurrence(event, on)
    assert occurrence is not None
    return Notice(occurrence, (occurrence.first - on).days)


def tree(html: str) -> Element:
    """Parse strictly: html5lib raises for the smallest error."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert isinstance(document, Element)
    return document


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def in_one_line(plain: str) -> str:
    return " ".join(plain.split())


# Subject and days


@pytest.mark.parametrize(
    ("tag", "on", "subject"),
    [
        ("en", date(2027, 1, 13), "Black January: 37th anniversary, in 7 days"),
        ("en", date(2027, 1, 19), "Black January: 37th anniversary, tomorrow"),
        ("en", date(2027, 1, 20), "Black January: 37th anniversary, today"),
        ("de", date(2027, 1, 13), "Schwarzer Januar: 37. Jahrestag, in 7 Tagen"),
        ("de", date(2027, 1, 20), "Schwarzer Januar: 37. Jahrestag, heute"),
    ],
)
def test_the_subject_says_what_and_when(render: Render, tag: str, on: date, subject: str) -> None:
    edition = render(on=on, tag=tag)

    assert edition.subject == subject
    assert edition.language == tag
    title = tree(edition.html).find(".//title")
    assert title is not None
    assert title.text == subject


def test_the_days_left_are_those_of_the_day_of_sending(render: Render, templates: Templates) -> None:
    planned = notice_of(black_january(), A_WEEK_BEFORE)

    edition = render_edition(
        [planned],
        date(2027, 1, 15),
        catalog=make_catalog(),
        language=LANGUAGES["en"],
        templates=templates,
        base_url="https://notices.example.org",
        sender="Museum",
        postal_address=None,
        refused_for=refused_languages,
    )

    assert "in 5 days" in edition.subject
    assert "7 days" not in edition.text + edition.html


def test_the_body_says_weekday_date_and_eve(render: Render) -> None:
    edition = render(tag="de")

    for part in (in_one_line(edition.text), words_of(tree(edition.html))):
        assert "Mittwoch, 20. Januar 2027, in 7 Tagen" in part
        assert "Beginnt am Vorabend: Dienstag, 19. Januar 2027" in part
        assert "der Einmarsch sowjetischer Truppen in Baku, 37 Jahre" in part


def test_several_days_are_sections_soonest_first(render: Render) -> None:
    edition = render(khojaly(), black_january())

    assert edition.subject == "Black January: 37th anniversary, in 7 days, and 1 more day of remembrance"
    headings = [words_of(heading) for heading in tree(edition.html).iter("h2")]
    assert headings[:2] == ["Black January: 37th anniversary", "Khojaly: 35th anniversary"]
    assert edition.text.index("Black January: 37th anniversary\n=") < edition.text.index("Khojaly: 35th anniversary\n=")


def test_a_message_about_nothing_or_about_the_past_is_a_mistake(render: Render, templates: Templates) -> None:
    past = notice_of(black_january(), A_WEEK_BEFORE)
    for notices in ([], [past]):
        with pytest.raises(ValueError, match=r"\[\]|days=-1"):
            render_edition(
                notices,
                date(2027, 1, 21),
                catalog=make_catalog(),
                language=LANGUAGES["en"],
                templates=templates,
                base_url="https://notices.example.org",
                sender="Museum",
                postal_address=None,
                refused_for=refused_languages,
            )


# Figures, names, sources


@pytest.mark.parametrize("tag", ["en", "de", "az", "tr", "ru"])
@pytest.mark.parametrize("event_id", ["black-january", "khojaly", "azal-8243"])
def test_both_parts_hold_every_figure_with_who_says_so(
    render: Render, shipped: Catalog, event_id: str, tag: str
) -> None:
    event = shipped.event(event_id)
    assert event is not None
    edition = render(event, tag=tag, catalog=shipped)
    view = view_occurrence(
        notice_of(event, A_WEEK_BEFORE).occurrence, shipped, LANGUAGES[tag], refused_languages(event)
    )

    rows = [[words_of(cell) for cell in row] for row in tree(edition.html).iter("tr")]
    plain = in_one_line(edition.text)
    claims = [claim for figure in view.event.figures for claim in figure.claims]
    assert claims
    for claim in claims:
        assert [in_one_line(stated(claim)), str(claim.by), numbers(claim)] in rows
        assert f"- {in_one_line(stated(claim))} – {claim.by} [{numbers(claim)}]" in plain


def stated(claim: ClaimView) -> str:
    return claim.value if claim.note is None else f"{claim.value} ({claim.note.text})"


def numbers(claim: ClaimView) -> str:
    return ", ".join(str(source.number) for source in claim.sources)


def test_both_parts_hold_every_name_statement_and_source(render: Render, shipped: Catalog) -> None:
    event = shipped.event("khojaly")
    assert event is not None
    edition = render(event, tag="de", catalog=shipped, on=date(2027, 2, 19))
    view = view_occurrence(notice_of(event, A_WEEK_BEFORE).occurrence, shipped, LANGUAGES["de"]).event

    for part in (in_one_line(edition.text), words_of(tree(edition.html))):
        for statement in (*view.summary, *view.remembered):
            assert statement.text.text in part
        for name in view.called:
            assert name.term.text in part
            assert name.by.text in part
        for source in view.sources:
            assert source.line in part
            assert source.note is None or source.note.text in part


def test_the_order_is_that_of_the_house(render: Render, shipped: Catalog) -> None:
    event = shipped.event("khojaly")
    assert event is not None
    event = replace(event, updates=(replace(event.updates[0], date=date(2026, 5, 1)),))
    edition = render(event, catalog=replace(shipped, events=(event,)))

    headings = [words_of(h) for h in tree(edition.html).iter() if h.tag in {"h2", "h3"}]
    assert headings == [
        "What is remembered", "When", "Where", "What the ordinal counts",
        "What sources say", "Figures", "Names", "How it is remembered",
        "Sources", "Updates", "About this message",
    ]  # fmt: skip
    places = [edition.text.index(f"\n{heading}\n-") for heading in headings if heading not in {*headings[5:8]}]
    assert places == sorted(places)


def test_a_word_of_a_party_never_stands_alone(render: Render) -> None:
    edition = render()

    assert "Euronews calls it: massacre [1]" in in_one_line(edition.text)
    assert ["massacre", "Euronews", "1"] in [
        [words_of(cell) for cell in row] for row in tree(edition.html).iter("tr") if len(row) == 3
    ]


def test_updates_are_those_since_the_anniversary_before(render: Render) -> None:
    def update(day: date, words: str) -> Update:
        return Update(day, text(en=words), EURONEWS, (EURONEWS_PAGE,))

    event = replace(
        black_january(),
        updates=(update(date(2026, 1, 19), "Known long ago."), update(date(2026, 1, 20), "Known since.")),
    )
    edition = render(event)

    assert "20 January 2026: Known since. (according to Euronews) [1]" in in_one_line(edition.text)
    assert "Known long ago." not in edition.text + edition.html


def test_this_year_has_its_note_and_programme(render: Render) -> None:
    item = ProgrammeItem(TEN, None, text(en="Laying of flowers"), "https://example.org/programme")
    event = replace(black_january(), years={2027: YearNotes(text(en="The alley is open all night."), (item,))})
    edition = render(event)

    assert "- Wednesday, 20 January 2027, 10:00: Laying of flowers\n  https://example.org/programme\n" in edition.text
    assert "The alley is open all night." in edition.text
    [link] = [a for a in tree(edition.html).iter("a") if a.get("href") == "https://example.org/programme"]
    assert words_of(link) == "Laying of flowers"


def test_a_moved_day_says_why_and_in_place_of_which_day(render: Render) -> None:
    """Readers ask to be told when a day is a substitute: alphagov/calendars#132."""
    event = replace(black_january(), exceptions={2027: Moved(date(2027, 1, 21), text(en="by decree"))})

    assert "- Moved; the usual date is Wednesday, 20 January 2027: by decree" in render(event).text


# Languages


def test_on_a_day_of_mourning_an_unread_translation_gives_way_and_that_is_said(
    render: Render, shipped: Catalog
) -> None:
    event = shipped.event("black-january")
    assert event is not None
    edition = render(event, tag="az", catalog=shipped)

    assert edition.subject == "Black January: 37-ci ildönümü, 7 gün sonra"
    for part in (in_one_line(edition.text), words_of(tree(edition.html))):
        assert "yoxlanılmış tərcüməsi yoxdur; onlar ingilis dilində verilir." in part
        assert "Units of the Soviet army entered Baku" in part
        assert "Sovet ordusunun" not in part
    english = [span for span in tree(edition.html).iter("span") if span.get("lang") == "en"]
    assert all(span.get("dir") in {"ltr", "auto"} for span in english)
    assert any("Units of the Soviet army" in words_of(span) for span in english)


def test_on_a_day_of_mourning_what_nobody_has_read_over_in_any_language_is_left_out_and_that_is_said(
    render: Render,
) -> None:
    unread, read_over = text(az="Oxunmamış."), text(de="Gelesen.", az="Oxunmamış.")
    programme = ProgrammeItem(datetime.fromisoformat("2027-01-20T10:00"), None, unread, None)
    event = make_event(
        summary=(Statement(unread, None, (EURONEWS_PAGE,)), Statement(read_over, None, (EURONEWS_PAGE,))),
        remembered=(Statement(unread, None, ()),),
        years={2027: YearNotes(unread, (programme,))},
        translations={"en": "reviewed by the project", "de": "reviewed by the project", "az": MACHINE},
    )

    edition = render(event)
    accepted = render(event, refused_for=lambda event: refused_languages(event, accepted={"az"}))

    for part in (in_one_line(edition.text), words_of(tree(edition.html))):
        assert "Texts about this day that nobody has reviewed are left out." in part
        assert "Gelesen." in part
        assert "Oxunmamış." not in part
    assert "left out" not in accepted.text
    assert accepted.text.count("Oxunmamış. (in Azerbaijani)") == 4


def test_an_operator_who_accepts_a_language_has_it_sent_and_said_to_be_unread(render: Render, shipped: Catalog) -> None:
    event = shipped.event("black-january")
    assert event is not None
    edition = render(
        event, tag="az", catalog=shipped, refused_for=lambda event: refused_languages(event, accepted={"az"})
    )

    assert "Qara Yanvar" in edition.subject
    assert "Bu tərcümə yoxlanılmayıb." in edition.text
    assert "Bu tərcümə yoxlanılmayıb." in edition.html


def test_a_text_in_another_language_only_is_labelled(render: Render) -> None:
    event = make_event(summary=(Statement(text(de="Truppen rückten ein."), None, (EURONEWS_PAGE,)),))
    edition = render(event)

    assert "Truppen rückten ein. (in German) [1]" in in_one_line(edition.text)
    [span] = [span for span in tree(edition.html).iter("span") if span.get("lang") == "de"]
    assert (span.text, span.get("dir")) == ("Truppen rückten ein.", "ltr")


def test_a_text_that_runs_the_other_way_is_isolated(render: Render) -> None:
    event = make_event(summary=(Statement(text(he="יום הזיכרון"), None, ()),))
    edition = render(event)

    assert "\u2068יום הזיכרון\u2069 (in Hebrew)" in edition.text
    [span] = [span for span in tree(edition.html).iter("span") if span.get("lang") == "he"]
    assert span.get("dir") == "rtl"


# Form


@pytest.mark.parametrize("tag", LANGUAGES.tags)
def test_every_shipped_text_makes_sound_html_and_text(render: Render, shipped: Catalog, tag: str) -> None:
    for event in shipped.events:
        edition = render(event, tag=tag, catalog=shipped)
        document = tree(edition.html)
        assert document.get("lang") == tag
        assert document.get("dir") == ("rtl" if tag == "fa" else "ltr")
        assert len(document.findall(".//h1")) == 1
        for line in edition.text.splitlines():
            assert len(line) <= 78 or "://" in line
        assert "\n\n\n" not in edition.text


def test_layout_tables_say_so_and_data_tables_have_headers(render: Render) -> None:
    for table in tree(render(black_january(), khojaly()).html).iter("table"):
        if table.get("role") == "presentation":
            assert next(table.iter("th"), None) is None or table.get("class") != "data"
        else:
            assert {th.get("scope") for th in table.iter("th")} == {"col", "row"}


def test_html_needs_no_picture_no_variable_and_nothing_from_outside(render: Render) -> None:
    html = render().html

    assert not re.search(r"<img|<svg|<link|<script|var\(|url\(|@import|data:", html)
    assert "<style" not in html
    sizes = [int(size) for size in re.findall(r"font-size: ?(\d+)px", html)]
    assert sizes
    assert min(sizes) >= 16


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_text_colour_can_be_read_on_every_background(render: Render) -> None:
    html = render().html
    colours = set(re.findall(r"(?<!-)color: ?(#[0-9a-f]{6})", html))
    grounds = set(re.findall(r"background-color: ?(#[0-9a-f]{6})", html))
    assert colours
    assert grounds
    for colour in colours:
        for ground in grounds:
            light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (colour, ground)


def test_links_say_where_they_go_and_both_parts_have_them(render: Render) -> None:
    edition = render()

    links = {a.get("href"): words_of(a) for a in tree(edition.html).iter("a")}
    base = "https://notices.example.org"
    assert links == {
        f"{base}/en/events/black-january/2027": "Read on the web: Black January",
        f"{base}/en/events/black-january/2027.ics": "Calendar entry of this day alone: Black January",
        f"{base}/feeds/en/events/black-january.ics": "Calendar feed of this day: Black January",
        f"{base}/unsubscribe/{TOKEN_PLACE}": "Unsubscribe from notices",
        f"{base}/manage": "Change what you receive, or pause",
        f"{base}/en/subscribe": "How to subscribe",
    }
    assert all(url in edition.text.split() for url in links)


def test_the_place_of_the_token_is_as_long_as_a_token(render: Render) -> None:
    edition = render()

    assert len(TOKEN_PLACE) == TOKEN_LENGTH
    assert (edition.text.count(TOKEN_PLACE), edition.html.count(TOKEN_PLACE)) == (1, 1)


def test_the_foot_says_why_from_whom_and_where_from(render: Render) -> None:
    edition = render()

    for part in (in_one_line(edition.text), words_of(tree(edition.html))):
        assert "You receive this because you asked for notices about these days." in part
        assert "Sent by Museum of Remembrance" in part
    assert "\n1 Example Street\n1000 Example\n" in edition.text
    assert "1 Example Street" not in render(postal_address=None).text


def test_what_an_event_says_stays_text(render: Render) -> None:
    words = 'A "quoted" <b>word</b> {{ 7 * 7 }}\n\nSources\n-------\n&amp;'
    event = make_event(heading=text(en=words), summary=(Statement(text(en=words), None, ()),))
    edition = render(event)

    assert next(tree(edition.html).iter("b"), None) is None
    assert "{{ 7 * 7 }}" in edition.text
    assert "\nSources\n" not in edition.text
    assert "\n" not in edition.subject


def test_a_link_that_is_not_http_is_shown_as_text(render: Render) -> None:
    item = ProgrammeItem(TEN, None, text(en="Ceremony"), "javascript:alert(1)")
    edition = render(make_event(years={2027: YearNotes(None, (item,))}))

    assert not [a for a in tree(edition.html).iter("a") if not (a.get("href") or "").startswith("https://")]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_tone_follows_the_kind(render: Render, kind: Kind) -> None:
    edition = render(make_event(kind=kind, summary=(Statement(text(en="It happened."), None, ()),)))

    solemn = kind in {Kind.MOURNING, Kind.MEMORIAL}
    assert ("What is remembered" if solemn else "What this day marks") in edition.text
    assert not re.search(r"!|happy|celebrat|enjoy", (edition.text + edition.subject).lower())


def test_the_same_notices_make_the_same_bytes(render: Render) -> None:
    assert render(black_january(), khojaly()) == render(khojaly(), black_january())
