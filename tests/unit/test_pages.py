"""Pages: valid HTML in which every claim has its name, every foreign text its label, and no text is markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest

from notifier.content.pages import (
    error_page,
    event_page,
    home_page,
    invalid_link_page,
    not_found_page,
    occurrence_page,
    published_occurrence,
    refused_page,
    unsubscribe_page,
)
from notifier.content.resources import Resource
from notifier.content.site import SiteDay
from notifier.domain.events import (
    Catalog,
    Event,
    Figure,
    FigureClaim,
    Kind,
    NameClaim,
    Party,
    Place,
    ProgrammeItem,
    Qualifier,
    Source,
    Statement,
    Update,
    YearNotes,
)
from notifier.domain.origins import Origin
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.texts import LanguageTag, Text
from notifier.domain.windows import FeedYears
from tests.factories import (
    EURONEWS,
    EURONEWS_PAGE,
    JAMNEWS_PAGE,
    OFFICIAL,
    black_january,
    khojaly,
    make_catalog,
    make_event,
    text,
)
from tests.web_site import LANGUAGES, TEMPLATES_READ

EN, DE = LANGUAGES["en"], LANGUAGES["de"]
A_WEEK_BEFORE = date(2027, 1, 13)


def site_of(*events: Event, catalog: Catalog | None = None, day: date = A_WEEK_BEFORE, base_url: str = "") -> SiteDay:
    catalog = catalog or make_catalog(*events)
    return SiteDay(
        catalog=catalog,
        languages=tuple(LANGUAGES[tag] for tag in catalog.calendar.languages),
        templates=TEMPLATES_READ,
        base_url=base_url or "https://days.example.org",
        day=day,
        years=FeedYears(day.year - 1, day.year + 3, day.year),
        style="/static/style.css",
        icon="/static/icon.svg",
    )


def parsed(resource: Resource) -> ET.Element:
    """Parse strictly: a page with an HTML error raises."""
    tree: ET.Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(resource.body.decode())
    return tree


def said(element: ET.Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def ways_back(page: ET.Element) -> Iterator[tuple[str, str]]:
    """Yield the addresses that a page names, and where."""
    for element in page.iter():
        for name in ("href", "src", "action"):
            if name in element.attrib:
                yield element.tag, element.attrib[name]


def code_in(page: ET.Element) -> list[str]:
    """Return the scripts that are neither a file of the site's own nor a block of data, which is never executed."""
    scripts = [script for script in page.iter("script") if script.get("type") != "application/ld+json"]
    return [
        ET.tostring(script, "unicode")
        for script in scripts
        if script.text or not (script.get("src") or "").startswith("/static/")
    ]


# What comes next


def test_the_start_page_names_what_comes_next_with_its_day_and_the_days_left() -> None:
    first = parsed(home_page(site_of(), EN)).find(".//ol[@class='coming']/li")

    assert said(first) == "Black January: 37th anniversary Wednesday, 20 January 2027 · mourning in 7 days"


def test_the_start_page_speaks_the_readers_language() -> None:
    page = parsed(home_page(site_of(), DE))

    assert page.get("lang") == "de"
    assert page.get("dir") == "ltr"
    assert "Schwarzer Januar: 37. Jahrestag Mittwoch, 20. Januar 2027 · Trauer in 7 Tagen" in said(page)


def test_the_start_page_has_ten_days_when_the_year_has_fewer() -> None:
    assert len(parsed(home_page(site_of(), EN)).findall(".//ol[@class='coming']/li")) == 10


def test_a_day_beyond_the_published_years_leads_to_the_event() -> None:
    links = [link.get("href") for link in parsed(home_page(site_of(), EN)).findall(".//a[@class='title']")]

    assert links[0] == "/en/events/black-january/2027"
    assert links[-1] == "/en/events/khojaly"


def test_the_start_page_of_a_large_calendar_stays_readable() -> None:
    many = [make_event(f"day-{n}", rule=FixedDay(1 + n % 12, 1 + n % 28)) for n in range(300)]

    assert len(parsed(home_page(site_of(*many), EN)).findall(".//ol[@class='coming']/li")) == 60


def test_what_goes_on_today_is_not_over() -> None:
    page = parsed(event_page(site_of(day=date(2027, 1, 20)), EN, black_january()))

    assert said(page.find(".//p[@class='when']")) == "37th anniversary Wednesday, 20 January 2027 today"


def test_an_event_without_a_coming_date_says_so() -> None:
    assert "No date is coming up." in said(parsed(event_page(site_of(), EN, replace(black_january(), until=2020))))


