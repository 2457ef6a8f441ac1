"""Subscribing by form, confirming from the mailbox, changing everything, and leaving: as people do it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.browsing import ARTEFACTS, AXE, COMPLAINTS, CONTRAST, TOO_WIDE, Scheme, running_chromium
from tests.acceptance.conftest import Daemon, Place, wait_for

Start = Callable[..., Daemon]
EMAIL = "reader@example.org"
PICTURES = ARTEFACTS / "subscribing"
SCHEMES: tuple[Scheme, ...] = ("dark", "light")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A browser that runs no scripts."""
    context = chromium.new_context(locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


class Mailbox:
    """What has come for one person so far."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.seen = 0

    def next(self) -> EmailMessage:
        """Wait for the next message; who waits for one has it within seconds."""
        wait_for(f"message {self.seen + 1}", lambda: len(self._place.messages()) > self.seen, patience=30)
        self.seen += 1
        return self._place.messages()[self.seen - 1]


def said(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(message: EmailMessage, what: str) -> str:
    found = re.search(rf"http://[^/\s]+/{what}/[^\s]+", said(message))
    assert found is not None, said(message)
    return found[0]


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def test_a_reader_subscribes_confirms_changes_their_mind_and_leaves(start: Start, place: Place, page: Page) -> None:
    daemon, mailbox = start(), Mailbox(place)

    page.goto(f"{daemon.url}/en/subscribe")
    page.get_by_label("E-mail address", exact=True).fill(EMAIL)
    press(page, "Subscribe by e-mail")
    assert page.get_by_role("heading", level=1).inner_text() == "Please look into your mailbox"
    asked = mailbox.next()
    assert (asked["To"], asked["Subject"]) == (EMAIL, "Please confirm your subscription to Days of remembrance")
    assert status(place) == "pending"

    page.goto(link(asked, "confirm"))
    assert status(place) == "pending"
    press(page, "Yes, I want to receive them")
    assert page.get_by_role("heading", name="What comes next").is_visible()
    assert status(place) == "active"
    welcome = mailbox.next()
    assert welcome["Subject"] == "Your subscription to Days of remembrance"

    page.goto(f"{daemon.url}/manage")
    page.get_by_label("E-mail address", exact=True).fill(EMAIL)
    press(page, "Send me the link")
    page.goto(link(mailbox.next(), "manage"))
    press(page, "Open the settings")
    assert page.url == f"{daemon.url}/manage"

    page.get_by_label("Not before this hour").select_option("07:00")
    page.get_by_label("7 days before").first.check()
    press(page, "Save the settings")
    assert page.get_by_text("The settings are saved.").is_visible()
    page.get_by_label("Write to me again from this date on").fill("2099-01-20")
    press(page, "Pause until then")
    assert page.get_by_text(f"Paused: {EMAIL} is written to again from 20 January 2099 on.").is_visible()
    press(page, "Write to me again now")
    page.locator("#left-event").select_option("Khojaly")
    press(page, "Write to me no more about this day")
    shown = place.run("subscribers", "show", EMAIL).stdout
    assert "select: collection:azerbaijan,-khojaly" in shown
    assert "hour: 7" in shown
    assert "leads: 7" in shown

    page.goto(link(welcome, "unsubscribe"))
    assert status(place) == "active"
    press(page, "Yes, unsubscribe")
    assert status(place) == "unsubscribed"
    press(page, "Keep only the days themselves")
    assert status(place) == "active"
    page.goto(link(welcome, "unsubscribe"))
    press(page, "Yes, unsubscribe")
    assert status(place) == "unsubscribed"
    assert_nothing_is_told(daemon, place)


def status(place: Place) -> str:
    found = re.search(r"^status: (\w+)$", place.run("subscribers", "show", EMAIL).stdout, re.MULTILINE)
    assert found is not None
    return found[1]


def assert_nothing_is_told(daemon: Daemon, place: Place) -> None:
    """No token, address or choice is in any line that the service wrote."""
    tokens = {
        found
        for message in place.messages()
        for found in re.findall(r"/(?:confirm|never|manage|unsubscribe)/(\S{76})", said(message))
    }
    daemon.stop()
    told = daemon.log() + daemon.printed()
    assert tokens
    assert not any(token in told or token[:16] in told for token in tokens)
    for secret in ("@example.org", "reader", "khojaly,", "-khojaly", "Europe/", "manage="):
        assert secret not in told.replace("http://127.0.0.1", ""), told


def test_a_message_to_confirm_can_be_answered_never_write_here(start: Start, place: Place, page: Page) -> None:
    daemon, mailbox = start(), Mailbox(place)
    page.goto(f"{daemon.url}/de/subscribe")
    page.get_by_label("E-Mail-Adresse", exact=True).fill(EMAIL)
    press(page, "Per E-Mail abonnieren")
    page.goto(link(mailbox.next(), "never"))
    press(page, "Yes, never write again")

    assert page.get_by_text("This address will not be written to again.").is_visible()
    done = place.run("subscribers", "add", EMAIL.upper(), "--consent", "by letter")
    assert (done.returncode, "is never to be written to again" in done.stderr) == (1, True)


def test_everything_can_be_taken_away_and_erased(start: Start, place: Place, page: Page) -> None:
    place.run("subscribers", "add", EMAIL, "--consent", "by letter")
    daemon, mailbox = start(), Mailbox(place)
    page.goto(f"{daemon.url}/manage")
    page.get_by_label("E-mail address", exact=True).fill(EMAIL)
    press(page, "Send me the link")
    page.goto(link(mailbox.next(), "manage"))
    press(page, "Open the settings")

    with page.expect_download() as taken:
        page.get_by_role("link", name="as a file (JSON)").click()
    assert taken.value.suggested_filename == "subscription.json"
    assert '"wording": "by letter"' in taken.value.path().read_text("utf-8")

    page.get_by_role("link", name="Erase everything that is kept about you").click()
    press(page, "Yes, erase everything")
    assert "nobody is there" in place.run("subscribers", "show", EMAIL).stderr
    daemon.stop()
    database = (place.folder / "var/notifier.db.suppressions").read_text()
    assert EMAIL not in database
    assert database.split()[1] == "erased"


@pytest.mark.parametrize("language", ["en", "de", "az", "tr", "ru"])
def test_the_pages_fit_are_clear_and_break_no_rule_of_accessibility(
    chromium: Browser, start: Start, place: Place, language: str
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    place.run("subscribers", "add", EMAIL, "--lang", language, "--consent", "by letter")
    daemon, mailbox = start(), Mailbox(place)
    context = chromium.new_context(base_url=daemon.url, locale={"en": "en-GB"}.get(language, language), bypass_csp=True)
    page = context.new_page()

    def look(name: str) -> None:
        for width in (375, 1000):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=PICTURES / f"{name}-{language}-{width}.png", full_page=True)
            assert page.evaluate(TOO_WIDE) == 0, f"{name} is wider than {width} pixels"
        page.evaluate(AXE)
        for scheme in SCHEMES if language == "en" else ("light",):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(COMPLAINTS) == [], (name, scheme)
            assert page.evaluate(CONTRAST) == [], (name, scheme)

    page.goto(f"/{language}/subscribe")
    look("subscribe")
    page.locator("#mail-email").evaluate("field => field.type = 'text'")
    page.locator("#mail-email").fill("nothing")
    page.locator("form[action='/subscriptions'] button").click()
    look("refused")
    page.goto("/manage")
    look("ask")
    page.locator("#mail-email").fill(EMAIL)
    page.locator("main button").click()
    look("sent")
    page.goto(link(mailbox.next(), "manage"))
    look("open")
    page.locator("main button").click()
    look("manage")
    page.goto("/manage/erase")
    look("erase")
    page.goto("/manage")
    page.locator("form[action$='/leave'] button").click()
    look("left")
    context.close()
