"""Every kind of page that the service answers with, how it is reached, and a small site that has them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from playwright.sync_api import Page

from notifier.catalog.load import load_catalog
from notifier.content.edition_page import ReleasedEdition
from notifier.content.language import Language
from notifier.content.templates import Templates
from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.preferences import parse_preference
from notifier.storage.engine import DatabaseError
from notifier.storage.subscribers import Consent, Subscriber
from notifier.usecases.sign_up import Confirmed
from tests.factories import ROOT, TEMPLATES
from tests.further_languages import in_every_language
from tests.many_events import ALL_OF_THEM, many_events
from tests.web_site import A_WEEK_BEFORE, LANGUAGES, SmallSite, VisitorsHere

CHOSEN = "select=collection:azerbaijan&ahead=7&alarms=7&alarms=0&lang=de&timed=on"

EDITION, PLAIN_EDITION, FAULT, PAUSE = "a" * 26, "b" * 26, "c" * 26, "d" * 26
"""Keys: of an edition with corrections and of one without; of one that makes the service fail, or its database."""

GUEST = "en Asia/Baku 9 7,0;black-january:30,0 weekly:mon collection:azerbaijan,-azal-8243"

SENT = "Black January: 37th anniversary\n\nMore: https://days.example.org/en/events/black-january\n"

MAIL: Final = {"page": "en", "email": "reader@example.org", "select": "collection:azerbaijan", "leads": "7"}


class VisitorsKnown(VisitorsHere):
    """Everybody who comes with a link is known, reads the language that is their key, and has a question open."""

    def person(self, key: str) -> Subscriber:
        preference = parse_preference(key + GUEST.removeprefix("en"))
        at = A_WEEK_BEFORE
        agreed = Consent("I want to receive these notices.", at, "http://testserver/en/subscribe")
        day = date(2027, 1, 12)
        return Subscriber(
            1, key, "reader@example.org", preference, SubscriberStatus.ACTIVE, day, agreed, (), at, at, confirmed_at=at
        )

    def open_question(self, key: str, nonce: str) -> None:
        """Nothing is refused."""

    def confirm(self, key: str, nonce: str) -> Confirmed:
        return Confirmed(self.person(key).preference, date(2027, 1, 13), date(2027, 1, 14))

    def take_back(self, key: str, left_at: object, *, day_alone: bool) -> bool:
        return True

    def unsubscribe(self, key: str, now: object) -> bool:
        return True

    def pause(self, key: str, until: date) -> bool:
        return False

    def erase(self, key: str) -> None:
        """Nobody is missed."""


class SiteOfEveryKind(SmallSite):
    """The shipped calendar in every language, and editions of which one cannot be shown."""

    def released_edition(self, key: str) -> ReleasedEdition | None:
        if key == FAULT:
            raise ZeroDivisionError
        if key == PAUSE:
            raise DatabaseError
        return super().released_edition(key)


class TemplatesFilledIn(Templates):
    """Templates that note which of them were `filled` in, by their paths."""

    def __init__(self) -> None:
        super().__init__(TEMPLATES)
        self.filled: set[str] = set()

    def render(self, name: str, language: Language, /, **values: object) -> str:
        self.filled.add(name)
        return super().render(name, language, **values)

    def pages(self) -> set[str]:
        """Return those that are whole pages."""
        beginning = '{% extends "web/base.html" %}'
        found = (one for one in (self.folder / "web").glob("*.html") if one.read_text("utf-8").startswith(beginning))
        return {f"web/{one.name}" for one in found}


def site_of_every_kind(templates: Templates) -> SmallSite:
    """Return it, with whoever comes by and another site that may show the form."""
    catalog = load_catalog([ROOT / "events.yaml"], LANGUAGES.tags).catalog
    assert catalog is not None
    site = SiteOfEveryKind(
        in_every_language(catalog),
        templates=templates,
        allowed_origins=("https://partner.example",),
        visitors=VisitorsKnown(),
    )
    day = date(2027, 1, 13)
    site.editions[EDITION] = ReleasedEdition("en", day, "Black January", SENT, ("A figure was wrong.",))
    site.editions[PLAIN_EDITION] = ReleasedEdition("fa", day, "ژانویهٔ سیاه", SENT, ())
    return site


def site_of_many(templates: Templates) -> SmallSite:
    """Return a site whose long lists are divided into parts."""
    return SmallSite(many_events(280), templates=templates, visitors=VisitorsKnown())


@dataclass(frozen=True)
class Kind:
    """A page: what is asked for, what is sent with it where it is the answer to a form, and what it is answered with.

    `{confirm}` and the like in the path stand for links that messages have. One that is to `wait` is asked for
    too often.
    """

    path: str
    form: Mapping[str, str] | None = None
    status: int = 200
    wait: bool = False


KINDS_OF_DAYS: Final = {
    "home": Kind("/en/"),
    "home-fa": Kind("/fa/"),
    "event": Kind("/en/events/black-january"),
    "event-without-figures": Kind("/en/events/republic-1918"),
    "anniversary": Kind("/en/events/khojaly/2027"),
    "anniversary-fa": Kind("/fa/events/black-january/2027"),
    "year": Kind("/en/calendar/2027"),
    "year-fa": Kind("/fa/calendar/2027"),
    "outlook": Kind("/en/outlook"),
    "outlook-fa": Kind("/fa/outlook"),
    "collection": Kind("/en/collections/azerbaijan"),
    "search": Kind("/en/search"),
    "search-found": Kind("/en/search?q=baku"),
    "search-found-fa": Kind("/fa/search?q=baku"),
    "search-nothing": Kind("/en/search?q=nowhere+at+all"),
    "edition": Kind(f"/editions/{EDITION}"),
    "edition-without-corrections-fa": Kind(f"/editions/{PLAIN_EDITION}"),
    "lost": Kind("/en/nowhere", status=404),
    "lost-fa": Kind("/fa/nowhere", status=404),
}
"""Pages on which days are found and read, by name."""

KINDS_FOR_PEOPLE: Final = {
    "subscribe": Kind("/en/subscribe"),
    "subscribe-fa": Kind("/fa/subscribe"),
    "subscribe-chosen": Kind(f"/en/subscribe?{CHOSEN}"),
    "subscribe-none-chosen": Kind("/en/subscribe?select=", status=422),
    "built": Kind("/selections", {"page": "en", "select": "all", "lang": "fa"}),
    "not-built": Kind("/selections", {"page": "en", "select": "nowhere", "lang": "en"}, 422),
    "mail-refused": Kind("/subscriptions", MAIL | {"email": "nobody", "select": "", "leads": "999", "zone": "?"}, 422),
    "mail-refused-fa": Kind("/subscriptions", MAIL | {"page": "fa", "email": "nobody", "select": ""}, 422),
    "mail-foreseen": Kind("/subscriptions", MAIL | {"show": "message"}),
    "mail-asked": Kind("/subscriptions", MAIL),
    "not-so": Kind("/subscriptions", status=405),
    "fault": Kind(f"/editions/{FAULT}", status=500),
    "pause": Kind(f"/editions/{PAUSE}", status=503),
    "confirm": Kind("/confirm/{confirm}"),
    "confirmed": Kind("/confirm/{confirm}", {}),
    "never": Kind("/never/{never}"),
    "never-again": Kind("/never/{never}", {}),
    "unsubscribe": Kind("/unsubscribe/{unsubscribe}"),
    "unsubscribed": Kind("/unsubscribe/{unsubscribe}", {}),
    "taken-back": Kind("/undo/{undo}", {"keep": "day"}),
    "link-invalid": Kind("/unsubscribe/none", status=404),
    "manage-ask": Kind("/manage"),
    "manage-ask-refused": Kind("/manage", {"email": "nobody"}, 422),
    "manage-sent": Kind("/manage", {"email": "reader@example.org"}),
    "manage-ended": Kind("/manage/none", status=404),
    "manage-open": Kind("/manage/{manage}"),
    "settings-fa": Kind("/manage/{manage_fa}", {}),
    "settings": Kind("/manage/{manage}", {}),
    "settings-refused": Kind("/manage/pause", {"until": "2020-01-01"}, 422),
    "erase": Kind("/manage/erase"),
    "erased": Kind("/manage/erase", {}),
    "closed": Kind("/manage/end", {}),
    "too-many": Kind("/selections", {"page": "en", "select": "all", "lang": "en"}, 429, wait=True),
}
"""Those by which people subscribe, change what they chose and leave, in an order in which each can be asked for."""

KINDS: Final = KINDS_OF_DAYS | KINDS_FOR_PEOPLE

KINDS_OF_MANY: Final = {
    "year-of-many": Kind("/en/calendar/2027"),
    "month": Kind("/en/calendar/2027/3"),
    "month-fa": Kind("/fa/calendar/2027/3"),
    "outlook-of-many": Kind("/en/outlook"),
    "outlook-year": Kind("/en/outlook/2028"),
    "collection-of-many": Kind(f"/en/collections/{ALL_OF_THEM}"),
    "collection-part": Kind(f"/en/collections/{ALL_OF_THEM}/2"),
    "subscribe-of-many": Kind("/en/subscribe"),
    "calendar-looked-for": Kind("/en/subscribe?page=en&select=&look=days&find=people"),
    "mail-looked-for": Kind("/subscriptions", MAIL | {"select": str(ALL_OF_THEM), "look": "days", "find": "people"}),
    "settings-of-many": Kind("/manage/{manage}", {}),
}
"""Those that a calendar has in which very much is remembered."""

ELSEWHERE: Final = {
    "built", "mail-foreseen", "confirmed", "never", "never-again", "manage-ask", "manage-sent", "manage-open",
    "settings", "settings-fa", "erase", "year", "year-fa",
}  # fmt: skip
"""Those at which axe looks where somebody walks through them, and where days are looked for."""

ALIKE: Final = {
    "anniversary", "event-without-figures", "subscribe", "not-built", "mail-asked", "not-so", "pause", "taken-back",
    "link-invalid", "manage-ended", "erased", "closed", "too-many",
    "year-of-many", "month-fa", "collection-of-many", "subscribe-of-many", "mail-looked-for", "settings-of-many",
}  # fmt: skip
"""Those that have the form of others, so that axe looks at them in one window only, in both schemes."""

SEND = """([path, fields]) => {
    const form = Object.assign(document.createElement("form"), {method: "post", action: path});
    for (const [name, value] of Object.entries(fields))
        form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    document.body.append(form);
    form.submit();
}"""


def go(page: Page, site: SmallSite, kind: Kind) -> None:
    """Ask for a page as a browser does: by its address, or by a form on the page that is open now."""
    path = kind.path.format(**links(site))
    if kind.wait:
        for _ in range(20):
            page.request.post(path, form=dict(kind.form or {}), max_redirects=0)
    if kind.form is None:
        answer = page.goto(path)
    else:
        with page.expect_navigation() as sent:
            page.evaluate(SEND, [path, dict(kind.form)])
        answer = sent.value
    assert answer is not None
    assert answer.status == kind.status, path
    if kind.wait:
        site.instant += timedelta(hours=1)


def links(site: SmallSite) -> dict[str, str]:
    """Return the tokens that links in messages hold."""
    tokens, now = site.tokens, site.now()
    return {
        "confirm": tokens.confirm("en", "once"),
        "never": tokens.never("en", "f" * 16),
        "unsubscribe": tokens.unsubscribe("en"),
        "undo": tokens.undo("en", now),
        "manage": tokens.manage("en", now),
        "manage_fa": tokens.manage("fa", now),
    }
