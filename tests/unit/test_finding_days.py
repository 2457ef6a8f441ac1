"""The pages on which somebody finds a day: valid, in the reader's language, and harmless whatever a calendar says."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

import pytest

from notifier.content.collection_page import collection_page
from notifier.content.for_machines import manifest, robots, sitemap, sitemaps
from notifier.content.outlook_page import outlook_csv, outlook_page
from notifier.content.pages import event_page, occurrence_page, published_occurrence
from notifier.content.resources import Resource
from notifier.content.search_page import search_page
from notifier.content.site import SiteDay
from notifier.content.weeks import month_names, weekdays
from notifier.content.year_page import year_named, year_page
from notifier.domain.events import CollectionId, Milestones, Moved, Place, ProgrammeItem, YearNotes
from notifier.domain.origins import Origin
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.texts import LanguageTag
from tests.factories import black_january, khojaly, make_catalog, make_event, text
from tests.unit.test_pages import HOSTILE, code_in, hostile_catalog, parsed, said, site_of, ways_back
from tests.web_site import LANGUAGES

EN, DE, FA = LANGUAGES["en"], LANGUAGES["de"], LANGUAGES["fa"]
AZERBAIJAN = CollectionId("azerbaijan")


def pages(site: SiteDay) -> Iterator[tuple[str, Resource]]:
    for language in site.languages:
        yield f"year {language.tag}", year_page(site, language, 2027)
        yield f"collection {language.tag}", collection_page(site, language, AZERBAIJAN)
        yield f"outlook {language.tag}", outlook_page(site, language)
        yield f"search {language.tag}", search_page(site, language, HOSTILE, site.catalog.events)
        yield f"no hit {language.tag}", search_page(site, language, HOSTILE, ())
        yield f"nothing asked {language.tag}", search_page(site, language, "", ())


@pytest.mark.parametrize("catalog", [make_catalog(), hostile_catalog()], ids=["plain", "hostile"])
def test_every_page_is_valid_and_has_no_code_in_it(catalog: object) -> None:
    for name, resource in pages(site_of(catalog=catalog)):  # type: ignore[arg-type]  # one of two catalogs
        page = parsed(resource)

        assert len(page.findall(".//h1")) == 1, name
        assert not [one.tag for one in page.iter() if one.tag in {"style", "img", "iframe"}], name
        assert code_in(page) == [], name
        assert not [key for one in page.iter() for key in one.attrib if key == "style" or key[:2] == "on"], name
        ids = [one.attrib["id"] for one in page.iter() if "id" in one.attrib]
        assert len(ids) == len(set(ids)), name
        assert {href[1:] for _, href in ways_back(page) if href.startswith("#")} <= set(ids), name


# A year


def test_a_year_marks_every_remembered_day_and_leads_to_it() -> None:
    page = parsed(year_page(site_of(), EN, 2027))
    marked = page.findall(".//td[@class='kept mourning']/a")

    assert [(said(one), one.get("href")) for one in marked] == [
        ("20: Black January: 37th anniversary", "/en/events/black-january/2027"),
        ("26: Khojaly: 35th anniversary", "/en/events/khojaly/2027"),
    ]
    assert len(page.findall(".//table[@class='month']")) == 12
    assert len(page.findall(".//table[@class='month']/tbody/tr/td")) % 7 == 0


def test_several_on_one_day_lead_to_the_list() -> None:
    events = (black_january(), replace(khojaly(), rule=FixedDay(1, 20)))
    page = parsed(year_page(site_of(*events), EN, 2027))

    assert [one.get("href") for one in page.findall(".//td[@class='kept mourning']/a")] == ["#day-2027-01-20"]


def test_what_lasts_several_days_is_marked_on_each() -> None:
    span = make_event(rule=parse_rule("8 May to 9 May"))
    page = parsed(year_page(site_of(span), EN, 2027))

    assert [said(one).split(":")[0] for one in page.findall(".//td[@class='kept mourning']/a")] == ["8", "9"]


@pytest.mark.parametrize(
    ("text_", "year"), [("2027", 2027), ("2025", None), ("02027", None), ("۲۰۲۷", None), ("", None)]
)
def test_only_published_years_have_a_page(text_: str, year: int | None) -> None:
    assert year_named(site_of(), text_) == year


@pytest.mark.parametrize(("tag", "first"), [("en", "Monday"), ("de", "Montag"), ("fa", "شنبه"), ("ru", "Понедельник")])
def test_a_week_begins_where_it_does_in_the_language(tag: str, first: str) -> None:
    assert weekdays(LANGUAGES[tag])[0].name == first


@pytest.mark.parametrize("tag", LANGUAGES.tags)
def test_weekdays_and_months_are_named_in_every_language(tag: str) -> None:
    assert len({day.name for day in weekdays(LANGUAGES[tag])}) == 7
    assert len({day.short for day in weekdays(LANGUAGES[tag])}) >= 5
    assert len(set(month_names(LANGUAGES[tag]))) == 12


# Collections and search


def test_a_collection_lists_what_comes_and_all_its_events() -> None:
    page = parsed(collection_page(site_of(), DE, AZERBAIJAN))

    assert said(page.find(".//h1")) == "Aserbaidschan"
    assert len(page.findall(".//ol[@class='coming']/li")) == 2
    assert [said(one) for one in page.findall(".//ul[@class='events']/li")] == ["Chodschali", "Schwarzer Januar"]
    assert "/feeds/de/azerbaijan.ics" in said(page.find(".//code"))


def test_what_was_asked_is_shown_again_and_nobody_keeps_it() -> None:
    resource = search_page(site_of(), EN, "black", [black_january()])
    page = parsed(resource)
    field = page.find(".//input[@name='q']")

    assert field is not None
    assert field.get("value") == "black"
    assert "1 event was found." in said(page)
    assert dict(resource.headers)["X-Robots-Tag"] == "noindex"
    assert dict(resource.headers)["Cache-Control"].startswith("private")
    assert page.find(".//link[@rel='canonical']") is None
    assert page.find(".//meta[@name='robots'][@content='noindex']") is not None
    assert "/de/search?q=black" in [address for _, address in ways_back(page)]


# Round anniversaries


def test_round_anniversaries_stand_under_their_years() -> None:
    page = parsed(outlook_page(site_of(), EN))

    assert [said(one) for one in page.findall(".//h2")] == ["2030", "2032"]
    assert [one.get("href") for one in page.findall(".//table//a")] == [
        "/en/events/black-january/2030",
        "/en/events/khojaly",  # 2032 is not published yet
    ]


def test_planners_see_the_fortieth_where_milestones_are_quarters_of_a_century() -> None:
    catalog = make_catalog(milestones=Milestones((25, 50, 100), (365,)))
    page = parsed(outlook_page(site_of(catalog=catalog), EN))

    assert [said(one) for one in page.findall(".//h2")] == ["2030", "2032"]
    assert "anniversaries whose number is a multiple of 10 or 25." in said(page)


def test_years_without_any_name_the_next_one() -> None:
    young = make_event(origin=Origin(2021, 1, 20))
    page = parsed(outlook_page(site_of(young, day=date(2032, 2, 1)), EN))

    assert "No round anniversary falls in the years from 2032 to 2037." in said(page)
    assert "20th anniversary" in said(page)


def test_the_table_never_begins_a_formula() -> None:
    event = make_event(heading=text(en="=HYPERLINK(1)", de="=HYPERLINK(1)"))
    rows = list(csv.reader(StringIO(outlook_csv(site_of(event), EN).body.decode())))

    assert len(rows) > 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


# What machines read


def data_of(resource: Resource) -> dict[str, object]:
    script = parsed(resource).find(".//script[@type='application/ld+json']")
    assert script is not None
    told: dict[str, object] = json.loads(script.text or "")
    return told


def the_day(site: SiteDay, tag: str = "en") -> Resource:
    event = site.catalog.events[0]
    occurrence = published_occurrence(site, event, "2027")
    assert occurrence is not None
    return occurrence_page(site, LANGUAGES[tag], occurrence)


def test_an_anniversary_is_told_to_machines_as_an_event() -> None:
    told = data_of(the_day(site_of()))

    assert told["@type"] == "Event"
    assert (told["startDate"], told["endDate"]) == ("2027-01-20", "2027-01-20")
    assert told["name"] == "Black January: 37th anniversary"
    assert told["url"] == "https://days.example.org/en/events/black-january/2027"
    assert told["image"] == "https://days.example.org/en/events/black-january/2027.png"
    assert told["location"] == {
        "@type": "Place",
        "name": "Baku",
        "address": "Baku",
        "geo": {"@type": "GeoCoordinates", "latitude": 40.3553, "longitude": 49.8128},
    }


def test_the_page_of_an_event_tells_machines_of_its_next_day() -> None:
    site = site_of()

    assert data_of(event_page(site, EN, site.catalog.events[0])) == data_of(the_day(site))


def test_nothing_a_calendar_says_ends_the_data_block() -> None:
    resource = the_day(site_of(catalog=hostile_catalog()))
    told = data_of(resource)

    assert HOSTILE in str(told["name"])
    block = resource.body.decode().split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert not set("<>&'") & set(block)


def test_a_moved_anniversary_is_told_as_one_with_its_usual_day() -> None:
    moved = Moved(date(2027, 1, 22), text(en="an election", de="eine Wahl"))
    told = data_of(the_day(site_of(make_event(exceptions={2027: moved}))))

    assert told["eventStatus"] == "https://schema.org/EventRescheduled"
    assert (told["startDate"], told["previousStartDate"]) == ("2027-01-22", "2027-01-20")
    assert data_of(the_day(site_of()))["eventStatus"] == "https://schema.org/EventScheduled"


@pytest.mark.parametrize(
    ("zone", "begins"), [(None, "2027-01-20T12:00:00+04:00"), ("Asia/Tokyo", "2027-01-20T12:00:00+09:00")]
)
def test_a_programme_is_told_with_the_offset_of_its_place_or_else_of_the_calendar(
    zone: str | None, begins: str
) -> None:
    place = Place(text(en="Baku", de="Baku"), zone, None)
    item = ProgrammeItem(datetime(2027, 1, 20, 12), place, text(en="A minute", de="Eine Minute"), None)  # noqa: DTZ001  # wall time
    told = data_of(the_day(site_of(make_event(years={2027: YearNotes(None, (item,))}))))

    assert [one["startDate"] for one in told["subEvent"]] == [begins]  # type: ignore[attr-defined]


def test_a_page_that_is_shared_shows_a_picture_of_its_day() -> None:
    site = site_of()
    for page in (parsed(the_day(site)), parsed(event_page(site, EN, site.catalog.events[0]))):
        told = {one.get("property"): one.get("content") for one in page.findall(".//meta[@property]")}

        assert told["og:image"] == "https://days.example.org/en/events/black-january/2027.png"
        assert told["og:image:alt"] == "Black January: 37th anniversary, Wednesday, 20 January 2027"


def test_lists_of_pages_say_when_each_was_revised() -> None:
    site = site_of()
    path = "/en/events/black-january/2027"
    listed = ET.fromstring(sitemap(site, EN, 1, {path: datetime(2026, 11, 22, 7, tzinfo=UTC)}).body)  # noqa: S314  # our own
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    pages = {one.findtext(f"{space}loc"): one.findtext(f"{space}lastmod") for one in listed}

    assert pages[f"https://days.example.org{path}"] == "2026-11-22T07:00:00Z"
    assert pages["https://days.example.org/en/calendar/2028"] is None
    assert "https://days.example.org/en/collections/azerbaijan" in pages
    assert not [page for page in pages if page and "search" in page]
    assert b"https://days.example.org/de/sitemap-1.xml" in sitemaps(site).body


def test_the_form_is_listed_where_a_service_runs() -> None:
    here, alone = site_of(), replace(site_of(), live=False)

    assert b"<loc>https://days.example.org/en/subscribe</loc>" in sitemap(here, EN, 1, {}).body
    assert b"/subscribe" not in sitemap(alone, EN, 1, {}).body


def test_crawlers_are_told_where_the_pages_are_listed() -> None:
    assert (
        b"Sitemap: https://museum.example.org/days/sitemap.xml\n"
        in robots(site_of(base_url="https://museum.example.org/days")).body
    )


def test_the_site_in_brief_is_in_its_language_below_the_base_address() -> None:
    catalog = make_catalog(languages=(LanguageTag("en"), LanguageTag("fa")))
    told = json.loads(manifest(site_of(catalog=catalog, base_url="https://museum.example.org/days"), FA).body)

    assert (told["lang"], told["dir"], told["start_url"]) == ("fa", "rtl", "/days/fa/")
    assert all(icon["src"].startswith("/days/static/") for icon in told["icons"])


# Taking one day into a calendar


def test_the_page_of_a_day_fills_in_outlooks_form_with_whole_days() -> None:
    """FEEDS, Subscribe links: one occurrence."""
    links = {said(link): str(link.get("href")) for link in parsed(the_day(site_of())).iter("a")}

    for name, host in (("Outlook.com", "outlook.live.com"), ("Microsoft 365", "outlook.office.com")):
        link = links[f"Add this day to {name}"]
        assert link.startswith(f"https://{host}/calendar/0/deeplink/compose?")
        assert "rru=addevent" in link
        assert "startdt=2027-01-20&enddt=2027-01-21&allday=true" in link
        assert "subject=Black%20January%3A%2037th%20anniversary" in link
