"""Every address in the published folder leads somewhere: to a file in it, or to the running service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest

from notifier.content.nginx import live_pattern
from tests.acceptance.conftest import NEXT_YEAR, Place
from tests.acceptance.published_links import PublishedPage, links_in
from tests.acceptance.test_static_site import UNADDRESSED, address_of, files

HOST = "days.example.org"
URL = f"https://{HOST}"
LIVE = re.compile(live_pattern(""))
OWN_WORDS = {".published.json", "revisions.json"}
"""What `publish` notes for itself."""

# Two languages and two years: the addresses are of the same kinds as with more, and pictures take most of the time.
SETTINGS = {"NOTIFIER_LANGUAGES": "en,az", "NOTIFIER_FEED_YEARS_BACK": "0", "NOTIFIER_FEED_YEARS_AHEAD": "1"}


class Link(NamedTuple):
    """An address of this site, and the file it stands in."""

    name: str
    path: str
    fragment: str


class Published:
    """A published folder: its files, its pages and the addresses they hold."""

    def __init__(self, place: Place, *options: str) -> None:
        done = place.run("publish", "site", "--base-url", URL, *options)
        assert done.returncode == 0, done.stderr
        found = files(place.folder / "site")
        self.files = {name: content for name, content in found.items() if name not in OWN_WORDS}
        self.pages = {name: PublishedPage.of(content) for name, content in self.files.items() if name.endswith(".html")}
        self.links = tuple(self._links())

    def _links(self) -> Iterator[Link]:
        for name, content in self.files.items():
            own = "/" if name in UNADDRESSED else address_of(name)
            for link in set(links_in(name, content)):
                to = urlsplit(urljoin(f"{URL}{own}", link))
                if to.netloc == HOST:
                    yield Link(name, to.path or "/", to.fragment)

    def astray(self, live: re.Pattern[str] | None = None) -> list[Link]:
        """Return the addresses at which there is nothing; those that `live` fits are a running service's."""
        leading = {line.split()[0] for line in self.files["_redirects"].decode().splitlines()}
        # A packed form has the address of the file it stands beside.
        plain = (name for name in self.files if name not in UNADDRESSED and not name.endswith(".gz"))
        there = {address_of(name) for name in plain} | {"/"}
        ids = {address_of(name): page.ids for name, page in self.pages.items()}

        def leads(link: Link) -> bool:
            if live is not None and live.match(link.path):
                return True
            if link.path not in there:
                # A rule may be for an address that leads elsewhere.
                return link.name in UNADDRESSED and link.path in leading
            return not link.fragment or link.fragment in ids[link.path]

        return [link for link in self.links if not leads(link)]


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Return what is published beside a service."""
    return Published(Place(tmp_path_factory.mktemp("beside"), settings=SETTINGS))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Return what is published where no service runs; without pictures."""
    return Published(
        Place(tmp_path_factory.mktemp("alone"), settings=SETTINGS | {"NOTIFIER_PICTURES": "false"}), "--alone"
    )


def test_beside_a_service_every_address_leads_to_a_file_or_to_it(beside: Published) -> None:
    assert beside.astray(LIVE) == []


def test_without_a_service_every_address_leads_to_a_file(alone: Published) -> None:
    assert alone.astray() == []


@pytest.mark.parametrize(
    ("missing", "holds"),
    [
        (f"en/events/khojaly/{NEXT_YEAR}.ics", {f"en/events/khojaly/{NEXT_YEAR}.html"}),
        (f"en/events/khojaly/{NEXT_YEAR}.png", {f"en/events/khojaly/{NEXT_YEAR}.html"}),
        ("en/events/khojaly.html", {"en/sitemap-1.xml", "az/events/khojaly.html"}),
        (f"en/events/khojaly/{NEXT_YEAR}.html", {"feeds/en/all.ics", "feeds/en/all.csv", "en/sitemap-1.xml"}),
        ("feeds/en/azerbaijan.atom", {"feeds/en/feeds.opml", "en/index.html"}),
        ("feeds/en/all.ics", {"en/index.html"}),
        ("feeds/en/all.json", {"feeds/en/all.json", "en/index.html"}),
        ("en/sitemap-1.xml", {"sitemap.xml"}),
        ("sitemap.xml", {"robots.txt"}),
        ("static/icon-512.png", {"en/site.webmanifest"}),
        ("static/style.css", {"en/index.html", "404.html"}),
    ],
)
def test_a_missing_file_would_be_noticed_wherever_it_is_led_to(
    beside: Published, missing: str, holds: set[str]
) -> None:
    without = copy(beside)
    without.files = {name: content for name, content in beside.files.items() if name != missing}

    assert {link.name for link in without.astray(LIVE)} >= holds


def test_files_of_every_kind_hold_addresses_that_were_followed(beside: Published) -> None:
    followed = {link.name.rpartition(".")[2] for link in beside.links}

    assert followed >= {
        "html", "xml", "ics", "atom", "json", "csv", "opml", "webmanifest", "txt", "conf", "_headers", "_redirects",
    }  # fmt: skip


def test_every_page_is_listed_for_search_engines(beside: Published) -> None:
    listed = {link.path for link in beside.links if "sitemap-" in link.name}
    live = {path for path in listed if LIVE.match(path)}

    assert listed - live == {address_of(name) for name in beside.pages if name != "index.html" and "404" not in name}
    assert live == {"/en/subscribe", "/az/subscribe"}


def test_without_a_service_there_are_no_forms_and_with_one_they_lead_to_it(alone: Published, beside: Published) -> None:
    assert [name for name, page in alone.pages.items() if page.forms] == []
    forms = [action for page in beside.pages.values() for action in page.forms]
    assert forms
    assert all(LIVE.match(action) for action in forms)


def test_nothing_is_fetched_from_another_host(beside: Published) -> None:
    for name, page in beside.pages.items():
        assert all(not url or url.startswith("/") for url in page.fetched), name
