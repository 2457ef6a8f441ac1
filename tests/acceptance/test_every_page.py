"""Every kind of page in a real browser: everybody can use it, also on a narrow screen, and without its stylesheet.

Pictures of all of them are kept: narrow and light, wide and dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.routing import Match, Route

from notifier.web.app import build_app
from tests.acceptance.browsing import ARTEFACTS, LOOKS, NARROW, TOO_WIDE, look, running_chromium, watching
from tests.acceptance.kinds import (
    ALIKE,
    ELSEWHERE,
    KINDS,
    KINDS_FOR_PEOPLE,
    KINDS_OF_DAYS,
    KINDS_OF_MANY,
    TemplatesFilledIn,
    go,
    links,
    site_of_every_kind,
    site_of_many,
)
from tests.acceptance.photographs import photograph
from tests.acceptance.test_browser import serving
from tests.web_site import SmallSite

BEYOND_AXE, SPACED, WITHOUT_CSS = (
    Path(__file__).with_name(name).read_text("utf-8") for name in ("beyond_axe.js", "spaced.js", "without_css.js")
)

HEADINGS_ALONE = """[...document.querySelectorAll("section[aria-labelledby]")].map(one =>
    [one.innerText.trim(), document.getElementById(one.getAttribute("aria-labelledby")).innerText.trim()]
).filter(([all, heading]) => all && all === heading)"""

PRINTED: Final = {"home", "event", "anniversary-fa", "collection", "outlook", "month"}

FAILED: Final = "Failed to load resource"

NO_PAGES: Final = {
    "/": "leads to a page",
    "/{lang}": "leads to a page",
    "/healthz": "text for machines",
    "/readyz": "text for machines",
    "/static/{name}": "what pages are shown with",
    "/favicon.ico": "a picture",
    "/{lang}/events/{id}/{year}.png": "a picture",
    "/robots.txt": "text for machines",
    "/sitemap.xml": "XML",
    "/{lang}/sitemap-{part}.xml": "XML",
    "/{lang}/site.webmanifest": "JSON",
    "/api/{path:path}": "JSON",
    "/{lang}/outlook.csv": "a table",
    "/{lang}/outlook.xlsx": "a table",
    "/manage/export": "JSON",
    **dict.fromkeys(
        (f"/manage/{doing}" for doing in ("preferences", "day", "leave-day", "resume", "leave", "rejoin")),
        "leads back to the settings, or shows them with what is wrong as the address for a pause does",
    ),
    "/{lang}/calendar/{year}/{month}/{part}": "a part of a list, as a collection has them",
    "/{lang}/outlook/{year}/{part}": "a part of a list, as a collection has them",
}
"""Addresses at which no page is answered that looks like no other."""

PICTURED: Final = {"event", "subscribe", "year", "settings", "anniversary-fa"}
"""Of these a picture without the stylesheet is kept."""


@pytest.fixture(scope="module")
def templates() -> TemplatesFilledIn:
    return TemplatesFilledIn()


@pytest.fixture(scope="module")
def site(templates: TemplatesFilledIn) -> SmallSite:
    return site_of_every_kind(templates)


@pytest.fixture(scope="module")
def address(site: SmallSite) -> Iterator[str]:
    with serving(site, settled=0) as address:
        yield address


@pytest.fixture(scope="module")
def of_many(templates: TemplatesFilledIn) -> Iterator[SmallSite]:
    site = site_of_many(templates)
    with serving(site, settled=0):
        yield site


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


def test_everybody_can_use_the_pages_on_which_days_are_found(chromium: Browser, site: SmallSite, address: str) -> None:
    """WCAG 2.2 AA as far as axe can tell, and some that it cannot; in both schemes, at both widths."""
    with watching(chromium, address, 375) as watched:
        for name, kind in KINDS_OF_DAYS.items():
            go(watched.page, site, kind)
            everybody_can_use(watched.page, name)


def test_everybody_can_use_the_pages_by_which_people_subscribe_and_leave(
    chromium: Browser, site: SmallSite, address: str
) -> None:
    with watching(chromium, address, 375, expected=f"{FAILED}: the server responded with a status of 50") as watched:
        for name, kind in KINDS_FOR_PEOPLE.items():
            go(watched.page, site, kind)
            everybody_can_use(watched.page, name)


def test_everybody_can_use_the_pages_of_a_calendar_of_very_many_days(chromium: Browser, of_many: SmallSite) -> None:
    with watching(chromium, of_many.base_url, 375) as watched:
        watched.page.goto("/en/search")
        for name, kind in KINDS_OF_MANY.items():
            go(watched.page, of_many, kind)
            everybody_can_use(watched.page, name)


def everybody_can_use(page: Page, name: str) -> None:
    """Look at the page that is open, in a window 375 pixels wide and in others."""
    if name not in ELSEWHERE:
        look(page, f"pages/{name}", NARROW if name in ALIKE else LOOKS)
    assert page.evaluate(BEYOND_AXE) == [], name
    assert page.evaluate(SPACED) == [], f"{name}, with its text spaced (1.4.12)"
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(TOO_WIDE) <= 0, f"{name} has to be moved sideways (1.4.10)"
    page.set_viewport_size({"width": 375, "height": 900})
    if name in PRINTED:
        page.emulate_media(media="print")
        assert page.evaluate(HEADINGS_ALONE) == [], f"{name}, printed"
        page.emulate_media(media="screen")


@pytest.mark.usefixtures("address")
def test_every_kind_of_page_can_be_read_and_filled_in_without_stylesheet_and_scripts(
    chromium: Browser, site: SmallSite, of_many: SmallSite, templates: TemplatesFilledIn
) -> None:
    """There is a kind for every template of a page."""
    for here, kinds in ((site, KINDS), (of_many, KINDS_OF_MANY)):
        with watching(chromium, here.base_url, scripts=False, expected=FAILED) as watched:
            page = watched.page
            page.route("**/static/style.css*", lambda route: route.abort())
            page.goto("/en/search")
            for name, kind in kinds.items():
                go(page, here, kind)
                assert page.evaluate(WITHOUT_CSS) == [], name
                if name in PICTURED:
                    photograph(page, ARTEFACTS / "without-css" / f"{name}.png")
    assert templates.pages() - templates.filled == set()


def test_without_stylesheet_and_scripts_every_form_is_sent(chromium: Browser, site: SmallSite, address: str) -> None:
    with watching(chromium, address, scripts=False, expected=FAILED) as watched:
        page = watched.page
        heading = page.get_by_role("heading", level=1)
        page.route("**/static/style.css*", lambda route: route.abort())
        page.goto("/en/subscribe")
        page.locator("#some").check()
        page.get_by_label("Khojaly", exact=True).first.check()
        page.get_by_role("button", name="Build the calendar").click()
        expect(heading).to_have_text("Your calendar")
        assert "en khojaly" in [str(one) for one in site.selections.built.values()]

        page.goto("/en/search")
        page.get_by_role("searchbox").fill("khojaly")
        page.get_by_role("search").get_by_role("button").click()
        expect(page.get_by_role("main").get_by_role("link", name="Khojaly")).to_be_visible()

        page.goto("/en/subscribe")
        page.get_by_label("E-mail address", exact=True).fill("plain@example.org")
        page.get_by_role("button", name="Subscribe by e-mail").click()
        expect(heading).to_have_text("Please look into your mailbox")
        assert site.visitors.signed_up[-1][0] == "plain@example.org"

        page.goto("/manage")
        page.get_by_label("E-mail address").fill("plain@example.org")
        page.get_by_role("button", name="Send me the link").click()
        expect(heading).to_have_text("Please look into your mailbox")
        assert site.visitors.asked[-1] == "plain@example.org"

        for link, button, said in (
            ("/manage/{manage}", "Open the settings", "Your subscription"),
            ("/unsubscribe/{unsubscribe}", "Yes, unsubscribe", "Unsubscribe from notices"),
        ):
            page.goto(link.format(**links(site)))
            page.get_by_role("button", name=button).click()
            expect(heading).to_have_text(said)


def tabbed(page: Page, until: str, most: int = 80) -> int:
    """Go from field to field up to the one that is looked for; what has the focus is seen, and nothing lies over it."""
    for times in range(1, most):
        page.keyboard.press("Tab")
        here, outline, seen = page.evaluate("""() => {
            const here = document.activeElement;
            const {left, top, width, height} = here.getBoundingClientRect();
            const there = document.elementFromPoint(left + width / 2, top + height / 2);
            return [here.outerHTML, getComputedStyle(here).outlineStyle, here.contains(there) || there?.contains(here)];
        }""")
        assert outline != "none", here
        assert seen, f"something lies over it, or it is outside the window: {here}"
        if page.evaluate("until => document.activeElement.matches(until)", until):
            return times
    pytest.fail(f"{until} is not reached")


def test_with_the_keyboard_forms_are_sent_and_focus_is_always_seen(
    chromium: Browser, site: SmallSite, address: str
) -> None:
    """WCAG 2.2, 2.1.1, 2.4.7 and 2.4.11; also from the first key on, by the link that skips the head of the page."""
    with watching(chromium, address) as watched:
        page = watched.page
        page.goto("/en/subscribe")
        page.locator("#mail-email").focus()
        page.keyboard.type("keyboard@example.org")
        assert tabbed(page, "#mail-form button") > 10
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Please look into your mailbox")
        assert site.visitors.signed_up[-1][0] == "keyboard@example.org"

        page.goto("/en/search")
        assert tabbed(page, "a.skip") == 1
        page.keyboard.press("Enter")
        assert tabbed(page, "main #q") == 1
        page.keyboard.type("khojaly")
        assert tabbed(page, "main form button") == 1
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text(re.compile("1 event was found"))
        assert tabbed(page, "main .marks a") > 1

        go(page, site, KINDS["settings"])
        assert tabbed(page, "footer a") > 30


def test_a_field_that_cannot_be_read_says_so_beside_itself(chromium: Browser, site: SmallSite, address: str) -> None:
    with watching(chromium, address, 375) as watched:
        page = watched.page
        page.goto("/en/search")
        go(page, site, KINDS["mail-refused"])
        field = page.get_by_label("E-mail address", exact=True)

        expect(field).to_have_attribute("aria-invalid", "true")
        described = page.locator(f"#{field.get_attribute('aria-describedby')}")
        assert described.inner_text() == "Please write an e-mail address, such as name@example.org."
        page.get_by_role("alert").get_by_role("link", name="e-mail").click()
        assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "mail-email"
        group = page.get_by_role("group", name="Days", exact=True)
        expect(group).to_have_accessible_description("Please choose at least one day or collection.")


def test_there_is_a_kind_for_every_address_that_answers_with_a_page(site: SmallSite) -> None:
    routes = [one for one in starlette(site).routes if isinstance(one, Route)]
    kinds = (*KINDS.values(), *KINDS_OF_MANY.values())
    asked = {route_of(routes, kind.path.format(**links(site)).partition("?")[0]) for kind in kinds}

    assert {one.path for one in routes} - asked == set(NO_PAGES)


def starlette(site: SmallSite) -> Starlette:
    """Return the application inside of what stands around it."""
    app: object = build_app(site)
    while not isinstance(app, Starlette):
        app = vars(app)["_app"]
    return app


def route_of(routes: list[Route], path: str) -> str:
    """Return the pattern of the address that answers at a path."""
    scope = {"type": "http", "path": path, "method": "GET"}
    return next((one.path for one in routes if one.matches(scope)[0] is not Match.NONE), "")
