"""From the first page to the last message, as somebody walks through it: on a telephone or a desk, with scripts or not.

One service runs; everybody who walks has an address of their own. ASKS: found, understood and subscribed to within a
minute, in any of the languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from notifier.content.language import Language
from notifier.storage.subscribers import Subscriber
from tests.acceptance.browsing import ARTEFACTS, TOO_WIDE, look, running_chromium, watching
from tests.acceptance.conftest import Daemon, Place, free_port
from tests.acceptance.readers import Mailbox, kept_of, link
from tests.web_site import LANGUAGES

CALENDAR = """\
version: 1
calendar:
  id: remembrance.example.org
  name: {en: Days of remembrance, az: Anım günləri, fa: روزهای یادبود}
  published: 2026-12-01
  zone: Asia/Baku
  languages: [en, az, fa]
  leads: [7, 0]
collections: {azerbaijan: {name: {en: Azerbaijan, az: Azərbaycan, fa: جمهوری آذربایجان}}}
parties:
  euronews: {name: {en: Euronews, az: Euronews, fa: یورونیوز}}
sources:
  euronews: {publisher: euronews, title: Remembrance, language: en, url: "https://example.org/remembrance"}
events:
"""

EVENT = """\
  - id: {id}
    heading: {{en: {en}, az: {az}, fa: {fa}}}
    origin: {origin}
    counts: {{en: what happened, az: baş verənlər, fa: آنچه روی داد}}
    kind: {kind}
    collections: [azerbaijan]
    summary: [{{text: {{en: It happened., az: Bu baş verdi., fa: این روی داد.}}, source: euronews}}]
"""

EVENTS = (
    ("black-january", "1990-01-20", "mourning", "Black January", "Qara Yanvar", "ژانویهٔ سیاه"),
    ("khojaly", "1992-02-26", "mourning", "Khojaly", "Xocalı", "خوجالی"),
    ("republic", "1918-05-28", "national", "Independence Day", "Müstəqillik Günü", "روز استقلال"),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder with a calendar in three languages."""
    place = Place(tmp_path_factory.mktemp("front-door"), settings={"NOTIFIER_ACCEPT_UNREVIEWED": "az,fa"})
    events = (
        EVENT.format(id=id_, origin=origin, kind=kind, en=en, az=az, fa=fa) for id_, origin, kind, en, az, fa in EVENTS
    )
    (place.folder / "events.yaml").write_text(CALENDAR + "".join(events), "utf-8")
    return place


@pytest.fixture(scope="module")
def daemon(place: Place) -> Iterator[Daemon]:
    daemon = Daemon(place, free_port())
    daemon.wait_until_ready()
    yield daemon
    daemon.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


