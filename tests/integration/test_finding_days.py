"""Finding a day over HTTP, and what is drawn and written for it."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from time import perf_counter

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from notifier.content.outlook_page import outlook_xlsx
from notifier.content.pages import published_occurrence
from notifier.content.pictures import drawn, picture_svg
from notifier.content.resources import Resource
from notifier.content.search import SearchIndex
from notifier.domain.events import EventId, Statement
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.texts import LanguageTag
from notifier.usecases.memory import Memory
from notifier.usecases.publish import Site
from notifier.web.app import build_app
from notifier.web.public import public_paths
from tests.factories import TEMPLATES, black_january, make_catalog, make_event, text
from tests.unit.test_pages import HOSTILE, code_in, parsed, site_of
from tests.web_site import LANGUAGES, SmallSite

PICTURE = "/en/events/black-january/2027.png"


@pytest.fixture
def site() -> SmallSite:
    return SmallSite()


@pytest.fixture
def browser(site: SmallSite) -> TestClient:
    return TestClient(build_app(site), follow_redirects=False, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/en/calendar/2027", "text/html; charset=utf-8"),
        ("/de/collections/azerbaijan", "text/html; charset=utf-8"),
        ("/en/outlook", "text/html; charset=utf-8"),
        ("/en/outlook.csv", "text/csv; charset=utf-8; header=present"),
        ("/en/outlook.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("/en/site.webmanifest", "application/manifest+json"),
        ("/en/sitemap-1.xml", "application/xml"),
        ("/sitemap.xml", "application/xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/favicon.ico", "image/vnd.microsoft.icon"),
        ("/static/touch-icon.png", "image/png"),
        (PICTURE, "image/png"),
    ],
)
def test_what_may_be_kept_has_an_etag_and_is_not_sent_twice(browser: TestClient, path: str, kind: str) -> None:
    answer = browser.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    again = browser.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.head(path).headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize(
    "path",
    [
        "/en/calendar/2025",
        "/en/calendar/02027",
        "/en/calendar/" + "9" * 5000,
        "/en/collections/nothing",
        "/en/collections/",
        "/xx/search",
        "/xx/outlook.csv",
        "/en/sitemap-2.xml",
        "/en/sitemap-01.xml",
        "/en/events/black-january/2025.png",
        "/en/events/nothing/2027.png",
        "/en/outlook.pdf",
    ],
)
def test_what_is_not_there_is_said_not_to_be_with_a_way_on(browser: TestClient, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 404
    links = {link.get("href") for link in page_of(answer.content).iter("a")}
    assert {"/en/", "/en/calendar/2027", "/en/#subscribe"} <= links
    assert b'action="/en/search"' in answer.content


def page_of(body: bytes) -> ET.Element:
    return parsed(Resource(body, "text/html", ()))


def test_a_page_of_a_year_that_is_not_there_takes_no_room(site: SmallSite) -> None:
    browser = TestClient(build_app(site, Memory.of(400_000)), raise_server_exceptions=False)

    for year in range(5000, 5100):
        assert browser.get(f"/en/calendar/{year}").status_code == 404
    assert browser.get("/en/calendar/2027").status_code == 200


# Search


def test_somebody_finds_a_day(browser: TestClient) -> None:
    answer = browser.get("/en/search", params={"q": "  KHOJALY "})

    assert answer.status_code == 200
    assert 'href="/en/events/khojaly"' in answer.text
    assert 'value="KHOJALY"' in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize(
    "query",
    [HOSTILE, '"><svg onload=alert(1)>', "\x00\x1b[31m", "\ud800", "a" * 50_000, "%00", "\u202e", "' OR 1=1 --"],
)
def test_whatever_is_asked_is_shown_as_text(browser: TestClient, query: str) -> None:
    answer = browser.get("/en/search", params={"q": query.encode("utf-8", "replace")})

    assert answer.status_code == 200
    page = page_of(answer.content)
    assert not [one for one in page.iter() if one.tag in {"svg", "img"}]
    assert code_in(page) == []
    assert len(answer.content) < 10_000


def test_what_is_found_is_of_the_calendar_in_force(site: SmallSite, browser: TestClient) -> None:
    assert "khojaly" in browser.get("/en/search?q=khojaly").text
    site.catalog = make_catalog(black_january())

    assert "/en/events/khojaly" not in browser.get("/en/search?q=khojaly").text


def test_a_thousand_events_are_looked_through_in_a_moment() -> None:
    told = Statement(text(en="Units of the army entered the town in the night. " * 12), None, ())
    events = [make_event(f"day-{n}", heading=text(en=f"Day {n}"), summary=(told,)) for n in range(1000)]
    index = SearchIndex(make_catalog(*events), LANGUAGES["en"])
    begun = perf_counter()

    assert len(index.find("entered the town")) == 1000
    assert [one.id for one in index.find("day 777")] == ["day-777"]
    assert perf_counter() - begun < 0.25


# Pictures


def strip(svg: str, x: int) -> bytes:
    """Return a part of a picture, 60 wide, from `x` on: drawn by itself."""
    framed = svg.replace(
        'width="1200" height="630" viewBox="0 0 1200 630"', f'width="60" height="630" viewBox="{x} 0 60 630"'
    )
    assert framed != svg
    return drawn(framed, TEMPLATES).body


LONG = "The day on which units of the army entered the capital and several other towns of the republic in the night"
NAMES = {
    "short": "Black January",
    "long": LONG,
    "one word": "W" * 120,
    "persian": "روز یادبود کشته‌شدگان شبی که یگان‌های ارتش به پایتخت و چند شهر دیگر جمهوری وارد شدند",
    "armenian": "Հիշատակի օր այն գիշերվա, երբ բանակի ստորաբաժանումները մտան մայրաքաղաք և այլ քաղաքներ",
    "russian": "ДЕНЬ ПАМЯТИ ТЕХ, КТО ПОГИБ В НОЧЬ, КОГДА ЧАСТИ АРМИИ ВОШЛИ В СТОЛИЦУ И ДРУГИЕ ГОРОДА",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
@pytest.mark.parametrize("tag", ["en", "fa"])
def test_a_picture_has_its_words_within_its_edges(name: str, tag: str) -> None:
    languages = (LanguageTag("en"), LanguageTag("fa"))
    site = site_of(catalog=make_catalog(make_event(heading=text(en=name, fa=name)), languages=languages))
    occurrence = published_occurrence(site, site.catalog.events[0], "2027")
    assert occurrence is not None
    svg = picture_svg(site, LANGUAGES[tag], occurrence)
    empty = re.sub("<text.*?</text>", "", svg)

    assert strip(svg, 0) == strip(empty, 0)
    assert strip(svg, 1140) == strip(empty, 1140)
    beginning = 1060 if tag == "fa" else 80
    assert strip(svg, beginning) != strip(empty, beginning)


def test_a_picture_is_of_the_size_that_other_sites_show(browser: TestClient) -> None:
    assert struct.unpack(">II", browser.get(PICTURE).content[16:24]) == (1200, 630)


def test_a_name_in_letters_that_cannot_be_drawn_leaves_the_day(site: SmallSite, browser: TestClient) -> None:
    site.catalog = make_catalog(make_event(heading=text(en="広島", de="広島")))

    assert browser.get(PICTURE).status_code == 200


def test_what_a_calendar_says_is_not_read_as_a_drawing(site: SmallSite, browser: TestClient) -> None:
    bad = '</text><image href="file:///etc/passwd"/><text>&amp;'
    site.catalog = make_catalog(make_event(heading=text(en=bad, de=bad)))

    assert browser.get(PICTURE).status_code == 200


def test_a_picture_is_drawn_once_for_what_is_on_it(site: SmallSite, browser: TestClient) -> None:
    etag = browser.get(PICTURE).headers["etag"]
    site.instant = datetime(2027, 1, 15, tzinfo=UTC)  # two days later nothing on it has changed
    begun = perf_counter()

    assert browser.get(PICTURE).headers["etag"] == etag
    assert perf_counter() - begun < 0.5


def test_a_former_id_leads_to_the_present_ones_pictures(site: SmallSite, browser: TestClient) -> None:
    site.catalog = make_catalog(replace(black_january(), was=(EventId("january-1990"),)))
    answer = browser.get("/en/events/january-1990/2027.png", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (301, "/en/events/black-january/2027.png")


# The workbook for planners


def test_the_workbook_has_a_row_for_each_round_anniversary() -> None:
    book = load_workbook(BytesIO(outlook_xlsx(site_of(), LANGUAGES["de"]).body))
    sheet = book.active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert rows[0][:3] == ["Datum", "Letzter Tag", "Ereignis"]
    assert [(row[0].date(), row[2], row[3]) for row in rows[1:]] == [  # type: ignore[union-attr]  # they are instants
        (date(2030, 1, 20), "Schwarzer Januar: 40. Jahrestag", 40),
        (date(2032, 2, 26), "Chodschali: 40. Jahrestag", 40),
    ]
    assert rows[2][7] == "https://days.example.org/de/events/khojaly"  # 2032 has no page yet


def test_the_workbook_is_the_same_bytes_each_time() -> None:
    assert outlook_xlsx(site_of(), LANGUAGES["fa"]).body == outlook_xlsx(site_of(), LANGUAGES["fa"]).body


@pytest.mark.parametrize("heading", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1"])
def test_no_cell_of_the_workbook_begins_a_formula(heading: str) -> None:
    event = make_event(heading=text(en=heading, de=heading), rule=FixedDay(1, 20))
    sheet = load_workbook(BytesIO(outlook_xlsx(site_of(event), LANGUAGES["en"]).body)).active
    assert sheet is not None

    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value).startswith(("=", "+", "-", "@"))]


def test_an_operator_can_do_without_pictures() -> None:
    site = SmallSite(pictures=False)
    browser = TestClient(build_app(site))

    assert browser.get(PICTURE).status_code == 404
    assert "og:image" not in browser.get(PICTURE.removesuffix(".png")).text
    paths = list(public_paths(site, Site(site.catalog, site.years(site.instant), {}, {})))
    assert not [path for path in paths if path.startswith("/en/events/") and path.endswith(".png")]
