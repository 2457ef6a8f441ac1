"""Every kind of page is light enough for a telephone, of the shipped calendar and of a very large one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient

from notifier.catalog.load import load_catalog
from notifier.content.edition_page import ReleasedEdition
from notifier.content.editions import render_edition
from notifier.content.site_paths import page_paths
from notifier.domain import addresses
from notifier.domain.events import CollectionId
from notifier.domain.long_lists import long_lists
from notifier.domain.notices import Notice
from notifier.domain.occurrences import occurrences_between
from notifier.domain.windows import FeedYears
from notifier.web.app import build_app
from tests.factories import ROOT
from tests.further_languages import SPOKEN, in_every_language
from tests.many_events import ALL_OF_THEM, many_events
from tests.own_settings import SubscribedHere, open_settings
from tests.web_site import LANGUAGES, TEMPLATES_READ, SmallSite

MOST = 100_000
"""Bytes of a page, without pictures."""

MANY = 1_000
EDITION = "a" * 26
CHOSEN = "select=all&ahead=365&ahead=30&ahead=7&alarms=30&alarms=7&alarms=1&timed=on"
FORM = {"Origin": "http://testserver"}


@pytest.fixture(scope="module")
def site() -> SmallSite:
    catalog = load_catalog([ROOT / "events.yaml", ROOT / "calendars/world.yaml"], LANGUAGES.tags).catalog
    assert catalog is not None
    return SmallSite(
        in_every_language(catalog), allowed_origins=("https://partner.example",), visitors=SubscribedHere()
    )


@pytest.fixture(scope="module")
def large_site() -> SmallSite:
    return SmallSite(many_events(MANY), allowed_origins=("https://partner.example",), visitors=SubscribedHere())


def opened(site: SmallSite) -> TestClient:
    """Return a browser that somebody has opened their settings with."""
    browser = TestClient(build_app(site, settled=0.0))
    open_settings(site, browser)
    return browser


def weighed(browser: TestClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    assert len(answer.content) <= MOST, f"{path}: {len(answer.content)}"
    return answer.text


@pytest.mark.parametrize("tag", SPOKEN)
def test_every_published_page_weighs_little(site: SmallSite, tag: str) -> None:
    browser, years = TestClient(build_app(site, settled=0.0)), FeedYears(2027, 2027, 2027)
    anniversaries = occurrences_between(site.catalog.events, years.start, years.end)

    for path in page_paths(site.catalog, years, anniversaries, long_lists(site.catalog, years), tag):
        weighed(browser, path)


def test_a_calendar_of_a_hundred_collections_begins_lightly() -> None:
    catalog, parts = many_events(MANY), 100
    events = tuple(
        replace(one, collections=(CollectionId(f"a-part-of-them-{n % parts}"),)) for n, one in enumerate(catalog.events)
    )
    divided = replace(catalog, calendar=replace(catalog.calendar, collections={}), events=events)
    browser = TestClient(build_app(SmallSite(divided), settled=0.0))

    home = weighed(browser, addresses.home("hy"))
    assert all(f'href="/hy/collections/a-part-of-them-{n}"' in home for n in range(parts))
    weighed(browser, addresses.subscribe("hy"))


def of_the_service(site: SmallSite, browser: TestClient, tag: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of page that only the running service shows, filled in as far as it goes."""
    visitors = site.visitors
    assert isinstance(visitors, SubscribedHere)
    visitors.language = tag
    site.editions[EDITION] = an_edition(site, tag)
    subscribe = addresses.subscribe(tag)
    named = "&".join(f"select={event.id}" for event in site.catalog.events[:90])
    for path in (
        f"{addresses.search(tag)}?q=1",
        subscribe,
        f"{subscribe}?{CHOSEN}",
        f"{subscribe}?{named}&ahead=7&find=1&look=days",
        "/manage",
        "/manage?done=saved",
        "/manage?find=1",
        "/manage/erase",
        addresses.edition(EDITION),
    ):
        yield path, weighed(browser, path)
    collection = f"collection:{site.catalog.collection_ids()[0]}"
    own = {"lang": tag, "page": tag, "hour": "9"}
    mail = own | {"zone": "Asia/Baku", "digest": "weekly:mon", "leads": ["365", "30", "7", "0"], "select": collection}
    for what, to, form, status in (
        ("what was built", "/selections", own | {"select": collection, "alarms": "7", "ahead": ["30", "7"]}, 200),
        ("nothing chosen", "/selections", own, 422),
        ("a message foreseen", "/subscriptions", mail | {"show": "message"}, 200),
        ("days looked for", "/subscriptions", mail | {"look": "days", "find": "1"}, 200),
        ("nothing filled in", "/subscriptions", {"page": tag, "email": "", "zone": "Nowhere"}, 422),
        ("settings refused", "/manage/preferences", mail | {"zone": "Nowhere"}, 422),
    ):
        answer = browser.post(to, data=form, headers=FORM)
        assert answer.status_code == status, what
        assert len(answer.content) <= MOST, f"{what}: {len(answer.content)}"
        yield what, answer.text


def an_edition(site: SmallSite, tag: str) -> ReleasedEdition:
    """Return a message of twenty days, with an overview of twenty more and a correction as long as itself."""
    days = occurrences_between(site.catalog.events, date(2027, 1, 13), date(2028, 1, 13))[:40]
    notices = [Notice(one, (one.first - date(2027, 1, 13)).days) for one in days]
    edition = render_edition(
        notices[:20],
        date(2027, 1, 13),
        outlook=notices[20:],
        catalog=site.catalog,
        language=LANGUAGES[tag],
        templates=TEMPLATES_READ,
        base_url=site.base_url,
        sender="Days",
        postal_address=None,
        refused_for=site.refused_for,
    )
    return ReleasedEdition(tag, date(2027, 1, 13), edition.subject, edition.text, (edition.text,))


@pytest.mark.parametrize("tag", ["en", "ru", "fa", "hy"])
def test_every_page_of_the_service_weighs_little(site: SmallSite, tag: str) -> None:
    assert all("</html>" in text for _, text in of_the_service(site, opened(site), tag))


def test_every_page_of_a_calendar_of_a_thousand_events_weighs_little(large_site: SmallSite) -> None:
    # Its letters take two bytes each, and its words are the longest.
    tag = "hy"
    browser, years = opened(large_site), FeedYears(2027, 2027, 2027)
    some = large_site.catalog.events[::100]
    anniversaries = occurrences_between(some, years.start, years.end)

    paths = page_paths(large_site.catalog, years, anniversaries, long_lists(large_site.catalog, years), tag)
    of_one = {addresses.event(tag, event.id) for event in large_site.catalog.events} - {
        addresses.event(tag, event.id) for event in some
    }
    found = [path for path in paths if path not in of_one]
    assert addresses.month(tag, 2027, 12) in found
    assert addresses.collection(tag, ALL_OF_THEM, 2) in found
    for path in found:
        weighed(browser, path)
    for _ in of_the_service(large_site, browser, tag):
        pass
