"""The site in a real browser: it can be read and followed, asks nothing of other hosts, and fits a telephone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import Browser

from notifier.catalog.load import load_catalog
from notifier.web.app import build_app
from notifier.web.limits import SETTLED
from tests.acceptance.browsing import TOO_WIDE, look, running_chromium, watching
from tests.factories import ROOT
from tests.further_languages import in_every_language
from tests.web_site import LANGUAGES, SmallSite

# In the languages in which not every kind of page is looked at.
PAGES = {
    "anniversary-az": "/az/events/khojaly/2027",
    "home-ru": "/ru/",
    "lost-de": "/de/events/nowhere",
    "home-hy": "/hy/",
    "anniversary-hy": "/hy/events/khojaly/2027",
    "form-hy": "/hy/subscribe",
    "form-fr": "/fr/subscribe",
}


@contextmanager
def serving(site: SmallSite, settled: float = SETTLED) -> Iterator[str]:
    """Serve the site on a free port of loopback, and yield its address; forms take so many seconds at least."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(build_app(site, settled=settled), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield site.base_url
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def site() -> SmallSite:
    catalog = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags).catalog
    assert catalog is not None
    return SmallSite(in_every_language(catalog))


@pytest.fixture(scope="module")
def address(site: SmallSite) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


def test_a_reader_comes_in_finds_a_day_and_reads_it_in_another_language(chromium: Browser, address: str) -> None:
    with watching(chromium, address) as watched:
        page = watched.page
        page.goto("/")
        assert page.url == f"{address}/en/"

        page.get_by_role("link", name="Black January: 37th anniversary").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Black January: 37th anniversary"
        page.get_by_role("link", name="Deutsch").click()

        assert page.url == f"{address}/de/events/black-january/2027"
        assert page.locator("html").get_attribute("lang") == "de"
        assert page.get_by_role("table", name="Getötete").get_by_role("row").count() > 2


def test_the_keyboard_skips_to_the_content(chromium: Browser, address: str) -> None:
    with watching(chromium, address) as watched:
        watched.page.goto("/en/")
        watched.page.keyboard.press("Tab")
        skip = watched.page.get_by_role("link", name="Skip to content")
        box = skip.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        watched.page.keyboard.press("Enter")

        assert watched.page.url.endswith("#content")


def test_leaving_works_without_scripts(chromium: Browser, address: str, site: SmallSite) -> None:
    with watching(chromium, address, scripts=False) as watched:
        watched.page.goto(f"/unsubscribe/{site.tokens.unsubscribe('reader')}")
        assert site.visitors.gone == []

        watched.page.get_by_role("button", name="Yes, unsubscribe").click()

        assert watched.page.get_by_text("You will receive no more notices.").is_visible()
        assert site.visitors.gone == ["reader"]


def test_everybody_can_use_the_pages_in_every_window(chromium: Browser, address: str) -> None:
    """WCAG 2.2 AA as far as axe can tell; and no page is wider than 320 pixels where the window is not (1.4.10)."""
    with watching(chromium, address, 320) as watched:
        for name, path in PAGES.items():
            watched.page.goto(path)
            assert watched.page.evaluate(TOO_WIDE) <= 0, name
            look(watched.page, f"browser/{name}")


def test_in_persian_the_page_runs_from_right_to_left_and_other_languages_in_it_do_not(
    chromium: Browser, address: str
) -> None:
    with watching(chromium, address, 700) as watched:
        page = watched.page
        page.goto("/fa/events/black-january/2027")
        heading = page.get_by_role("heading", level=1)
        english = page.get_by_text("Units of the Soviet army entered Baku")

        assert heading.inner_text() == "ژانویهٔ سیاه: سی\u200cوهفتمین سالگرد"
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert [english.get_attribute(name) for name in ("lang", "dir")] == ["en", "ltr"]
        assert english.evaluate("element => getComputedStyle(element).unicodeBidi") == "isolate"
        assert page.get_by_text("(به زبان انگلیسی)").count() > 5
        box, body = heading.bounding_box(), page.locator("main").bounding_box()
        assert box is not None
        assert body is not None
        assert box["x"] + box["width"] == pytest.approx(body["x"] + body["width"], abs=25)


@pytest.mark.parametrize(
    ("zone", "chosen"), [("Asia/Calcutta", "Asia/Kolkata"), ("Asia/Tehran", "Asia/Tehran"), ("UTC", "Asia/Baku")]
)
def test_the_zone_of_the_browser_is_chosen_whichever_of_its_names_the_browser_has(
    chromium: Browser, address: str, zone: str, chosen: str
) -> None:
    """Browsers say "Asia/Calcutta" or "Asia/Kolkata"; the list has each place once."""
    with watching(chromium, address, 700, timezone_id=zone) as watched:
        watched.page.goto("/fa/subscribe")

        assert watched.page.locator("#mail-zone").input_value() == chosen


CATEGORIES = """tag => {
    const rules = new Intl.PluralRules(tag, {type: "ordinal"});
    return Array.from({length: 1001}, (_, n) => rules.select(n));
}"""


@pytest.mark.parametrize("tag", ["en", "de", "az", "tr", "ru", "fr", "hy"])
def test_ordinals_have_the_endings_of_the_browsers_own_rules(chromium: Browser, tag: str) -> None:
    """From 1 to 1,000 (ICU's rules, not Babel's); the round thousands are where Azerbaijani is mended."""
    language = LANGUAGES[tag]
    messages = {
        "one": "{n}st", "two": "{n}nd", "few": "{n}rd", "many": "{n}th", "other": "{n}th",
    }  # fmt: skip
    page = chromium.new_page()
    categories: list[str] = page.evaluate(CATEGORIES, tag)
    page.close()

    assert page.is_closed()
    for n in range(1, 1000):
        category = categories[n]
        assert language.ordinal(n) == language.say_context(f"ordinal, {category}", messages[category], n=n)
