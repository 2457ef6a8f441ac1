"""What one anniversary says in a calendar, and when it has to be said anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.content.contentlines import one_line, plain, plain_name
from notifier.content.fingerprints import Fingerprints
from notifier.content.language import Language, Languages
from notifier.content.vevent import render_vevent, render_vevents
from notifier.domain.events import (
    Catalog,
    CollectionId,
    Event,
    FigureClaim,
    Moved,
    NameClaim,
    Place,
    ProgrammeItem,
    Qualifier,
    Source,
    Statement,
    Update,
    YearNotes,
)
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import LeapDay
from tests.factories import (
    EURONEWS,
    EURONEWS_PAGE,
    JAMNEWS,
    JAMNEWS_PAGE,
    LOCALES,
    OFFICIAL,
    black_january,
    make_catalog,
    make_event,
    text,
)

any_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages(LOCALES)


@pytest.fixture(scope="module")
def english(languages: Languages) -> Language:
    return languages["en"]


@pytest.fixture(scope="module")
def german(languages: Languages) -> Language:
    return languages["de"]


def in_year(event: Event, year: int = 2027) -> Occurrence:
    (occurrence,) = occurrences_between([event], date(year, 1, 1), date(year + 1, 1, 1))
    return occurrence


def rendered(event: Event, language: Language, catalog: Catalog | None = None, year: int = 2027) -> bytes:
    return render_vevent(in_year(event, year), catalog or make_catalog(event), language)


def parsed(content: bytes) -> Any:
    vevent = icalendar.Event.from_ical(b"BEGIN:VEVENT\r\n" + content + b"END:VEVENT\r\n")
    assert not vevent.errors
    return vevent


def description(event: Event, language: Language, catalog: Catalog | None = None) -> str:
    return str(parsed(rendered(event, language, catalog))["DESCRIPTION"])


def names(content: bytes) -> list[str]:
    lines = content.replace(b"\r\n ", b"").decode().splitlines()
    return [line.partition(":")[0] for line in lines]


def test_the_title_carries_the_ordinal_of_the_year(english: Language) -> None:
    titles = [parsed(rendered(black_january(), english, year=year))["SUMMARY"] for year in (2019, 2024, 2027)]

    assert titles == [f"Black January: {nth} anniversary" for nth in ("29th", "34th", "37th")]


def test_a_day_takes_the_whole_day_and_its_end_is_exclusive(english: Language) -> None:
    assert rendered(black_january(), english).startswith(
        b"DTSTART;VALUE=DATE:20270120\r\nDTEND;VALUE=DATE:20270121\r\n"
    )


def test_the_last_day_of_a_span_is_within_it(english: Language) -> None:
    two_days = replace(in_year(make_event()), last=date(2027, 1, 21))

    assert b"DTEND;VALUE=DATE:20270122\r\n" in render_vevent(two_days, make_catalog(two_days.event), english)


def test_the_properties_stand_in_one_order_and_only_dates_have_parameters(english: Language) -> None:
    assert names(rendered(black_january(), english)) == [
        "DTSTART;VALUE=DATE",
        "DTEND;VALUE=DATE",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
        "GEO",
        "CATEGORIES",
        "STATUS",
        "TRANSP",
        "CLASS",
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-MICROSOFT-CDO-ALLDAYEVENT",
    ]


def test_nobody_is_shown_as_busy(english: Language) -> None:
    content = rendered(black_january(), english)

    assert content.endswith(
        b"GEO:40.3553;49.8128\r\nCATEGORIES:Azerbaijan\r\nSTATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nCLASS:PUBLIC\r\n"
        b"X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n"
    )


def test_the_description_says_what_is_known_and_who_says_so(english: Language) -> None:
    assert description(black_january(), english).splitlines() == [
        "Units of the Soviet army entered Baku. [1] [2]",
        "",
        "Begins on the eve, Tuesday, 19 January 2027",
        "Counted from: the entry of Soviet troops into Baku, 37 years",
        "",
        "Figures",
        "Sources differ; each figure stands beside who says it.",
        "Killed:",
        "- 147, according to official data [2]",
        "- at least 140, according to Euronews [1]",
        "",
        "Names",
        "- Euronews calls it: massacre [1]",
        "",
        "Sources",
        "[1] Euronews, “Remembrance becomes pivotal”, English",
        "[2] JAMnews, “Azerbaijan remembers”, English, published 20 January 2019",
    ]


def test_what_is_particular_to_a_year_is_said_in_that_year_only(english: Language) -> None:
    event = make_event(
        years={
            2027: YearNotes(
                text(en="The monument is closed."),
                (
                    ProgrammeItem(
                        datetime.fromisoformat("2027-01-20T10:00"),
                        Place(text(en="Alley of Martyrs"), None, None),
                        text(en="Flowers are laid."),
                        "https://example.org/programme",
                    ),
                ),
            )
        }
    )
    said = (
        "This year\nThe monument is closed.\n"
        "- Wednesday, 20 January 2027, 10:00, Alley of Martyrs: Flowers are laid. https://example.org/programme"
    )

    assert said in description(event, english)
    assert b"monument" not in rendered(event, english, year=2028)


def test_a_day_moved_once_says_why(english: Language) -> None:
    event = make_event(exceptions={2027: Moved(date(2027, 1, 21), text(en="snow"))})

    assert b"DTSTART;VALUE=DATE:20270121\r\n" in rendered(event, english)
    assert "Moved; the usual date is Wednesday, 20 January 2027: snow" in description(event, english)


def test_in_a_year_without_a_usual_day_it_says_only_why(english: Language) -> None:
    event = make_event(
        rule=parse_rule("29 February", LeapDay.LEAP_YEARS_ONLY),
        exceptions={2027: Moved(date(2027, 1, 21), text(en="a round year"))},
    )

    assert "Moved this year: a round year" in description(event, english)


def test_an_estimated_date_says_so(english: Language) -> None:
    occurrence = replace(in_year(make_event()), estimated=True)
    content = render_vevent(occurrence, make_catalog(occurrence.event), english)

    assert "The date is an estimate" in parsed(content)["DESCRIPTION"]


def test_ways_of_remembering_updates_and_notes_of_documents_are_said(english: Language) -> None:
    event = make_event(
        official_name=NameClaim(text(en="Day of National Mourning"), OFFICIAL, (JAMNEWS_PAGE,)),
        remembered=(Statement(text(en="Flowers are laid."), JAMNEWS, (JAMNEWS_PAGE,)),),
        updates=(Update(date(2024, 2, 23), text(en="A grave was found."), OFFICIAL, (EURONEWS_PAGE,)),),
    )
    catalog = make_catalog(event)
    page = replace(catalog.sources[EURONEWS_PAGE], note=text(en="no date"), url="https://example.org/page")
    catalog = replace(catalog, sources={**catalog.sources, EURONEWS_PAGE: page})
    said = description(event, english, catalog)

    assert "Names\n- official name, official data: Day of National Mourning [1]" in said
    assert "How it is remembered\n- Flowers are laid. (according to JAMnews) [1]" in said
    assert "Updates\n- 23 February 2024: A grave was found. (according to official data) [2]" in said
    assert "English, https://example.org/page\nnote of the source: no date" in said


def test_equal_figures_are_not_said_to_differ(english: Language) -> None:
    figure = black_january().figures[0]
    alike = tuple(FigureClaim(147, Qualifier.EXACTLY, by, (JAMNEWS_PAGE,), None) for by in (OFFICIAL, JAMNEWS))

    assert "differ" not in description(make_event(figures=(replace(figure, claims=alike),)), english)


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ((40.3553, 49.8128), "GEO:40.3553;49.8128"),
        ((40.0, -180.0), "GEO:40.0;-180.0"),
        ((1e-05, -0.0), "GEO:0.00001;0.0"),
        ((-1e-9, 1e-6), "GEO:0.0;0.000001"),
        ((12.3456789, -0.1234564), "GEO:12.345679;-0.123456"),
    ],
)
def test_a_position_is_told_in_plain_decimals(at: tuple[float, float], line: str, english: Language) -> None:
    """RFC 5545 §3.3.7: a FLOAT has no exponent."""
    event = make_event(place=Place(text(en="A place"), None, at))

    assert line in rendered(event, english).decode().splitlines()


def test_an_event_of_which_only_the_name_is_known_has_no_description(english: Language) -> None:
    assert "DESCRIPTION" not in names(rendered(make_event(counts=None, collections=()), english))


def test_a_text_in_another_language_is_shown_and_labelled(german: Language) -> None:
    event = make_event(heading=text(en="Black January"), place=Place(text(en="Baku"), None, None), counts=None)
    content = parsed(rendered(event, german))

    assert content["LOCATION"] == "Baku"
    assert content["DESCRIPTION"] == "Black January (auf Englisch)\nWo: Baku (auf Englisch)"


def test_an_unreviewed_translation_is_shown_and_says_so(german: Language) -> None:
    event = make_event(translations={"de": "machine"})

    assert parsed(rendered(event, german))["SUMMARY"] == "Schwarzer Januar: 37. Jahrestag"
    assert "Diese Übersetzung ist nicht geprüft." in description(event, german)


@given(heading=any_text, body=any_text, place=any_text, collection=any_text)
def test_every_text_is_read_back_as_it_was(heading: str, body: str, place: str, collection: str) -> None:
    event = make_event(
        heading=text(en=heading),
        summary=(Statement(text(en=f"A{body}B"), None, ()),),
        place=Place(text(en=place), None, None),
        origin=None,
    )
    catalog = make_catalog(event, collections={CollectionId("azerbaijan"): text(en=collection)})
    vevent = parsed(render_vevent(in_year(event), catalog, Languages(LOCALES)["en"]))

    assert vevent["SUMMARY"] == one_line(heading)
    assert vevent["DESCRIPTION"] == plain(f"A{body}B")
    assert vevent["LOCATION"] == one_line(place)
    assert vevent.categories == [plain_name(collection)]


def test_a_collections_name_is_one_category_to_readers_that_divide_it_at_any_comma(english: Language) -> None:
    """Home Assistant's reader (ical 14.3) makes two of an escaped comma, with the backslash in the first one."""
    event = make_event(collections=(CollectionId("caucasus"), CollectionId("floods")))
    catalog = make_catalog(event, collections={CollectionId("caucasus"): text(en="Georgia, Armenia; and\\or more")})

    assert b"\r\nCATEGORIES:Georgia Armenia and or more,floods\r\n" in render_vevent(in_year(event), catalog, english)


