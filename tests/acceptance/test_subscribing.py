"""Subscribing by form, confirming from the mailbox, changing everything, and leaving: as people do it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.browsing import look, running_chromium, watching
from tests.acceptance.conftest import Daemon, Place, free_port
from tests.acceptance.readers import Mailbox, kept_of, link, text_of
from tests.web_site import LANGUAGES

Start = Callable[..., Daemon]
EMAIL = "reader@example.org"

TAGS = ("en", "de", "az", "tr", "ru", "fa")
CALENDAR = """\
version: 1
calendar:
  id: remembrance.example.org
  name: {en: Days of remembrance, de: Gedenktage, az: Anım günləri, tr: Anma günleri, ru: Дни памяти, fa: روزهای یادبود}
  published: 2026-12-01
  zone: Asia/Baku
  languages: [en, de, az, tr, ru, fa]
  leads: [7, 0]
sources:
  euronews: {title: Remembrance, language: en, url: "https://example.org/remembrance"}
events:
  - id: black-january
    heading:
      {en: Black January, de: Schwarzer Januar, az: Qara Yanvar, tr: Kara Ocak, ru: Чёрный январь, fa: ژانویهٔ سیاه}
    origin: 1990-01-20
    counts: {en: what happened}
    kind: mourning
    summary: [{text: {en: It happened.}, source: euronews}]
  - id: khojaly
    heading: {en: Khojaly, de: Chodschali, az: Xocalı, tr: Hocalı, ru: Ходжалы, fa: خوجالی}
    origin: 1992-02-26
    counts: {en: what happened}
    kind: mourning
    summary: [{text: {en: It happened.}, source: euronews}]
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder with a calendar in six languages, and somebody who reads each."""
    place = Place(tmp_path_factory.mktemp("shared"), settings={"NOTIFIER_ACCEPT_UNREVIEWED": ",".join(TAGS[1:])})
    (place.folder / "events.yaml").write_text(CALENDAR, "utf-8")
    readers = "".join(f"{tag}@example.org,{tag},by letter\n" for tag in TAGS)
    (place.folder / "people.csv").write_text(f"email,lang,consent\n{readers}erased@example.org,en,by letter\n", "utf-8")
    taken = place.run("subscribers", "import", "people.csv")
    assert taken.returncode == 0, taken.stderr
    return place


@pytest.fixture(scope="module")
def service(shared: Place) -> Iterator[Daemon]:
    """The service that all readers of the shared folder come to."""
    daemon = Daemon(shared, free_port())
    daemon.wait_until_ready()
    yield daemon
    daemon.stop()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def test_a_reader_subscribes_confirms_changes_their_mind_and_leaves(
    chromium: Browser, start: Start, place: Place
) -> None:
    daemon = start()
    with watching(chromium, daemon.url, scripts=False) as watched:
        goes_all_the_way(watched.page, daemon, place)
    assert_nothing_is_told(daemon, place)


def goes_all_the_way(page: Page, daemon: Daemon, place: Place) -> None:
    mailbox = Mailbox(place, EMAIL)
    page.goto("/en/subscribe")
    page.get_by_label("E-mail address", exact=True).fill(EMAIL)
    press(page, "Subscribe by e-mail")
    assert page.get_by_role("heading", level=1).inner_text() == "Please look into your mailbox"
    asked = mailbox.next("confirm")
    assert (asked["To"], asked["Subject"]) == (EMAIL, "Please confirm your subscription to Days of remembrance")
    assert status(place) == "pending"

    page.goto(link(asked, "confirm"))
    assert status(place) == "pending"
    press(page, "Yes, I want to receive them")
    assert page.get_by_role("heading", name="What comes next").is_visible()
    assert status(place) == "active"
    welcome = mailbox.next(subject="Your subscription to Days of remembrance")

    page.goto(f"{daemon.url}/manage")
    page.get_by_label("E-mail address", exact=True).fill(EMAIL)
    press(page, "Send me the link")
    page.goto(link(mailbox.next("manage/"), "manage"))
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


def status(place: Place) -> str:
    return kept_of(place, EMAIL).status


def assert_nothing_is_told(daemon: Daemon, place: Place) -> None:
    """No token, address or choice is in any line that the service wrote."""
    tokens = {
        found
        for message in place.messages()
        for found in re.findall(r"/(?:confirm|never|manage|unsubscribe)/(\S{76})", text_of(message))
    }
    daemon.stop()
    told = daemon.log() + daemon.printed()
    assert tokens
    assert not any(token in told or token[:16] in told for token in tokens)
    for secret in ("@example.org", "reader", "khojaly,", "-khojaly", "Europe/", "manage="):
        assert secret not in told.replace("http://127.0.0.1", ""), told


def test_a_message_to_confirm_can_be_answered_never_write_here(
    chromium: Browser, service: Daemon, shared: Place
) -> None:
    say, email = LANGUAGES["fa"].say, "never@example.org"
    with watching(chromium, service.url, 375, locale="fa") as watched:
        page = watched.page
        page.goto("/fa/subscribe")
        page.get_by_label(say("E-mail address"), exact=True).fill(email)
        press(page, say("Subscribe by e-mail"))
        page.goto(link(Mailbox(shared, email).next("never"), "never"))
        look(page, "subscribing/never-fa")
        press(page, say("Yes, never write again"))

        expect(page.get_by_text(say("This address will not be written to again."))).to_be_visible()
        look(page, "subscribing/never-again-fa")
    done = shared.run("subscribers", "add", email.upper(), "--consent", "by letter")
    assert (done.returncode, "is never to be written to again" in done.stderr) == (1, True)


def test_everything_can_be_taken_away_and_erased(chromium: Browser, service: Daemon, shared: Place) -> None:
    email = "erased@example.org"
    with watching(chromium, service.url) as watched:
        page = watched.page
        page.goto("/manage")
        page.get_by_label("E-mail address", exact=True).fill(email)
        press(page, "Send me the link")
        page.goto(link(Mailbox(shared, email).next("manage/"), "manage"))
        press(page, "Open the settings")

        with page.expect_download() as taken:
            page.get_by_role("link", name="as a file (JSON)").click()
        assert taken.value.suggested_filename == "subscription.json"
        assert '"wording": "by letter"' in taken.value.path().read_text("utf-8")

        page.get_by_role("link", name="Erase everything that is kept about you").click()
        press(page, "Yes, erase everything")
        expect(page.get_by_role("heading", level=1)).to_have_text("Everything about you was erased.")
        look(page, "subscribing/erased")
    assert "nobody is there" in shared.run("subscribers", "show", email).stderr
    suppressed = (shared.folder / "var/notifier.db.suppressions").read_text()
    assert email not in suppressed
    assert "erased" in suppressed.split()[1::3]


@pytest.mark.parametrize("tag", TAGS)
def test_the_pages_fit_are_clear_and_break_no_rule_of_accessibility(
    chromium: Browser, service: Daemon, shared: Place, tag: str
) -> None:
    email = f"{tag}@example.org"
    with watching(chromium, service.url, 375, locale={"en": "en-GB"}.get(tag, tag)) as watched:
        page = watched.page
        page.goto(f"/{tag}/subscribe")
        page.locator("#mail-email").evaluate("field => field.type = 'text'")
        page.locator("#mail-email").fill("nothing")
        page.locator("#mail-form button[aria-describedby]").click()
        look(page, f"subscribing/refused-{tag}")
        page.goto("/manage")
        look(page, f"subscribing/ask-{tag}")
        page.locator("#mail-email").fill(email)
        page.locator("main button").click()
        look(page, f"subscribing/sent-{tag}")
        page.goto(link(Mailbox(shared, email).next("manage/"), "manage"))
        look(page, f"subscribing/open-{tag}")
        page.locator("main button").click()
        look(page, f"subscribing/manage-{tag}")
        page.goto("/manage/erase")
        look(page, f"subscribing/erase-{tag}")
        page.goto("/manage")
        page.locator("form[action$='/leave'] button").click()
        look(page, f"subscribing/left-{tag}")
