"""What the browser tests notice by themselves: whatever a page does against its policy fails the test that sees it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from notifier.web.headers import usual_headers
from tests.acceptance.browsing import look, running_chromium, watching

SITE = "https://days.example.org"
PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Days</title><main><h1>Days</h1>BODY</main></html>"""
STYLE = "<style>h1 { color: red }</style>"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


def opens(page: Page, body: str, headers: dict[str, str]) -> None:
    """Open a page of that content; nothing leaves this machine."""

    def answered(route: Route) -> None:
        if route.request.is_navigation_request():
            route.fulfill(body=PAGE.replace("BODY", body), content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.fulfill(status=404)

    page.context.route("**/*", answered)
    page.goto("/en/")


def visit(chromium: Browser, body: str, *, scripts: bool = True, policy: bool = True, expected: str = "") -> None:
    """Go through a page as a test does that asserts nothing of its own; with the headers of every page, or none."""
    with watching(chromium, SITE, scripts=scripts, expected=expected) as watched:
        opens(watched.page, body, usual_headers(SITE) if policy else {})
        if 'id="press"' in body:
            watched.page.locator("#press").click()


@pytest.mark.parametrize(
    "body",
    [
        "<script>document.title = 'Ran'</script>",
        '<script src="https://elsewhere.example/one.js"></script>',
        '<a href="javascript:alert(1)" id="press">Run</a>',
        '<button onclick="alert(1)" id="press">Run</button>',
        "<style>h1 { color: red }</style>",
        '<p style="color: red">Days</p>',
        '<img src="https://elsewhere.example/one.png" alt="">',
    ],
)
def test_what_breaks_the_policy_fails_the_test(chromium: Browser, body: str) -> None:
    with pytest.raises(AssertionError, match=r"the browser complains.*Content Security Policy"):
        visit(chromium, body)


def test_what_breaks_the_policy_fails_it_without_scripts_too(chromium: Browser) -> None:
    with pytest.raises(AssertionError, match=r"the browser complains.*Content Security Policy"):
        visit(chromium, STYLE, scripts=False)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<script>alert(1)</script>", "the browser complains.*dialog: 1"),
        ("<script>nothing()</script>", "the browser complains.*nothing is not defined"),
        ('<img src="/static/lost.png" alt="">', "the browser complains.*404"),
        ('<a id="press" href="https://elsewhere.example/">Elsewhere</a>', "asked of another host"),
    ],
)
def test_what_no_page_does_fails_it_without_a_policy_too(chromium: Browser, body: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        visit(chromium, body, policy=False)


def test_a_complaint_that_is_expected_has_to_come_and_no_other(chromium: Browser) -> None:
    visit(chromium, STYLE, expected="Content Security Policy")
    with pytest.raises(AssertionError, match=r"the browser complains.*Content Security Policy"):
        visit(chromium, f'<img src="/static/lost.png" alt="">{STYLE}', expected="status of 404")
    with pytest.raises(AssertionError, match="the browser does not complain"):
        visit(chromium, "<p>Days</p>", expected="Content Security Policy")


FAINT = """<style>
    :root { color-scheme: light dark } body { background: white; color: black }
    @media (prefers-color-scheme: dark) { body { background: black; color: #333 } }</style>"""


def test_what_not_everybody_can_use_is_seen(chromium: Browser) -> None:
    with watching(chromium, SITE) as watched:
        for body, said in (
            ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "375 pixels, light: against rules"),
            ("<details><summary>More</summary><button></button></details>", "375 pixels, light: against rules"),
            (f"<pre>{'long' * 50}</pre>", "pixels too wide"),
            (FAINT, "375 pixels, dark: against rules"),
        ):
            opens(watched.page, body, {})
            with pytest.raises(AssertionError, match=said):
                look(watched.page, "watching/faulty")