def test_an_anniversary_that_is_over_has_no_days_left() -> None:
    site = site_of()
    past = published_occurrence(site, black_january(), "2026")
    assert past is not None
    page = parsed(occurrence_page(site, EN, past))

    assert said(page.find(".//h1")) == "Black January: 36th anniversary"
    assert said(page.find(".//p[@class='when']")) == "Tuesday, 20 January 2026"


@pytest.mark.parametrize("year", ["2025", "2031", "02027", "２０２７", "x", ""])
def test_only_published_years_have_a_page(year: str) -> None:
    assert published_occurrence(site_of(), black_january(), year) is None


# Claims


def test_every_figure_stands_beside_who_says_it_and_where() -> None:
    table = parsed(event_page(site_of(), EN, black_january())).find(".//table[@class='figures']")
    assert table is not None

    assert said(table.find("caption")) == "killed"
    assert [[said(cell) for cell in line] for line in table.findall("tbody/tr")] == [
        ["147", "official data", "2. JAMnews"],
        ["at least 140", "Euronews", "1. Euronews"],
    ]
    assert [cell.get("scope") for cell in table.findall("thead/tr/th")] == ["col"] * 3


def test_figures_that_differ_are_announced_as_differing() -> None:
    assert "Sources differ" in said(parsed(event_page(site_of(), EN, black_january())))


def test_a_single_figure_is_not_announced_as_differing() -> None:
    one = Figure("killed", None, (FigureClaim(38, Qualifier.EXACTLY, EURONEWS, (EURONEWS_PAGE,), None),))

    assert "Sources differ" not in said(parsed(event_page(site_of(), EN, make_event(figures=(one,)))))


def test_every_name_stands_beside_who_uses_it() -> None:
    page = parsed(event_page(site_of(), EN, black_january()))

    assert "massacre Source 1 — Euronews" in [said(item) for item in page.findall(".//ul[@class='said']/li")]


def test_every_number_of_a_source_leads_to_the_source() -> None:
    page = parsed(event_page(site_of(), EN, black_january()))
    named = {element.get("id") for element in page.iter()}

    assert {href[1:] for _, href in ways_back(page) if href.startswith("#")} <= named
    assert {"source-1", "source-2"} <= named


# Languages


def test_a_text_in_another_language_is_labelled_and_marked() -> None:
    event = make_event(
        heading=Text.of([("en", "Black January")]), summary=(Statement(text(en="Units entered Baku."), None, ()),)
    )
    page = parsed(event_page(site_of(event), DE, event))
    heading = page.find(".//h1/span[@lang='en']")

    assert heading is not None
    assert heading.get("dir") == "ltr"
    assert said(page.find(".//h1")) == "Black January (auf Englisch)"
    assert "Units entered Baku. (auf Englisch)" in said(page)


def test_a_right_to_left_text_is_marked_as_such() -> None:
    event = make_event(heading=Text.of([("fa", "ژانویهٔ سیاه")]))
    heading = parsed(event_page(site_of(event), EN, event)).find(".//h1/span[@lang='fa']")

    assert heading is not None
    assert heading.get("dir") == "rtl"


def test_a_translation_that_nobody_has_read_over_is_named_as_such() -> None:
    event = replace(black_january(), translations={"de": "machine"})
    note = "Diese Übersetzung ist nicht geprüft."

    assert note in said(parsed(event_page(site_of(event), DE, event)))
    assert "has not been reviewed" not in said(parsed(event_page(site_of(event), EN, event)))


def test_a_page_names_its_versions_in_all_languages_and_its_feeds() -> None:
    page = parsed(event_page(site_of(), DE, black_january()))
    links = {
        (link.get("hreflang") or link.get("type") or "canonical"): link.get("href")
        for link in page.findall(".//head/link")
        if link.get("rel") in {"alternate", "canonical"} and link.get("title") != "Gedenktage"
    }

    assert links == {
        "canonical": "https://days.example.org/de/events/black-january",
        "en": "https://days.example.org/en/events/black-january",
        "de": "https://days.example.org/de/events/black-january",
        "x-default": "https://days.example.org/en/events/black-january",
        "text/calendar": "https://days.example.org/feeds/de/events/black-january.ics",
        "application/atom+xml": "https://days.example.org/feeds/de/events/black-january.atom",
        "application/feed+json": "https://days.example.org/feeds/de/events/black-january.json",
    }


def test_the_start_page_for_any_other_language_is_the_one_that_asks_the_browser() -> None:
    default = parsed(home_page(site_of(), DE)).find(".//link[@hreflang='x-default']")

    assert default is not None
    assert default.get("href") == "https://days.example.org/"


