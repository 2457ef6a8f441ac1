"""A service whose calendar is hostile in every field, what it answers, and how a script in an answer is found."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import html5lib
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from notifier.content.corrections import render_correction
from notifier.content.edition_page import ReleasedEdition
from notifier.content.editions import EditionText
from notifier.content.picking import MOST_BOXES
from notifier.domain import addresses
from notifier.domain.deliveries import EditionKey, EditionKind
from notifier.domain.long_lists import long_lists
from notifier.storage.engine import reading
from notifier.storage.subscribers import Subscriber, subscriber_by_email
from notifier.usecases.letters import SUBSCRIBED_ALREADY, about_welcome
from notifier.usecases.publish import Site
from notifier.usecases.sending.press import Press, SenderIn
from notifier.usecases.subscribe import add_subscriber
from notifier.web.app import build_app
from notifier.web.feeds import feeds_first
from notifier.web.headers import SecurityHeaders
from notifier.web.kept_pages import KeptPages
from tests.every_message import announced, preference, presses
from tests.hostile_calendar import BAD, BAD_LINES, FILE, loaded
from tests.integration.publishing import Publisher, migrated
from tests.integration.visiting import EMAIL, RealSite, visiting
from tests.noted_templates import NotedTemplates

TAGS = ("en", "fa")
KEY = "a" * 26
"""Of an edition."""
PARTNER = "https://partner.example"

_NEVER = {"img", "iframe", "frame", "base", "object", "embed", "style", "applet", "math", "video", "audio", "template"}
_NEVER_SAID = {"srcdoc", "autofocus", "http-equiv", "formtarget", "ping"}
_ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "{http://www.w3.org/1999/xlink}href"}
_LEADS_ON = re.compile(r"(https?://|webcal://|mailto:|/(?!/)|#|\?)")


@lru_cache(maxsize=2000)
def parsed(html: str) -> ET.Element:
    """Parse a page strictly: what ended a tag or an attribute too early would be an error of HTML."""
    tree: ET.Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return tree


def faults(tree: ET.Element, *, styled: bool = False) -> list[str]:
    """Return what nothing of this service has, and what a script that was written into it would be.

    A message is `styled` within its elements, since no mail client would fetch a stylesheet.
    """
    found = []
    for element in tree.iter():
        tag: object = element.tag
        if not isinstance(tag, str):
            found.append(f"a comment: {element.text}")
            continue
        if element.tag in _NEVER or (element.tag == "script" and not _is_own(element)):
            found.append(ET.tostring(element, "unicode")[:200])
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or name in _NEVER_SAID or (name == "style" and not styled):
                found.append(f"{element.tag} {name}={value}")
            if name in _ADDRESSES and not _LEADS_ON.match(value):
                found.append(f"{element.tag} leads to {value}")
    return found


def _is_own(script: ET.Element) -> bool:
    if script.get("type") == "application/ld+json":
        told = "".join(script.itertext())
        return isinstance(json.loads(told), dict) and "<" not in told
    return (script.get("src") or "").startswith("/static/page.js?v=") and not script.text


@dataclass
class HostileService:
    """Everything that answers, over one database in which one reader is."""

    view: RealSite
    site: Site
    app: KeptPages
    press: Press
    templates: NotedTemplates
    _clients: Iterator[int] = field(default_factory=lambda: count(1))
    _reader: str = EMAIL

    @cached_property
    def messages(self) -> Mapping[str, EditionText]:
        """Every kind of message in both languages."""
        return dict(_messages(self.press))

    def browser(self) -> TestClient:
        """Return a browser, somebody new each time as far as limits are concerned."""
        number = next(self._clients)
        return TestClient(
            feeds_first(lambda: self.site, self.app),
            base_url=self.view.base_url,
            follow_redirects=False,
            raise_server_exceptions=False,
            client=("127.0.0.1", 50_000),
            headers={"X-Forwarded-For": f"10.0.{number // 256}.{number % 256}"},
        )

    def reader(self) -> Subscriber:
        """Return the reader, another one where the last was erased: some days have their own notices, one was left."""
        with reading(self.view.engine) as db:
            found = subscriber_by_email(db, self._reader)
        if found is None:
            self._reader = f"reader-{next(self._clients)}@example.org"
            wanted = preference("en", "7,1,0;worst:30,0;other-day:3", "none", "all,-estimated")
            found = add_subscriber(
                self.view.engine, self.view.catalog, wanted, self._reader, BAD_LINES, "test", self.view.now()
            )
        return found

    def opened(self) -> TestClient:
        """Return a browser that has the reader's settings open."""
        browser = self.browser()
        browser.post(f"/manage/{self.view.tokens.manage(self.reader().key, self.view.now())}")
        return browser

    def routes(self) -> list[Route]:
        """Return every address there is."""
        assert isinstance(self.app._app, SecurityHeaders)
        assert isinstance(self.app._app._app, Starlette)
        return [route for route in self.app._app._app.routes if isinstance(route, Route)]