def test_anniversaries_together_read_as_each_alone(german: Language) -> None:
    event = black_january()
    catalog = make_catalog(event)
    occurrences = occurrences_between([event], date(2026, 1, 1), date(2031, 1, 1))

    together = list(render_vevents(event, occurrences, catalog, german))

    assert together == [render_vevent(occurrence, catalog, german) for occurrence in occurrences]


class TestFingerprints:
    def of(self, catalog: Catalog, year: int = 2027, language_digest: str = "de") -> str:
        return Fingerprints(catalog).of(in_year(catalog.events[0], year), language_digest)

    def test_it_is_equal_for_an_equal_catalog(self) -> None:
        assert self.of(make_catalog()) == self.of(make_catalog())

    def test_it_tells_years_and_languages_apart(self) -> None:
        catalog = make_catalog()

        assert len({self.of(catalog), self.of(catalog, year=2028), self.of(catalog, language_digest="az")}) == 3

    def test_it_changes_with_the_event(self) -> None:
        mended = replace(black_january(), heading=text(en="Black January", de="Der Schwarze Januar"))

        assert self.of(make_catalog(mended)) != self.of(make_catalog(black_january()))

    def test_it_changes_with_a_cited_document_and_with_its_publisher(self) -> None:
        catalog = make_catalog()
        page: Source = replace(catalog.sources[EURONEWS_PAGE], title="Another")
        party = replace(catalog.parties[EURONEWS], name=text(en="EURONEWS"))

        assert self.of(replace(catalog, sources={**catalog.sources, EURONEWS_PAGE: page})) != self.of(catalog)
        assert self.of(replace(catalog, parties={**catalog.parties, EURONEWS: party})) != self.of(catalog)

    def test_it_does_not_change_with_what_the_event_does_not_cite(self) -> None:
        bare = make_catalog(make_event())
        party = replace(bare.parties[EURONEWS], name=text(en="EURONEWS"))

        assert self.of(replace(bare, parties={**bare.parties, EURONEWS: party})) == self.of(bare)

    def test_it_changes_with_the_name_of_a_collection(self) -> None:
        named = make_catalog(collections={CollectionId("azerbaijan"): text(en="Azərbaycan")})

        assert self.of(named) != self.of(make_catalog())

    def test_it_changes_with_the_words_of_the_language(self, tmp_path: Path) -> None:
        catalogs = tmp_path / "de" / "LC_MESSAGES"
        catalogs.mkdir(parents=True)
        original = (LOCALES / "de" / "LC_MESSAGES" / "notifier.po").read_text(encoding="utf-8")
        (catalogs / "notifier.po").write_text(original.replace("Jahrestag", "Gedenktag"), encoding="utf-8")

        assert Languages(tmp_path).digest("de") != Languages(LOCALES).digest("de")