def test_links_stay_below_the_path_of_the_base_address() -> None:
    page = parsed(home_page(site_of(base_url="https://museum.example.org/days"), EN))
    local = [href for tag, href in ways_back(page) if tag in {"a", "link"} and href.startswith("/")]

    assert local
    assert all(href.startswith("/days/") for href in local)


# How to subscribe


def test_the_start_page_says_how_to_subscribe_and_how_slowly_changes_arrive() -> None:
    page = parsed(home_page(site_of(), EN))
    links = [href for _, href in ways_back(page)]

    assert "https://days.example.org/feeds/en/all.ics" in said(page.find(".//code"))
    assert "webcal://days.example.org/feeds/en/all.ics" in links
    assert any(href.startswith("https://calendar.google.com/calendar/u/0/r?cid=https%3A%2F%2Fdays") for href in links)
    assert any(href.startswith("https://outlook.live.com/calendar/0/addfromweb/?url=https%3A") for href in links)
    assert all(slow in said(page) for slow in ("1 to 3 hours", "8 to 24 hours", "about 3 hours"))


def test_the_start_page_lists_the_feeds_of_collections() -> None:
    feeds = parsed(home_page(site_of(), EN)).find(".//dl[@class='feeds']")

    assert "https://days.example.org/feeds/en/azerbaijan.ics" in said(feeds)


def test_the_start_page_lists_every_feed_for_feed_readers_and_spreadsheets_too() -> None:
    shapes = parsed(home_page(site_of(), DE)).find(".//section[@id='shapes']")
    assert shapes is not None

    assert [link.get("href") for link in shapes.iter("a")] == [
        *(
            f"https://days.example.org/feeds/de/{name}.{shape}"
            for name in ("all", "azerbaijan")
            for shape in ("atom", "json", "csv")
        ),
        "/feeds/de/feeds.opml",
    ]


def test_the_start_page_hands_out_whole_years_from_this_one_on() -> None:
    years = parsed(home_page(site_of(), EN)).find(".//section[@id='years']")
    assert years is not None

    assert {said(link): link.get("href") for link in years.iter("a")} == {
        str(year): f"/feeds/en/years/{year}.ics" for year in range(2027, 2031)
    }
    assert "does not keep itself up to date" in said(years)


def test_the_page_of_a_day_hands_out_its_entry_as_a_file_and_in_googles_form() -> None:
    """FEEDS, Subscribe links: one occurrence."""
    site = site_of(base_url="https://museum.example.org/days")
    (event, _) = site.catalog.events
    occurrence = published_occurrence(site, event, "2027")
    assert occurrence is not None
    links = {said(link): link for link in parsed(occurrence_page(site, DE, occurrence)).iter("a")}

    file, google = links["Eintrag herunterladen (.ics)"], links["Diesen Tag zu Google Kalender hinzufügen"]
    assert file.get("href") == "/days/de/events/black-january/2027.ics"
    assert file.get("download") == "black-january-2027.ics"
    asked = parse_qs(urlsplit(str(google.get("href"))).query)
    assert asked["text"] == ["Schwarzer Januar: 37. Jahrestag"]
    assert asked["dates"] == ["20270120/20270121"]
    assert asked["details"][0].endswith("https://museum.example.org/days/de/events/black-january/2027")


def test_the_page_of_an_event_hands_out_its_next_day() -> None:
    site = site_of()

    links = [link.get("href") for link in parsed(event_page(site, EN, site.catalog.events[0])).iter("a")]

    assert [link for link in links if str(link).endswith(".ics") and "/events/black-january/" in str(link)] == [
        "/en/events/black-january/2027.ics"
    ]


# All pages

HOSTILE = """</title><script>alert(1)</script><img src=x onerror="alert(1)">{{ 7 * 7 }}{% if %}{n}&#39;'"""


def hostile() -> Event:
    bad, both = text(en=HOSTILE), (EURONEWS_PAGE, JAMNEWS_PAGE)
    statement = Statement(bad, EURONEWS, both)
    return make_event(
        heading=bad,
        official_name=NameClaim(bad, OFFICIAL, both),
        counts=bad,
        kind=Kind.MEMORIAL,
        place=Place(bad, "Asia/Baku", None),
        summary=(statement,),
        called=(NameClaim(bad, EURONEWS, both),),
        figures=(Figure("other", bad, (FigureClaim(1, Qualifier.ABOUT, EURONEWS, both, bad),) * 2),),
        remembered=(statement,),
        updates=(Update(date(2026, 1, 1), bad, EURONEWS, both),),
        years={
            2027: YearNotes(
                bad,
                (ProgrammeItem(datetime(2027, 1, 20, 10), Place(bad, None, None), bad, "javascript:alert(1)"),),  # noqa: DTZ001  # wall time
            )
        },
    )