@contextmanager
def hostile_service(
    folder: Path, file: Mapping[str, object] = FILE, templates: NotedTemplates | None = None
) -> Iterator[HostileService]:
    """Give the service of a calendar, with its files in a folder; of its templates is noted what they put out."""
    catalog, noted = loaded(folder, file), templates or NotedTemplates()
    assert catalog is not None
    (folder / "press").mkdir()
    with migrated(folder) as engine, presses(folder / "press") as (press, _):
        view = visiting(engine, folder, catalog=catalog, templates=noted)
        view.allowed_origins = (PARTNER, "https://x.example\"'><script>alert(13)</script>")
        view.trusted_proxies = (ip_network("127.0.0.0/8"),)
        text = f"{BAD_LINES}\n\n{BAD} heading\n{'=' * 78}\n\nhttps://x.example'onclick=alert(14)/&quot;onfocus=alert(15)\njavascript:alert(16)\n"
        view.editions[KEY] = ReleasedEdition("fa", date(2027, 1, 13), BAD, text, (BAD_LINES, text))
        site = Publisher.of(engine, TAGS, templates=noted).publish(catalog, view.now())
        app = build_app(view, settled=0.0)
        assert isinstance(app, KeptPages)
        sender = SenderIn(BAD, (BAD, "office@example.org"), BAD_LINES)
        hostile = replace(press, catalog=catalog, templates=noted, sender_in=lambda _: sender)
        yield HostileService(view, site, app, hostile, noted)


NOTICES = (
    ("7", "none", date(2027, 1, 13)),
    ("0", "none", date(2027, 1, 19)),
    ("none", "weekly:wed", date(2027, 1, 13)),
    ("44", "weekly:wed", date(2027, 1, 13)),
    ("44,7", "none", date(2027, 1, 13)),  # two days
    ("7", "none", date(2028, 1, 14)),  # one that was moved
)
"""Of whom they are for, how far ahead and how often, and when."""


def _messages(press: Press) -> Iterator[tuple[str, EditionText]]:
    """Yield every kind of message in both languages."""
    on = date(2027, 1, 13)
    for tag in TAGS:
        wanted = preference(tag, "7,1,0;milestones;worst:30,0", "weekly:mon", "collection:collected,-other-day")
        letters = (
            (EditionKind.CONFIRM, wanted.key),
            (EditionKind.WELCOME, about_welcome(wanted, on)),
            (EditionKind.WELCOME, about_welcome(preference(tag, "44,7"), on)),
            (EditionKind.MANAGE, ""),
            (EditionKind.MANAGE, SUBSCRIBED_ALREADY),
        )
        for kind, about in letters:
            yield f"{kind} {about[:5]} {tag}", _rendered(press, EditionKey(tag, on, kind=kind, about=about))
        for leads, digest, day in NOTICES:
            of = announced(press, preference(tag, leads, digest), day)
            yield f"notice {leads} {digest} {day} {tag}", _rendered(press, of)
        yield (
            f"correction {tag}",
            render_correction(
                BAD_LINES,
                subject=BAD,
                day=on,
                edition=KEY,
                language=press.languages(tag),
                templates=press.templates,
                base_url="https://days.example.org",
                sender=BAD,
                postal_address=BAD_LINES,
            ),
        )


