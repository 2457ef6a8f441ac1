"""No page, feed or picture renders a template twice for the same content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from notifier.content import pictures
from notifier.content.edition_page import ReleasedEdition
from notifier.content.resources import Resource
from notifier.domain import addresses
from notifier.domain.events import Catalog, EventId
from notifier.usecases.publish import Site
from notifier.web.app import build_app
from notifier.web.feeds import feeds_first
from notifier.web.headers import SecurityHeaders
from notifier.web.kept_pages import KeptPages
from notifier.web.public import public_paths
from tests.factories import black_january, khojaly, make_catalog
from tests.integration.people import join
from tests.integration.publishing import HOST, NOW, Publisher, migrated
from tests.integration.test_kept_pages import CountingTemplates
from tests.integration.visiting import EMAIL, RealSite, visiting
from tests.many_events import many_events
from tests.web_site import SmallSite

KEY = "a" * 26
"""Of an edition."""

ASKED = "asked@example.org"
"""Somebody who has not confirmed yet."""


@dataclass
class Served:
    """Everything that answers, over one database, with what its templates have rendered."""

    view: RealSite
    site: Site
    pages: KeptPages
    browser: TestClient
    rendered: list[str]

    def tokens(self) -> dict[str, str]:
        """Return a token of each kind."""
        person, asked, tokens = self.view.person(), self.view.person(ASKED), self.view.tokens
        return {
            "unsubscribe": tokens.unsubscribe(person.key),
            "confirm": tokens.confirm(asked.key, asked.nonce or ""),
            "never": tokens.never(person.key, self.view.address_hash.of(ASKED)),
            "manage": tokens.manage(person.key, self.view.now()),
        }


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, templates = tmp_path_factory.mktemp("once"), CountingTemplates()
    with migrated(folder) as engine:
        publisher = Publisher.of(engine, templates=templates)
        site = publisher.publish(make_catalog(replace(black_january(), was=(EventId("january-1990"),)), khojaly()))
        view = visiting(engine, folder, catalog=site.catalog, base_url=HOST, instant=NOW, templates=templates)
        text = f"Black January\n\n{HOST}/en/events/black-january\n"
        view.editions[KEY] = ReleasedEdition("de", date(2027, 1, 13), "Schwarzer Januar", text, ("Mended.",))
        join(engine, site.catalog, EMAIL)
        pages = build_app(view, settled=0.0)
        assert isinstance(pages, KeptPages)
        browser = TestClient(feeds_first(lambda: site, pages), base_url=HOST, follow_redirects=False)
        browser.post("/subscriptions", data={"email": ASKED})
        yield Served(view, site, pages, browser, templates.rendered)


def live_paths(served: Served) -> Iterator[str]:
    """Yield what needs the service and is the same for everybody who brings the same."""
    yield from ("/healthz", "/readyz", "/api/v1/events", "/api/nothing")
    # Pages of lists longer than these.
    yield from (addresses.month("de", 2027, 3), addresses.month("de", 2027, 3, 2))
    yield from (addresses.collection("de", "azerbaijan", 2), addresses.outlook_year("de", 2030))
    yield addresses.outlook_year("de", 2030, 2)
    yield from (f"/de/search{query}" for query in ("", "?q=baku", "?q=nothing", "?x=1"))
    yield from (
        f"/de/subscribe{query}"
        for query in ("?x=1", "?select=khojaly&ahead=7", "?select=", "?select=nothing", "?hour=99", "?built=none")
    )
    built = served.browser.post("/selections", data={"select": "khojaly", "page": "de"}).headers["location"]
    yield built
    yield f"/editions/{KEY}"
    yield f"/editions/{'b' * 26}"
    for what, token in served.tokens().items():
        yield f"/{what}/{token}"
        yield f"/{what}/none"
    yield from ("/undo/none", "/manage", "/manage?done=saved", "/manage/erase", "/manage/export", "/manage/end")
    yield from (addresses.SELECTIONS, addresses.SUBSCRIPTIONS, "/manage/leave", "/nowhere", quote("/<script>"))


@pytest.fixture(scope="module")
def paths(served: Served) -> list[str]:
    return [*public_paths(served.view, served.site), *live_paths(served)]


def test_the_second_reader_of_anything_gets_what_the_first_one_got(served: Served, paths: list[str]) -> None:
    for path in paths:
        first = served.browser.get(path)
        served.rendered.clear()
        again = served.browser.get(path)

        assert served.rendered == [], path
        assert (again.status_code, again.content) == (first.status_code, first.content), path


def test_every_address_that_can_be_read_is_tried(served: Served, paths: list[str]) -> None:
    bare = {path.partition("?")[0] for path in paths}
    assert isinstance(served.pages._app, SecurityHeaders)
    site = served.pages._app._app
    assert isinstance(site, Starlette)

    for route in site.routes:
        assert isinstance(route, Route)
        if route.methods and "GET" in route.methods:
            assert any(route.path_regex.fullmatch(path) for path in bare), route.path
    assert {path.rpartition(".")[2] for path in served.site.feeds} <= {path.rpartition(".")[2] for path in bare}


ON_EVERY_DAY = (
    *(f"/de/{path}" for path in ("outlook", "outlook.csv", "outlook.xlsx", "site.webmanifest")),
    *("/de/calendar/2027", "/de/calendar/2030", "/de/search", "/de/sitemap-1.xml", "/sitemap.xml", "/robots.txt"),
    *("/de/nowhere", "/de/calendar/1900", "/manage", "/unsubscribe/none", "/subscriptions", "/manage/end"),
)
"""What says nothing of the date."""

ON_EVERY_DAY_OF_MANY = ("/de/calendar/2027/3", "/de/outlook/2028", "/de/outlook", "/de/calendar/2027")
"""The same where lists are long."""


def test_what_says_nothing_of_the_date_is_not_rendered_again_on_the_next_day(served: Served) -> None:
    before = {path: served.browser.get(path).content for path in ON_EVERY_DAY}
    served.browser.get("/de/")
    served.view.later(days=1)
    served.rendered.clear()
    after = {path: served.browser.get(path).content for path in ON_EVERY_DAY}

    assert served.rendered == []
    assert after == before
    served.browser.get("/de/")
    assert served.rendered == ["web/home.html"]
    served.view.later(days=-1)


@pytest.mark.parametrize(
    ("catalog", "paths"),
    [(make_catalog(), ON_EVERY_DAY), (many_events(1_000), ON_EVERY_DAY_OF_MANY)],
    ids=["few days", "many days"],
)
def test_what_is_kept_through_days_would_be_the_same_if_it_were_made_anew(catalog: Catalog, paths: list[str]) -> None:
    """A page that began to say something of the date would otherwise say it until the year turns."""
    first, last = (
        TestClient(build_app(SmallSite(catalog, instant=instant)))
        for instant in (datetime(2027, 1, 1, 12, tzinfo=UTC), datetime(2027, 12, 31, 12, tzinfo=UTC))
    )
    for path in paths:
        assert first.get(path).content == last.get(path).content, path


def test_a_page_of_a_long_list_is_kept_through_days() -> None:
    templates = CountingTemplates()
    site = SmallSite(many_events(1_000), templates=templates)
    browser = TestClient(build_app(site))
    for path in ON_EVERY_DAY_OF_MANY:
        assert browser.get(path).status_code == 200
    site.instant += timedelta(days=1)
    templates.rendered.clear()
    for path in ON_EVERY_DAY_OF_MANY:
        browser.get(path)

    assert templates.rendered == []


def test_when_pages_were_revised_is_told_on_the_next_day() -> None:
    site = SmallSite()
    browser = TestClient(build_app(site))
    before = browser.get("/en/sitemap-1.xml").text
    site.revisions["en"] = {"/en/events/black-january": datetime(2027, 1, 13, tzinfo=UTC)}
    site.instant += timedelta(days=1)

    assert "<lastmod>2027-01-13" not in before
    assert "<lastmod>2027-01-13" in browser.get("/en/sitemap-1.xml").text


def test_when_the_year_turns_nothing_is_kept() -> None:
    site = SmallSite(instant=datetime(2027, 12, 31, 12, tzinfo=UTC))
    browser = TestClient(build_app(site))
    before = browser.get("/en/outlook").text
    site.instant = datetime(2028, 1, 1, 12, tzinfo=UTC)

    assert "2032" in before
    assert browser.get("/en/outlook").text != before
    assert browser.get("/en/calendar/2026").status_code == 404


def test_on_the_next_day_a_picture_is_rendered_and_not_drawn_again(served: Served) -> None:
    path = "/de/events/khojaly/2027.png"
    first = served.browser.get(path)
    served.view.later(days=1)
    served.rendered.clear()
    with drawings() as drawn:
        again = served.browser.get(path)
    served.view.later(days=-1)

    assert served.rendered == ["web/picture.xml"]
    assert drawn == []
    assert again.headers["etag"] == first.headers["etag"]


@contextmanager
def drawings() -> Iterator[list[str]]:
    """Note what is drawn meanwhile."""
    noted: list[str] = []
    draw = pictures.drawn

    def noting(svg: str, folder: Path) -> Resource:
        noted.append(svg)
        return draw(svg, folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "drawn", noting)
        yield noted


def test_a_message_that_was_corrected_since_is_rendered_again(served: Served) -> None:
    before = served.browser.get(f"/editions/{KEY}").text
    served.view.editions[KEY] = replace(served.view.editions[KEY], corrections=("Mended.", "And mended again."))
    after = served.browser.get(f"/editions/{KEY}")

    assert "And mended again." not in before
    assert "And mended again." in after.text
    assert (after.headers["cache-control"], after.headers.get("etag")) == ("no-store", None)


def test_ones_own_settings_are_made_for_oneself_alone(served: Served) -> None:
    own = TestClient(served.pages, base_url=HOST, follow_redirects=False)
    own.post(f"/manage/{served.tokens()['manage']}")

    assert re.search(rf">[^<]*{EMAIL}", own.get("/manage").text)
    served.rendered.clear()
    assert re.search(rf">[^<]*{EMAIL}", own.get("/manage").text)
    assert served.rendered == ["web/manage.html"]
    assert EMAIL not in served.browser.get("/manage").text
    own.get("/manage/erase")
    served.rendered.clear()
    own.get("/manage/erase")
    assert served.rendered == []
    assert EMAIL not in own.get("/manage/erase").text