class Walker:
    """Somebody who reads one language, and the messages that come for them.

    One who is `thorough` looks at what they come to, wide and narrow, light and dark; the others keep a picture of it.
    """

    def __init__(self, place: Place, page: Page, language: Language, name: str, *, thorough: bool) -> None:
        self.page = page
        self.email = f"{name}@example.org"
        self.say = language.say
        self._mailbox = Mailbox(place, self.email)
        self._name = name
        self.thorough = thorough

    def kept(self) -> Subscriber:
        """Return what the service keeps of them."""
        return kept_of(self._mailbox.place, self.email)

    def press(self, said: str) -> None:
        self.page.get_by_role("button", name=self.say(said), exact=True).click()

    def sees(self, said: str) -> None:
        """Wait until the page says this."""
        expect(self.page.get_by_text(self.say(said)).first).to_be_visible()

    def stands_before(self, heading: str | re.Pattern[str]) -> None:
        """Wait for the page with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def comes_to(self, what: str) -> None:
        """Look at what is reached, or keep a picture."""
        if self.thorough:
            look(self.page, f"front-door/{self._name}-{what}")
        else:
            self.keeps_picture(what)

    def keeps_picture(self, what: str) -> None:
        """Keep a picture of the window as it is; nothing reaches beyond it."""
        (ARTEFACTS / "front-door").mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"front-door/{self._name}-{what}.png", full_page=True)
        assert self.page.evaluate(TOO_WIDE) <= 0, what

    def opens_mail(self, what: str) -> EmailMessage:
        """Wait for the next message with a link of that kind, and open it."""
        message = self._mailbox.next(what)
        self.page.goto(link(message, what))
        return message


WALKS = list(product(("en", "az", "fa"), (375, 1280), (True, False)))


@pytest.mark.parametrize(("tag", "width", "scripts"), WALKS, ids=str)
def test_somebody_finds_a_day_builds_a_feed_subscribes_changes_their_mind_and_leaves(  # noqa: PLR0917  # what a walk is, and who walks
    chromium: Browser,
    daemon: Daemon,
    place: Place,
    tag: str,
    width: int,
    scripts: bool,  # noqa: FBT001
) -> None:
    name = f"{tag}-{width}-{'scripts' if scripts else 'plain'}"
    with watching(chromium, daemon.url, width, scripts=scripts, timezone_id="Europe/Berlin", locale=tag) as watched:
        walker = Walker(place, watched.page, LANGUAGES[tag], name, thorough=scripts and width == 375)
        finds_a_day(walker, tag)
        builds_a_feed(walker, daemon, tag, scripts=scripts)
        subscribes(walker, tag, scripts=scripts)
        welcome = changes_their_mind(walker)
        if walker.thorough:
            has_second_thoughts(walker, welcome)
        leaves(walker)

    left = kept_of(place, walker.email)
    assert left.status == "unsubscribed"
    assert left.preference.hour == 7
    assert str(left.preference.selection) == "collection:azerbaijan,-khojaly"
    assert left.zone == ("Europe/Berlin" if scripts else "Asia/Baku")


def finds_a_day(walker: Walker, tag: str) -> None:
    page, heading = walker.page, next(one for one in EVENTS if one[0] == "khojaly")[{"en": 3, "az": 4, "fa": 5}[tag]]
    page.goto("/")
    assert page.url.endswith(f"/{tag}/")
    walker.keeps_picture("home")
    page.locator("#q").fill(heading)
    walker.press("Search")
    page.locator("main").get_by_role("link", name=heading).first.click()
    walker.stands_before(re.compile(re.escape(heading)))
    assert page.locator("html").get_attribute("dir") == ("rtl" if tag == "fa" else "ltr")


def builds_a_feed(walker: Walker, daemon: Daemon, tag: str, *, scripts: bool) -> None:
    page = walker.page
    page.goto(f"/{tag}/")
    page.get_by_role("link", name=walker.say("Build your own calendar"), exact=True).click()
    page.locator("#some").check()
    page.locator("input[name=select][value=khojaly]").first.check()
    page.locator("#ahead-7").check()
    page.locator("#alarm-1").check()
    walker.press("Show the next entries")
    expect(page.locator(".foreseen ol.marks").first).to_be_visible()
    # The day itself in each year, and an entry ahead of each that is still ahead.
    foreseen = page.locator(".foreseen ol.marks").first.get_by_role("listitem").count()
    assert 2 * 3 <= foreseen <= 2 * 4
    walker.press("Build the calendar")
    walker.stands_before(walker.say("Your calendar"))
    walker.comes_to("built")
    address = page.locator("#feed-address").inner_text()
    assert page.get_by_role("img", name=walker.say("QR code of the calendar’s address")).is_visible()
    copy = page.get_by_role("button", name=walker.say("Copy the address"))
    assert copy.is_visible() == scripts
    if scripts:
        copy.click()
        walker.sees("The address is copied.")

    feed = daemon.get(address.removeprefix(daemon.url))
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    assert feed.body.count(b".ahead-7@") >= 3
    assert b"BEGIN:VALARM" in feed.body
    assert b"UID:black-january" not in feed.body


def subscribes(walker: Walker, tag: str, *, scripts: bool) -> None:
    page = walker.page
    page.goto(f"/{tag}/subscribe")
    assert page.locator("#mail-zone").input_value() == ("Europe/Berlin" if scripts else "Asia/Baku")
    page.locator("#mail-email").fill(walker.email)
    walker.press("Show the next message")
    walker.stands_before(walker.say("Subscribe by e-mail"))
    expect(page.locator("details .subject")).to_be_visible()
    expect(page.locator("#mail-email")).to_have_value(walker.email)
    walker.comes_to("foreseen")
    walker.press("Subscribe by e-mail")
    walker.stands_before(walker.say("Please look into your mailbox"))
    walker.comes_to("asked")
    walker.opens_mail("confirm")
    walker.comes_to("question")
    walker.press("Yes, I want to receive them")
    walker.stands_before(walker.say("Your subscription is confirmed."))
    walker.comes_to("confirmed")


def changes_their_mind(walker: Walker) -> EmailMessage:
    """Change everything in the settings; return the message that welcomed them."""
    page = walker.page
    welcome = walker.opens_mail("manage")
    page.locator("#mail-email").fill(walker.email)
    walker.press("Send me the link")
    walker.opens_mail("manage/")
    walker.press("Open the settings")
    page.locator("#mail-hour").select_option("7")
    walker.press("Save the settings")
    walker.sees("The settings are saved.")
    page.locator("#until").fill("2099-01-20")
    walker.press("Pause until then")
    walker.sees("Notices pause until then.")
    assert walker.kept().paused_until == date(2099, 1, 20)
    walker.comes_to("paused")
    page.locator("#left-event").select_option("khojaly")
    walker.press("Write to me no more about this day")
    walker.sees("You will hear no more of this day.")
    if walker.thorough:
        walker.press("Write to me again now")
        walker.sees("Notices are sent again.")
        kept = walker.kept()
        assert (kept.status, kept.paused_until) == ("active", None)
    return welcome


def has_second_thoughts(walker: Walker, welcome: EmailMessage) -> None:
    """Leave by the link of a message, and take it back in part."""
    page, before = walker.page, walker.page.url
    page.goto(link(welcome, "unsubscribe"))
    walker.comes_to("leaving")
    walker.press("Yes, unsubscribe")
    walker.sees("You will receive no more notices.")
    walker.comes_to("left")
    walker.press("Keep only the days themselves")
    walker.stands_before(walker.say("You are subscribed again"))
    walker.comes_to("kept")
    page.goto(before)


def leaves(walker: Walker) -> None:
    walker.press("Unsubscribe from everything")
    walker.sees("You will receive no more notices.")
    walker.press("Close the settings on this device")
    walker.stands_before(walker.say("The settings are closed."))
    walker.comes_to("closed")
