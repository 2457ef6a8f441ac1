"""Every kind of page is light enough for a telephone, of the shipped calendar and of a very large one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from notifier.catalog.lint.lengths import LONGEST_HEADING, page_bytes
from notifier.catalog.lint.lengths import MOST as WARNED_FROM
from notifier.catalog.load import load_catalog
from notifier.content.edition_page import ReleasedEdition
from notifier.content.editions import render_edition
from notifier.content.site_paths import page_paths
from notifier.domain import addresses
from notifier.domain.events import Catalog, CollectionId, Event, Statement
from notifier.domain.long_lists import long_lists
from notifier.domain.notices import Notice
from notifier.domain.occurrences import occurrences_between
from notifier.domain.texts import LanguageTag, Text, Wording
from notifier.domain.windows import FeedYears
from notifier.web.app import build_app
from tests.factories import ROOT, text
from tests.further_languages import SPOKEN, in_every_language
from tests.many_events import ALL_OF_THEM, many_events
from tests.own_settings import SubscribedHere, open_settings
from tests.web_site import LANGUAGES, TEMPLATES_READ, SmallSite

MOST = 100_000
"""Bytes of a page, without pictures."""

STYLED = MOST - sum((ROOT / "templates/web" / name).stat().st_size for name in ("style.css", "page.js"))
"""Bytes of a page of the calendars that are shipped: with its stylesheet and script it weighs no more either."""

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


def weighed(browser: TestClient, path: str, most: int = MOST) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    assert len(answer.content) <= most, f"{path}: {len(answer.content)}"
    return answer.text


@pytest.mark.parametrize("tag", SPOKEN)
def test_every_published_page_weighs_little(site: SmallSite, tag: str) -> None:
    browser, years = TestClient(build_app(site, settled=0.0)), FeedYears(2027, 2027, 2027)
    anniversaries = occurrences_between(site.catalog.events, years.start, years.end)

    for path in page_paths(site.catalog, years, anniversaries, long_lists(site.catalog, years), tag):
        weighed(browser, path, STYLED)


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


def of_the_service(site: SmallSite, browser: TestClient, tag: str, most: int = MOST) -> Iterator[tuple[str, str]]:
    """Yield each kind of page that only the running service shows, filled in as far as it goes; messages' are apart."""
    visitors = site.visitors
    assert isinstance(visitors, SubscribedHere)
    visitors.language = tag
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
    ):
        yield path, weighed(browser, path, most)
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
        assert len(answer.content) <= most, f"{what}: {len(answer.content)}"
        yield what, answer.text


def weigh_message(site: SmallSite, browser: TestClient, tag: str) -> None:
    """Weigh the page of a message, alone: it is an invented one of forty days, longer than any."""
    site.editions[EDITION] = an_edition(site, tag)
    assert "</html>" in weighed(browser, addresses.edition(EDITION))


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


@pytest.mark.parametrize("tag", SPOKEN)
def test_every_page_of_the_service_weighs_little(site: SmallSite, tag: str) -> None:
    browser = opened(site)
    assert all("</html>" in text for _, text in of_the_service(site, browser, tag, STYLED))
    weigh_message(site, browser, tag)


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
    weigh_message(large_site, browser, tag)


MANY_NUMBERS = [*map(str, range(1_000))]


def as_sent(large: SmallSite, *, known: bool, taken: bool) -> list[str]:
    """Return hundreds of terms, as many as a form has room for: days of the calendar or none, taken or left out."""
    names = [event.id for event in large.catalog.events] if known else [f"no-such-day-{n}" for n in range(1_500)]
    return [name if taken else f"-{name}" for name in names][:1_400]


def sent_to(browser: TestClient, tag: str, form: dict[str, str | list[str]]) -> Iterator[tuple[str, int, int]]:
    """Yield what each of the forms answers: where, the status, and how much it weighs."""
    pairs = [(name, one) for name, value in form.items() for one in ([value] if isinstance(value, str) else value)]
    # Servers take no longer address.
    query = urlencode(pairs)[:60_000].rpartition("&")[0]
    answer = browser.get(f"{addresses.subscribe(tag)}?{query}")
    yield "GET", answer.status_code, len(answer.content)
    body = "&".join((f"page={tag}", urlencode(pairs)))[:65_000].rpartition("&")[0]
    for to in ("/selections", "/subscriptions", "/manage/preferences"):
        answer = browser.post(to, content=body, headers=FORM | {"Content-Type": "application/x-www-form-urlencoded"})
        yield to, answer.status_code, len(answer.content)


