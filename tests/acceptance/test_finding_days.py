"""Finding a day in a real browser: everybody can use the pages, they ask nobody else, and a year fits on one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from notifier.catalog.load import load_catalog
from tests.acceptance.browsing import look, running_chromium, watching
from tests.acceptance.test_browser import serving
from tests.factories import ROOT
from tests.further_languages import in_every_language
from tests.web_site import LANGUAGES, SmallSite

# In the languages in which not every kind of page is looked at.
PAGES = {
    "year-hy": "/hy/calendar/2028",
    "collection-az": "/az/collections/azerbaijan",
    "search-ru": "/ru/search?q=%D1%8F%D0%BD%D0%B2%D0%B0%D1%80%D1%8C",
    "no-hit-fr": "/fr/search?q=nulle+part",
    "outlook-tr": "/tr/outlook",
    "lost-de": "/de/calendar/1800",
}


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


def test_everybody_can_use_the_pages(chromium: Browser, address: str) -> None:
    with watching(chromium, address, 375) as watched:
        for name, path in PAGES.items():
            answer = watched.page.goto(path)
            assert answer is not None
            assert len(answer.body()) < 100_000, name
            look(watched.page, f"finding/{name}")


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
