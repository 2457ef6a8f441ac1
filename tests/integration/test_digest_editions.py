"""Messages with a digest, and messages that say at what hour an observance begins."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, datetime
from xml.etree.ElementTree import Element

import html5lib
import pytest

from notifier.content.editions import EditionText, render_edition
from notifier.content.language import Languages
from notifier.content.templates import Templates
from notifier.domain.events import Event, Place, ProgrammeItem, YearNotes
from notifier.domain.notices import Notice
from notifier.domain.occurrences import next_occurrence
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.translations import refused_languages
from tests.factories import LOCALES, black_january, khojaly, make_catalog, make_event, text
from tests.web_site import TEMPLATES_READ

LANGUAGES = Languages(LOCALES)
ON = date(2027, 1, 13)


@pytest.fixture(scope="module")
def templates() -> Templates:
    return TEMPLATES_READ


def notice_of(event: Event, begins: str = "", on: date = ON) -> Notice:
    occurrence = next_occurrence(event, on)
    assert occurrence is not None
    return Notice(occurrence, (occurrence.first - on).days, datetime.fromisoformat(begins) if begins else None)


def in_the_night() -> Event:
    """Return Black January with a programme that begins at half past midnight in Baku."""
    item = ProgrammeItem(datetime(2027, 1, 20, 0, 30), None, text(en="A minute of silence"), None)  # noqa: DTZ001  # wall time
    return replace(black_january(), years={2027: YearNotes(None, (item,))})


def render(
    templates: Templates, notices: list[Notice], outlook: list[Notice], tag: str = "en", on: date = ON
) -> EditionText:
    return render_edition(
        notices,
        on,
        outlook=outlook,
        catalog=make_catalog(*(notice.occurrence.event for notice in (*notices, *outlook))),
        language=LANGUAGES[tag],
        templates=templates,
        base_url="https://notices.example.org",
        sender="Museum",
        postal_address=None,
        refused_for=refused_languages,
    )


def tree(html: str) -> Element:
    """Parse strictly: html5lib raises for the smallest error."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert isinstance(document, Element)
    return document


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def parts_of(edition: EditionText) -> tuple[str, str]:
    return " ".join(edition.text.split()), words_of(tree(edition.html))


@pytest.mark.parametrize(
    ("tag", "line", "subject"),
    [
        (
            "en",
            "Friday, 26 February 2027, in 44 days: Khojaly: 35th anniversary",
            "Days of remembrance in the next five weeks: 2",
        ),
        (
            "de",
            "Freitag, 26. Februar 2027, in 44 Tagen: Chodschali: 35. Jahrestag",
            "Gedenktage in den nächsten fünf Wochen: 2",
        ),
    ],
)
def test_a_digest_alone_lists_what_comes_with_its_date_days_title_and_link(
    templates: Templates, tag: str, line: str, subject: str
) -> None:
    """Asked for in nextcloud/server#1505: a weekly or monthly overview."""
    edition = render(templates, [], [notice_of(khojaly()), notice_of(black_january())], tag)

    assert edition.subject == subject
    for part in parts_of(edition):
        assert line in part
        assert part.index("2027, in 7") < part.index(line)
    document = tree(edition.html)
    links = {a.get("href"): words_of(a) for a in document.iter("a")}
    assert links[f"https://notices.example.org/{tag}/events/khojaly/2027"] in line
    assert f"  https://notices.example.org/{tag}/events/khojaly/2027\n" in edition.text
    assert len(document.findall(".//h1")) == 1


def test_a_digest_alone_says_why_it_comes(templates: Templates) -> None:
    for part in parts_of(render(templates, [], [notice_of(khojaly())])):
        assert "because you asked for a regular overview of these days." in part
        assert "because you asked for notices" not in part


def test_a_digest_beside_notices_follows_them_and_leaves_their_subject(templates: Templates) -> None:
    edition = render(templates, [notice_of(black_january())], [notice_of(khojaly())])

    assert edition.subject == "Black January: 37th anniversary, in 7 days"
    for part in parts_of(edition):
        assert part.index("Sources") < part.index("In the next five weeks") < part.index("About this message")
        assert "because you asked for notices about these days." in part
        assert part.count("Friday, 26 February 2027, in 44 days: Khojaly: 35th anniversary") == 1


def test_headings_keep_their_order_whatever_a_message_holds(templates: Templates) -> None:
    third = make_event("azal-8243")
    one, two = notice_of(black_january()), notice_of(khojaly())
    for notices, outlook in (([one], [two]), ([one, two], [notice_of(third)]), ([], [one, two])):
        levels = [
            int(h.tag[1]) for h in tree(render(templates, notices, outlook).html).iter() if re.match("h[1-6]", h.tag)
        ]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_title_of_another_language_is_labelled_in_the_list_too(templates: Templates) -> None:
    unread = replace(khojaly(), translations={"de": "machine"})
    edition = render(templates, [], [notice_of(unread)], "de")

    assert "Khojaly: 35. Jahrestag (auf Englisch)" in " ".join(edition.text.split())
    [span] = [span for span in tree(edition.html).iter("span") if span.get("lang") == "en"]
    assert words_of(span) == "Khojaly"


@pytest.mark.parametrize("tag", LANGUAGES.tags)
def test_a_digest_fits_a_window_in_every_language(templates: Templates, tag: str) -> None:
    edition = render(templates, [notice_of(black_january())], [notice_of(khojaly())], tag)

    assert all(len(line) <= 78 or "://" in line for line in edition.text.splitlines())
    assert "\n\n\n" not in edition.text
    tree(edition.html)


def test_when_an_observance_begins_is_said_by_the_readers_clock_and_by_the_places(templates: Templates) -> None:
    day_before = date(2027, 1, 19)
    notice = notice_of(in_the_night(), "2027-01-19T21:30+01:00", day_before)

    for part in parts_of(render(templates, [notice], [], "de", day_before)):
        assert "Das Programm beginnt am Dienstag, 19. Januar 2027, um 21:30 Uhr Ihrer Zeit" in part
        assert "Ortszeit: Mittwoch, 20. Januar 2027, 00:30 Uhr" in part
        assert "Beginnt am Vorabend" in part


def test_a_reader_whose_clock_shows_the_same_is_told_once(templates: Templates) -> None:
    day_before = date(2027, 1, 19)
    notice = notice_of(in_the_night(), "2027-01-20T00:30+04:00", day_before)

    edition = render(templates, [notice], [], "en", day_before)

    assert "- The programme begins on Wednesday, 20 January 2027, at 00:30 your time\n" in edition.text
    assert "Local time" not in edition.text + edition.html


def test_a_day_that_is_itself_kept_at_an_hour_is_said_to_begin(templates: Templates) -> None:
    place = Place(text(en="Hiroshima", de="Hiroshima"), "Asia/Tokyo", None)
    event = make_event(rule=parse_rule("6 August at 08:15"), place=place)
    day_before = date(2027, 8, 5)

    edition = render(templates, [notice_of(event, "2027-08-06T01:15+02:00", day_before)], [], "en", day_before)

    assert "- Begins on Friday, 6 August 2027, at 01:15 your time\n" in edition.text
    assert "- At 08:15, local time (Hiroshima)\n" in edition.text
    assert edition.text.count("08:15") == 1
    assert "Local time" not in edition.text + edition.html
    assert "programme" not in edition.text


def test_a_message_about_nothing_is_a_mistake(templates: Templates) -> None:
    with pytest.raises(ValueError, match=r"\[\]"):
        render(templates, [], [])