def _rendered(press: Press, of: EditionKey) -> EditionText:
    content = press.render(of)
    assert content is not None, of
    return content


CHOSEN = "select=all&ahead=7&alarms=7&hour=8&timed=on"
KINDS = (
    "",
    "events/worst",
    "events/worst/2027",
    "events/worst/2028",
    "events/worst/2090",
    "events/other-day/2027",
    "calendar/2027",
    "outlook",
    "collections/collected",
    "search",
    "search?q=script",
    "subscribe",
    f"subscribe?{CHOSEN}",
    "subscribe?select=",
    "subscribe?select=all&select=-other-day",
    "<script>alert(1)</script>",
)
"""Pages below a language."""


def every_kind(served: HostileService) -> list[str]:
    """Return the paths of pages of every kind."""
    form = {"select": "all", "ahead": "7", "alarms": "7", "hour": "8", "timed": "on", "lang": "fa", "page": "en"}
    built = served.browser().post("/selections", data=form).headers["location"]
    below = [f"/{tag}/{kind}" for tag in TAGS for kind in KINDS]
    return [*below, built, f"/editions/{KEY}", "/manage", "/nowhere/<script>alert(1)</script>"]


MANY = [f"day-{n}" for n in range(MOST_BOXES + 10)]
"""More days than have a box each where somebody has chosen them."""


def every_long_kind(served: HostileService) -> list[str]:
    """Return the paths of what there is where a calendar has very many days, in one language."""
    lists = long_lists(served.view.catalog, served.view.years(served.view.now()))
    year, month = next((year, month) for year, month, part in lists.months if part == 2)
    outlook = next(year for year, part in lists.outlook if part == 2)
    collection = next(id_ for id_, part in lists.collections if part == 2)
    parts = (addresses.month("en", year, month, part) for part in (1, 2))
    return [
        addresses.home("en"),
        addresses.event("en", "worst"),
        addresses.calendar("en", year),
        *parts,
        addresses.outlook("en"),
        *(addresses.outlook_year("en", outlook, part) for part in (1, 2)),
        *(addresses.collection("en", collection, part) for part in (1, 2)),
        addresses.subscribe("en"),
        f"{addresses.subscribe('en')}?{urlencode({'select': MANY}, doseq=True)}",
        *(f"{addresses.subscribe('en')}?{urlencode({'find': words})}" for words in ("alert", HOSTILE)),
        f"{addresses.search('en')}?q=alert",
    ]


def feed_contents(
    served: HostileService, names: Iterable[str] = ("all", "collected", "events/worst")
) -> Iterator[tuple[str, str]]:
    """Yield what each feed shows in HTML of each of its entries."""
    browser, atom = served.browser(), "{http://www.w3.org/2005/Atom}"
    for name in names:
        for tag in TAGS:
            feed = ET.fromstring(browser.get(f"/feeds/{tag}/{name}.atom").content)  # noqa: S314  # our own
            items = json.loads(browser.get(f"/feeds/{tag}/{name}.json").content)["items"]
            entries = [entry.find(f"{atom}content") for entry in feed.iter(f"{atom}entry")]
            assert len(entries) == len(items) > 0
            yield from ((f"{name} {tag}", item["content_html"]) for item in items)
            yield from ((f"{name} {tag}", entry.text or "") for entry in entries if entry is not None)


MARK = "alert("
"""Stands in every hostile text, however it is escaped."""
SENT = "№sent."
HOSTILE = f"{SENT}{BAD}"
"""What is sent; by its beginning it is found again where it is shown."""
PLAIN = HOSTILE.encode("ascii", "ignore").decode()
"""As headers may have it."""
