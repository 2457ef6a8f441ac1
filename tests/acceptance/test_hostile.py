"""Somebody tries to run a script, and Chromium opens what is answered: once as it is served, where any breach of the
Content Security Policy fails, and once with that policy off, so that a script that got through runs.

Every field of a calendar, every form, query and header is tried in tests/integration/test_hostile_answers.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import html5lib
import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.browsing import running_chromium, watching
from tests.acceptance.test_browser import serving
from tests.hostile_service import (
    HOSTILE,
    HostileService,
    every_kind,
    faults,
    feed_contents,
    hostile_service,
    parsed,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileService]:
    with hostile_service(tmp_path_factory.mktemp("hostile")) as served:
        yield served


@pytest.fixture(scope="module")
def paths(served: HostileService) -> list[str]:
    return every_kind(served)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_what_runs_is_noticed(chromium: Browser, bad: str) -> None:
    with (
        watching(chromium, "https://x.example", bypass_csp=True, expected="dialog: 1") as watched,
        watched.page.expect_event("dialog"),
    ):
        watched.page.set_content(bad)


@pytest.fixture(scope="module")
def address_of_it(served: HostileService) -> Iterator[str]:
    with serving(replace(served.view)) as there:
        yield there


@pytest.mark.parametrize("trusting", [False, True], ids=["as served", "without a policy"])
def test_in_a_browser_no_page_of_it_runs_anything(
    chromium: Browser, address_of_it: str, paths: list[str], *, trusting: bool
) -> None:
    with watching(chromium, address_of_it, bypass_csp=trusting) as watched:
        page = watched.page
        # Each kind of page is opened both ways, in one language each.
        for path in (path for path in paths if path.startswith("/en/") != trusting):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status in {200, 404, 422}, path
            page.mouse.click(2, 2)
            page.keyboard.press("Tab")


def test_what_is_shown_elsewhere_runs_nothing_there(chromium: Browser, served: HostileService) -> None:
    """Entries in a feed reader, messages in a mail client, and the form on another site: none has our policy."""
    shown = parsed(served.browser().get("/en/subscribe").text).findall(".//pre[@class='snippet']/code")
    snippets = ["".join(one.itertext()) for one in shown]
    assert snippets
    entries = dict.fromkeys(html for _, html in feed_contents(served))
    with watching(chromium, "https://x.example", bypass_csp=True) as watched:
        for html in ("<hr>".join(entries), *snippets, *(message.html for message in served.messages.values())):
            assert html
            watched.page.set_content(html)
            watched.page.keyboard.press("Tab")
        assert watched.asked == []
    for html in snippets:
        assert faults(html5lib.parseFragment(html, namespaceHTMLElements=False)) == []


FILL = """([which, text, names]) => {
    const form = document.querySelector(which);
    form.noValidate = true;
    for (const field of [...form.elements]) {
        if (!field.name || field.type === "submit" || !names(field.name)) continue;
        const plain = document.createElement("input");
        plain.name = field.name;
        plain.value = text;
        field.replaceWith(plain);
    }
}"""
OTHERS = "name => name !== 'page' && name !== 'reply'"


BUILDING, MAIL = "form[action='/selections']", "#mail-form"
FORMS = (
    *(("/en/subscribe", which, names)
      for which in (BUILDING, MAIL)
      for names in (OTHERS, "name => name === 'page'", "name => name === 'reply'")),
    ("/manage", "form[action='/manage']", OTHERS),
    ("/en/search", "main form", OTHERS),
)  # fmt: skip
"""Forms, and which of their fields are hostile at once; the language of the page and the trap hide what others do."""


def test_in_a_browser_no_form_runs_anything(chromium: Browser, address_of_it: str) -> None:
    with watching(chromium, address_of_it) as watched:
        page = watched.page
        for path, which, names in FORMS:
            page.goto(path)
            send(page, which, names)
            assert page.locator("img, iframe, base, script:not([src^='/static/'])").count() == 0


def send(page: Page, which: str, names: str) -> None:
    """Send a form, its fields of these names filled with what would run."""
    page.evaluate(f"([which, text]) => ({FILL})([which, text, {names}])", [which, HOSTILE])
    with page.expect_navigation():
        page.locator(f"{which} button").first.click()


def test_in_a_browser_no_form_of_the_settings_runs_anything(
    chromium: Browser, served: HostileService, address_of_it: str
) -> None:
    token = served.view.tokens.manage(served.reader().key, served.view.now())
    with watching(chromium, address_of_it) as watched:
        page = watched.page
        page.goto(f"/manage/{token}")
        page.locator("main button").click()
        page.wait_for_url("**/manage")
        actions = page.eval_on_selector_all("main form", "forms => forms.map(form => form.getAttribute('action'))")
        changing = [one for one in dict.fromkeys(actions) if one and not one.endswith(("/end", "/leave", "/erase"))]
        assert len(changing) >= 4
        for action in changing:
            page.goto("/manage")
            send(page, f"main form[action='{action}']", OTHERS)
