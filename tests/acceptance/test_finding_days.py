"""Finding a day in a real browser: everybody can use the pages, they ask nobody else, and a year fits on one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from notifier.catalog.load import load_catalog
from tests.acceptance.browsing import ARTEFACTS, AXE, COMPLAINTS, TOO_WIDE, Scheme, running_chromium, watching
from tests.acceptance.test_browser import serving
from tests.factories import ROOT
from tests.further_languages import in_every_language
from tests.web_site import LANGUAGES, SmallSite

PAGES = {
    "home": "/en/",
    "event-with-plots": "/en/events/black-january",
    "day-fa": "/fa/events/black-january/2027",
    "year": "/en/calendar/2027",
    "year-fa": "/fa/calendar/2027",
    "year-hy": "/hy/calendar/2028",
    "collection": "/az/collections/azerbaijan",
    "search": "/ru/search?q=%D1%8F%D0%BD%D0%B2%D0%B0%D1%80%D1%8C",
    "no-hit": "/fr/search?q=nulle+part",
    "outlook": "/tr/outlook",
    "lost": "/de/calendar/1800",
}
PICTURES = ARTEFACTS / "finding"


def site_from(*files: Path) -> SmallSite:
    catalog = load_catalog(list(files), LANGUAGES.tags).catalog
    assert catalog is not None
    return SmallSite(in_every_language(catalog))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(site_from(ROOT / "events.yaml")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (375, "dark"), (1280, "light")])
def test_everybody_can_use_the_pages(chromium: Browser, address: str, width: int, scheme: Scheme) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with watching(chromium, address, width, scheme) as watched:
        for name, path in PAGES.items():
            answer = watched.page.goto(path)
            assert answer is not None
            assert len(answer.body()) < 100_000, name
            watched.page.evaluate(AXE)
            assert watched.page.evaluate(COMPLAINTS) == [], name
            assert watched.page.evaluate(TOO_WIDE) == 0, name
            watched.page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
        assert all(url.startswith(address) for url in watched.asked)
        # The browser itself says that the lost page was answered with 404; nothing else is complained of.
        assert [said for said in watched.complaints if "404" not in said] == []


def test_somebody_finds_a_day_without_scripts(chromium: Browser, address: str) -> None:
    with watching(chromium, address, 375, scripts=False) as watched:
        page = watched.page
        page.goto("/az/")
        page.get_by_role("searchbox").fill("xocali")
        page.get_by_role("searchbox").press("Enter")
        page.get_by_role("link", name="Xocalı").first.click()

        assert page.url == f"{address}/az/events/khojaly"


@pytest.mark.parametrize("calendar", ["events.yaml", "calendars/world.yaml"])
def test_a_year_is_printed_on_one_sheet(chromium: Browser, calendar: str) -> None:
    with serving(site_from(ROOT / calendar)) as address, watching(chromium, address) as watched:
        for path in ("/en/calendar/2028", "/ru/calendar/2027", "/fa/calendar/2027"):
            watched.page.goto(path)
            sheet = watched.page.pdf(prefer_css_page_size=True)
            assert sheet.count(b"/Type /Page\n") == 1, path