def hostile_catalog() -> Catalog:
    bad = text(en=HOSTILE)
    catalog = make_catalog(hostile(), name=bad, collections={})
    source = Source(
        EURONEWS_PAGE, EURONEWS, HOSTILE, LanguageTag("en"), HOSTILE, "javascript:alert(1)", None, HOSTILE, bad
    )
    return replace(
        catalog,
        parties={id_: Party(id_, bad) for id_ in catalog.parties},
        sources={**catalog.sources, EURONEWS_PAGE: source},
    )


def every_page(site: SiteDay) -> dict[str, Resource]:
    event = site.catalog.events[0]
    occurrence = published_occurrence(site, event, "2027")
    assert occurrence is not None
    return {
        f"{render.__name__} {language.tag}": render(site, language)
        for language in site.languages
        for render in (
            home_page,
            unsubscribe_page,
            invalid_link_page,
            not_found_page,
            refused_page,
            error_page,
        )
    } | {
        f"{name} {language.tag}": page
        for language in site.languages
        for name, page in (
            ("event", event_page(site, language, event)),
            ("occurrence", occurrence_page(site, language, occurrence)),
        )
    }


@pytest.mark.parametrize("catalog", [make_catalog(), hostile_catalog()], ids=["plain", "hostile"])
def test_every_page_is_valid_html_with_one_heading_landmarks_and_no_inline_code(catalog: Catalog) -> None:
    for name, resource in every_page(site_of(catalog=catalog)).items():
        page = parsed(resource)

        assert len(page.findall(".//h1")) == 1, name
        assert len(page.findall(".//main")) == 1, name
        assert said(page.find(".//title")), name
        assert page.find(".//a[@class='skip'][@href='#content']") is not None, name
        assert not [element.tag for element in page.iter() if element.tag in {"style", "img", "iframe"}], name
        assert code_in(page) == [], name
        assert not [key for element in page.iter() for key in element.attrib if key == "style" or key[:2] == "on"], name
        assert not [href for _, href in ways_back(page) if href.startswith("javascript:")], name
        ids = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids)), name


def test_hostile_texts_are_shown_as_they_are_written() -> None:
    site = site_of(catalog=hostile_catalog())
    page = parsed(event_page(site, EN, site.catalog.events[0]))

    shown = said(page)
    assert shown.count("{{ 7 * 7 }}") >= 15
    assert "49" not in shown


def test_no_page_asks_anything_of_another_host() -> None:
    for name, resource in every_page(site_of()).items():
        page = parsed(resource)
        fetched = [link.attrib["href"] for link in page.findall(".//link") if link.get("rel") in {"stylesheet", "icon"}]
        assert sorted(fetched) == ["/static/icon.svg", "/static/style.css"], name


def test_the_same_content_is_the_same_bytes_with_the_same_etag() -> None:
    assert home_page(site_of(), EN) == home_page(site_of(), EN)
    assert dict(home_page(site_of(), EN).headers)["ETag"] != dict(home_page(site_of(), DE).headers)["ETag"]


def test_pages_without_a_lasting_address_are_neither_kept_nor_indexed() -> None:
    for render in (unsubscribe_page, invalid_link_page, not_found_page, error_page):
        headers = dict(render(site_of(), EN).headers)

        assert "no-store" in headers["Cache-Control"]
        assert "ETag" not in headers


def test_an_event_without_a_counted_origin_shows_its_year_instead() -> None:
    event = replace(khojaly(), origin=Origin(1992, 2, 26), counts=None)

    assert said(parsed(event_page(site_of(event), EN, event)).find(".//a[@class='which']")) == "2027"


@pytest.mark.parametrize(
    ("kind", "called"),
    [
        (Kind.MOURNING, "Trauer"),
        (Kind.MEMORIAL, "Gedenken"),
        (Kind.RELIGIOUS, "religiös"),
        (Kind.NATIONAL, "national"),
        (Kind.NEUTRAL, "anderes"),
    ],
)
def test_an_event_says_in_words_what_kind_of_day_it_is(kind: Kind, called: str) -> None:
    """WCAG 2.2, 1.4.1: the colour is not all there is."""
    event = replace(black_january(), kind=kind)
    facts = parsed(event_page(site_of(event), DE, event)).find(".//dl[@class='facts']")

    assert f"Art in diesem Kalender {called}" in said(facts)
    assert f"· {called}" in said(parsed(home_page(site_of(event), DE)).find(".//ol[@class='coming']"))
