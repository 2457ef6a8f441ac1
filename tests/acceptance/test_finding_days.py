"""Finding a day in a real browser: everybody can use the pages, they ask nobody else, and a year fits on one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from notifier.catalog.load import load_catalog
from notifier.domain.events import CollectionId, Figure, FigureClaim, Place, Qualifier
from notifier.domain.origins import Origin
from notifier.domain.texts import Text
from tests.acceptance.browsing import TOO_WIDE, look, running_chromium, watching
from tests.acceptance.test_browser import serving
from tests.factories import EURONEWS, EURONEWS_PAGE, ROOT, black_january, make_catalog
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


MARKED = """one => {
    const style = getComputedStyle(one);
    return [style.borderTopStyle, parseFloat(style.borderTopWidth) > 0];
}"""


def test_what_kind_a_day_is_does_not_hang_on_its_colour(chromium: Browser, address: str) -> None:
    """WCAG 2.2, 1.4.1: words stand beside the colours, and days stay marked where there are none."""
    with watching(chromium, address) as watched:
        page = watched.page
        page.goto("/en/calendar/2027")
        key = page.get_by_role("list", name="What the colours mean")
        assert key.get_by_role("listitem").all_inner_texts() == ["mourning", "national"]
        mark = page.locator(".month .kept a").first

        page.emulate_media(forced_colors="active")
        assert mark.evaluate(MARKED) == ["solid", True]
        assert "mourning" in page.locator(".marks li").first.inner_text()
        page.emulate_media(forced_colors="none", media="print")
        assert mark.evaluate(MARKED) == ["solid", True]
        assert key.is_visible()


TOUCHING = """() => {
    const boxes = [...document.querySelectorAll(".plot")].map(
        plot => [...plot.querySelectorAll(".number")].map(one => one.getBoundingClientRect()));
    return boxes.map(row => row.some((one, n) => row.some((other, m) =>
        m > n && one.left < other.right && other.left < one.right)));
}"""


def test_large_figures_can_be_read_on_their_scale(chromium: Browser) -> None:
    values = (5_600_000, 6_300_000, 1_000_000_000, 1_500_000_000)
    figures = tuple(
        Figure(
            "killed",
            None,
            tuple(FigureClaim(n, Qualifier.ABOUT, EURONEWS, (EURONEWS_PAGE,), None) for n in (value, value // 2)),
        )
        for value in values
    )
    catalog = make_catalog(replace(black_january(), figures=figures), languages=tuple(LANGUAGES.tags))
    with serving(SmallSite(catalog)) as address, watching(chromium, address, 375) as watched:
        for tag in ("en", "ru", "fa"):
            watched.page.goto(f"/{tag}/events/black-january")
            assert watched.page.evaluate(TOUCHING) == [False] * len(values), tag
        look(watched.page, "finding/plots-fa")
        assert watched.page.locator(".plot .by").first.get_attribute("lang") == "de"
        assert watched.page.locator(".key").first.inner_text().strip() == "حدود همین شمار"


# 33 and 48 letters, and 40 of a script whose letters are joined.
LONG_WORDS = ("Kriegsgräberfürsorgeveranstaltung", "Befreiungsgedenk" * 3, "یادبودگاه" * 4 + "یادب")
NARROW = (
    "/{tag}/",
    "/{tag}/events/black-january",
    "/{tag}/events/black-january/2027",
    "/{tag}/collections/azerbaijan",
    "/{tag}/outlook",
    "/{tag}/calendar/2027",
    "/{tag}/search?q=1977",
    "/{tag}/subscribe",
)


@pytest.mark.parametrize("word", LONG_WORDS, ids=["33", "48", "fa"])
def test_no_word_is_so_long_that_it_pushes_a_page_sideways(chromium: Browser, word: str) -> None:
    """WCAG 2.2, 1.4.10: in headings, names of places, of collections and of the calendar."""
    tag = "de" if word.isascii() or "ä" in word else "fa"
    said = Text.of([("en", word), (tag, word)])
    event = replace(black_january(), heading=said, place=Place(said, "Asia/Baku", None), origin=Origin(1977, 1, 20))
    catalog = make_catalog(
        event, name=said, languages=tuple(LANGUAGES.tags), collections={CollectionId("azerbaijan"): said}
    )
    with serving(SmallSite(catalog)) as address, watching(chromium, address, 320) as watched:
        for path in (one.format(tag=tag) for one in NARROW):
            watched.page.goto(path)
            assert word[:12] in watched.page.content(), path
            for width in (320, 375):
                watched.page.set_viewport_size({"width": width, "height": 900})
                assert watched.page.evaluate(TOO_WIDE) <= 0, f"{path} at {width} pixels"


@pytest.mark.parametrize("calendar", ["events.yaml", "calendars/world.yaml"])
def test_a_year_is_printed_on_one_sheet(chromium: Browser, calendar: str) -> None:
    with serving(site_from(ROOT / calendar)) as address, watching(chromium, address) as watched:
        for path in ("/en/calendar/2028", "/ru/calendar/2027", "/fa/calendar/2027"):
            watched.page.goto(path)
            sheet = watched.page.pdf(prefer_css_page_size=True)
            assert sheet.count(b"/Type /Page\n") == 1, path
