"""Every kind of page in a real browser: axe finds nothing, nothing is asked elsewhere, and hostile texts stay texts.

Pictures of all of them are kept: narrow and light, wide and dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from notifier.catalog.load import load_catalog
from notifier.content.edition_page import ReleasedEdition
from tests.acceptance.browsing import ARTEFACTS, AXE, COMPLAINTS, TOO_WIDE, Scheme, running_chromium, watching
from tests.acceptance.test_browser import serving
from tests.factories import ROOT
from tests.further_languages import in_every_language
from tests.unit.test_pages import hostile_catalog
from tests.web_site import LANGUAGES, SmallSite

CHOSEN = "select=collection:azerbaijan&ahead=7&alarms=7&alarms=0&lang=de&timed=on"

KEY = "a" * 26
"""Of an edition."""

STATUSES = {"lost": 404, "unsubscribe-invalid": 404, "subscribe-refused": 422}
"""Those that are no 200."""

PAGES = {
    "home": "/en/",
    "home-fa": "/fa/",
    "event": "/en/events/black-january",
    "anniversary-fa": "/fa/events/black-january/2027",
    "year": "/en/calendar/2027",
    "search": "/en/search",
    "search-found": "/en/search?q=baku",
    "subscribe": "/en/subscribe",
    "subscribe-fa": "/fa/subscribe",
    "subscribe-chosen": f"/en/subscribe?{CHOSEN}",
    "subscribe-refused": "/de/subscribe?select=",
    "edition": f"/editions/{KEY}",
    "lost": "/tr/nowhere",
    "manage-ask": "/manage",
    "unsubscribe": "/unsubscribe/{unsubscribe}",
    "unsubscribe-invalid": "/unsubscribe/none",
}


@pytest.fixture(scope="module")
def site() -> SmallSite:
    catalog = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags).catalog
    assert catalog is not None
    site = SmallSite(in_every_language(catalog), allowed_origins=("https://partner.example",))
    text = "Black January: 37th anniversary\n\nMore: https://days.example.org/en/events/black-january\n"
    site.editions[KEY] = ReleasedEdition("en", date(2027, 1, 13), "Black January", text, ("A figure was wrong.",))
    return site


@pytest.fixture(scope="module")
def address(site: SmallSite) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_no_page_breaks_a_rule_of_accessibility(
    chromium: Browser, site: SmallSite, address: str, width: int, scheme: Scheme
) -> None:
    """WCAG 2.2 AA as far as axe can tell, target size included; in both schemes."""
    folder = ARTEFACTS / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    with watching(chromium, address, width, scheme) as watched:
        page = watched.page
        for name, path in PAGES.items():
            answer = page.goto(path.format(unsubscribe=site.tokens.unsubscribe("reader")))
            assert answer is not None
            assert answer.status == STATUSES.get(name, 200), name
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            page.evaluate(AXE)
            assert page.evaluate(COMPLAINTS) == [], name
            assert page.evaluate(TOO_WIDE) <= 0, name
        assert watched.complaints == []
        assert watched.strangers(address) == []


def test_without_its_stylesheet_a_page_is_read_in_its_order_and_its_form_is_filled_in(
    chromium: Browser, site: SmallSite, address: str
) -> None:
    with watching(chromium, address, scripts=False) as watched:
        page = watched.page
        page.route("**/static/style.css*", lambda route: route.abort())
        page.goto("/en/subscribe")
        tops = [heading.bounding_box() for heading in page.locator("h1, h2").all()]
        assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
        assert page.get_by_role("link", name="Skip to content").is_visible()

        page.locator("#some").check()
        page.get_by_label("Khojaly", exact=True).first.check()
        page.get_by_role("button", name="Build the calendar").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your calendar")
        assert [str(one) for one in site.selections.built.values()] == ["en khojaly"]


def test_the_whole_form_is_sent_with_the_keyboard_and_focus_is_always_seen(
    chromium: Browser, site: SmallSite, address: str
) -> None:
    with watching(chromium, address) as watched:
        page = watched.page
        page.goto("/en/subscribe")
        page.locator("#mail-email").focus()
        page.keyboard.type("keyboard@example.org")
        seen = 0
        for _ in range(60):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", page.evaluate("document.activeElement.outerHTML")
            seen += 1
            if page.evaluate("document.activeElement.matches('#mail-form button')"):
                break
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Please look into your mailbox")
        assert seen > 10
        assert site.visitors.signed_up[-1][0] == "keyboard@example.org"


def test_a_field_that_cannot_be_read_says_so_beside_itself(chromium: Browser, address: str) -> None:
    with watching(chromium, address, 375) as watched:
        page = watched.page
        page.goto("/en/subscribe")
        page.locator("#mail-email").evaluate("field => field.type = 'text'")
        page.locator("#mail-email").fill("nobody")
        page.get_by_role("button", name="Subscribe by e-mail").click()
        field = page.get_by_label("E-mail address", exact=True)

        expect(field).to_have_attribute("aria-invalid", "true")
        described = page.locator(f"#{field.get_attribute('aria-describedby')}")
        assert described.inner_text() == "Please write an e-mail address, such as name@example.org."
        page.get_by_role("alert").get_by_role("link").click()
        assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "mail-email"


def test_hostile_texts_of_a_calendar_run_nothing(chromium: Browser) -> None:
    """Every field of the calendar tries to run a script, on every kind of page."""
    with (
        serving(
            SmallSite(hostile_catalog(), allowed_origins=('https://x.example"><script>alert(1)</script>',))
        ) as there,
        watching(chromium, there) as watched,
    ):
        page = watched.page
        event = f"/en/events/{hostile_catalog().events[0].id}"
        for path in ("/en/", event, f"{event}/2027", "/en/calendar/2027", "/en/outlook", "/en/search?q=script",
                     "/en/subscribe", "/en/subscribe?select=all&ahead=7&timed=on"):  # fmt: skip
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            page.locator("body").click(position={"x": 2, "y": 2})
        assert watched.complaints == []
        assert watched.strangers(there) == []


HOSTILE = """"'><script>alert(1)</script><img src=x onerror=alert(2)>javascript:alert(3)"""


def test_hostile_queries_and_forms_run_nothing(chromium: Browser, address: str) -> None:
    with watching(chromium, address) as watched:
        page = watched.page
        fields = ("select", "lang", "alarms", "hour", "ahead", "round", "timed", "page", "built")
        for path, names in (("/en/search", ("q",)), ("/en/subscribe", fields), ("/manage", ("done",))):
            for name in names:
                page.goto(f"{path}?{urlencode({name: HOSTILE})}")
        for action, select in (("/selections", "#calendar ~ form"), ("/subscriptions", "#mail-form")):
            page.goto("/en/subscribe")
            page.evaluate(FILL, [select, HOSTILE])
            page.locator(f"{select} button").first.click()
            page.wait_for_url(f"**{action}")
        assert watched.complaints == []
        assert page.locator("img, script:not([src^='/static/'])").count() == 0


FILL = """([which, text]) => {
    const form = document.querySelector(which);
    form.noValidate = true;
    for (const field of form.querySelectorAll("input, select")) {
        if (field.name === "reply" || field.name === "page") continue;
        const plain = document.createElement("input");
        plain.name = field.name;
        plain.value = text;
        field.replaceWith(plain);
    }
}"""