@pytest.mark.parametrize(
    "form",
    [
        {"find": "x", "alarms": MANY_NUMBERS, "ahead": MANY_NUMBERS},
        {"select": "", "alarms": MANY_NUMBERS, "ahead": MANY_NUMBERS},
        {"select": "all", "leads": MANY_NUMBERS, "zone": "Nowhere"},
        {"select": "", "zone": "Asia/" + "Baku" * 10_000},
        {"select": "", "digest": "weekly:" + "mon" * 10_000},
        {"select": "", "lang": "e" * 40_000, "hour": "9" * 20_000},
        {"email": "a" * 50_000},
    ],
    ids=["looked for numbers", "numbers", "leads", "zone", "digest", "language and hour", "address"],
)
def test_whatever_is_sent_a_form_that_is_shown_again_weighs_little(
    site: SmallSite, form: dict[str, str | list[str]]
) -> None:
    """Shown again is what may be chosen at once, and what is offered; the rest is not."""
    for to, status, size in sent_to(opened(site), "hy", form):
        assert size <= MOST, f"{to}: {status}, {size}"


@pytest.mark.parametrize("known", [True, False], ids=["days", "no days"])
@pytest.mark.parametrize("taken", [True, False], ids=["taken", "left out"])
def test_with_hundreds_of_terms_forms_weigh_little(large_site: SmallSite, known: bool, taken: bool) -> None:  # noqa: FBT001
    terms = as_sent(large_site, known=known, taken=taken)
    for further in ({}, {"look": "days", "find": "1"}, {"alarms": MANY_NUMBERS[:300], "leads": MANY_NUMBERS[:300]}):
        form: dict[str, str | list[str]] = {**further, "select": terms}
        for to, status, size in sent_to(opened(large_site), "hy", form):
            assert size <= MOST, f"{to}, {[*further]}: {status}, {size}"


def test_who_chooses_hundreds_of_days_one_by_one_is_told_to_choose_fewer(large_site: SmallSite) -> None:
    browser, ids = opened(large_site), [event.id for event in large_site.catalog.events[:400]]
    told = "Too many single days are chosen one by one; please choose fewer, or a collection."
    form = {"page": "en", "lang": "en"}
    mail = {"email": "reader@example.org"}
    for to, more in (("/selections", {}), ("/subscriptions", mail), ("/subscriptions", {"look": "days", "find": "1"})):
        answer = browser.post(to, data=form | {"select": ids} | more, headers=FORM)
        assert answer.status_code == 422, to
        assert told in answer.text, to
        fewer = browser.post(to, data=form | {"select": ids[:200]} | more, headers=FORM)
        assert fewer.status_code == 200, to


def with_longer_headings(count: int, tag: str, length: int) -> Catalog:
    """Return a calendar whose headings take so many bytes in one language."""
    catalog = many_events(count)
    said = "Օ" * (length // 2)

    def longer(event: Event) -> Event:
        begins = event.heading.wording((tag,)).text
        others = [one for one in event.heading if one.language != tag]
        return replace(event, heading=Text((*others, Wording((begins + said)[: length // 2], LanguageTag(tag)))))

    return replace(catalog, events=tuple(map(longer, catalog.events)))


@pytest.mark.parametrize("count", [60, 90, 150, MANY])
def test_lists_of_the_longest_headings_are_divided_so_that_each_part_weighs_little(count: int) -> None:
    """As long as `check` lets them be; they go by the longest in any language, so that parts are the same in each."""
    tag = "hy"
    site = SmallSite(with_longer_headings(count, tag, LONGEST_HEADING), visitors=SubscribedHere())
    browser, years = opened(site), FeedYears(2027, 2027, 2027)
    one = site.catalog.events[:1]
    of_many = long_lists(site.catalog, years)
    paths = page_paths(site.catalog, years, occurrences_between(one, years.start, years.end), of_many, tag)

    for path in [path for path in paths if "/events/" not in path or one[0].id in path]:
        weighed(browser, path)
    for _ in of_the_service(site, browser, tag):
        pass


@pytest.mark.parametrize("tag", ["en", "hy"])
def test_a_page_that_no_warning_speaks_of_weighs_little(tag: str) -> None:
    """Nothing of an event's texts is cut off: `check` warns before its page is too heavy."""
    catalog = many_events(1)
    letter = {"en": "a ", "hy": "Օ "}[tag]
    for texts in (1, 40):
        events = (
            replace(catalog.events[0], summary=(Statement(text(**{tag: letter * (most // texts)}), None, ()),) * texts)
            for most in range(2_000, 60_000, 2_000)
        )
        full = [event for event in events if page_bytes(event, tag) <= WARNED_FROM][-1]
        browser = TestClient(build_app(SmallSite(replace(catalog, events=(full,))), settled=0.0))
        path = addresses.event(tag, full.id)
        assert len(weighed(browser, path).encode()) > MOST // 2
        weighed(browser, f"{path}/2027")
