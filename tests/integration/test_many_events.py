"""A calendar of thousands of events: its long lists are found part by part, and single days chosen by looking for them.

Everything works without scripts, and all but the forms without a service.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from urllib.parse import parse_qsl, urlsplit

import html5lib
import pytest
from starlette.testclient import TestClient

from notifier.content.picking import MOST_BOXES, MOST_FOUND
from notifier.content.site_paths import page_paths
from notifier.domain import addresses
from notifier.domain.long_lists import MOST, long_lists
from notifier.domain.selections import Selection
from notifier.web.app import build_app
from tests.many_events import ALL_OF_THEM, many_events
from tests.own_settings import SubscribedHere, open_settings
from tests.web_site import SmallSite

COUNT = 2_000
"""So many that January has a second part."""

ONE_OF_ALL = "people-of-a-small-town-7"
Fields = list[tuple[str, str]]
"""A form as a browser sends it: names with values, in their order."""

FORM = {"Origin": "http://testserver"}


@pytest.fixture(scope="module")
def site() -> SmallSite:
    return SmallSite(many_events(COUNT), visitors=SubscribedHere())


@pytest.fixture(scope="module")
def browser(site: SmallSite) -> TestClient:
    browser = TestClient(build_app(site, settled=0.0), follow_redirects=False)
    open_settings(site, browser)
    return browser


def page_at(browser: TestClient, path: str) -> ET.Element:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return parsed(answer.text)


def parsed(text: str) -> ET.Element:
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert isinstance(page, ET.Element)
    ids = [one.attrib["id"] for one in page.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    return page


def form_with(page: ET.Element, field: str) -> ET.Element:
    return next(form for form in page.iter("form") if form.find(f".//*[@id='{field}']") is not None)


def sent(form: ET.Element, **typed: str) -> Fields:
    """Return what a browser sends: hidden fields, ticked boxes and all other fields, with what is `typed`."""
    fields: Fields = []
    for one in form.iter():
        name, kind = one.get("name", ""), one.get("type", "")
        if one.tag == "select":
            options = one.findall(".//option")
            chosen = [option for option in options if "selected" in option.attrib] or options[:1]
            fields += [(name, option.get("value", "")) for option in chosen]
        elif one.tag == "input" and name in typed:
            fields.append((name, typed[name]))
        elif one.tag == "input" and (kind not in {"checkbox", "radio"} or "checked" in one.attrib):
            fields.append((name, one.get("value", "")))
    return fields


def boxes(form: ET.Element, *, ticked: bool) -> set[str]:
    found = (one for one in form.iter("input") if one.get("type") == "checkbox" and one.get("name") == "select")
    return {one.get("value", "") for one in found if ("checked" in one.attrib) == ticked}


# Lists in parts


def test_every_part_of_every_list_can_be_reached_from_its_beginning(site: SmallSite, browser: TestClient) -> None:
    years = site.years(site.now())
    lists = re.compile(r"/en/(calendar/2027|outlook/|collections/)")
    waiting = [addresses.calendar("en", 2027), addresses.outlook("en"), addresses.collection("en", ALL_OF_THEM)]
    ids: dict[str, set[str]] = {}
    led_to: set[tuple[str, str]] = set()
    while waiting:
        path = waiting.pop()
        if path in ids:
            continue
        answer = browser.get(path)
        assert answer.status_code == 200, path
        ids[path] = set(re.findall(r' id="([^"]+)"', answer.text))
        for href in re.findall(r'<a [^>]*href="([^"]+)"', answer.text):
            to = urlsplit(href)
            if lists.match(to.path):
                led_to.add((to.path, to.fragment))
                waiting.append(to.path)

    there = page_paths(site.catalog, years, (), long_lists(site.catalog, years), "en")
    assert ids.keys() - {addresses.outlook("en")} == set(filter(lists.match, there))
    assert "/en/calendar/2027/1/2" in ids
    assert all(not fragment or fragment in ids[path] for path, fragment in led_to)


def test_every_entry_stands_in_exactly_one_part(browser: TestClient) -> None:
    shown: list[str] = []
    for part in range(1, COUNT // MOST + 2):
        page = page_at(browser, addresses.collection("en", ALL_OF_THEM, part))
        shown += [one.get("href", "") for one in page.findall(".//ul[@class='events']/li/a")]

    assert len(shown) == len(set(shown)) == COUNT


@pytest.mark.parametrize(
    "path",
    [
        f"/en/collections/{ALL_OF_THEM}/1",
        f"/en/collections/{ALL_OF_THEM}/99",
        f"/en/collections/{ALL_OF_THEM}/02",
        f"/en/collections/{ALL_OF_THEM}/x",
        "/en/calendar/2027/1/1",
        "/en/calendar/2027/01",
        "/en/calendar/2027/13",
        "/en/calendar/2027/1/9",
        "/en/calendar/2035/1",
        "/en/outlook/2027/1",
        "/en/outlook/2026",
        "/en/outlook/2027/99",
    ],
)
def test_a_part_that_does_not_exist_is_not_found(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/en/calendar/2027/1", "/en/outlook/2027", "/en/collections/azerbaijan/2"])
def test_a_small_calendar_has_no_parts(path: str) -> None:
    assert TestClient(build_app(SmallSite(), settled=0.0)).get(path).status_code == 404


def test_a_part_says_what_it_is_in_every_language_and_what_stands_beside_it(browser: TestClient) -> None:
    page = page_at(browser, addresses.collection("en", ALL_OF_THEM, 2))
    heads = {(one.get("rel"), one.get("hreflang")): one.get("href") for one in page.iter("link")}
    address = f"/en/collections/{ALL_OF_THEM}"

    assert heads["prev", None] == address
    assert heads["next", None] == f"{address}/3"
    assert heads["canonical", None] == f"http://testserver{address}/2"
    assert heads["alternate", "fa"] == f"http://testserver/fa/collections/{ALL_OF_THEM}/2"
    assert (page.findtext(".//title") or "").startswith("All of them, part 2")
    present = page.findall(".//*[@class='beside']//a[@aria-current='page']")
    assert [one.get("href") for one in present] == [f"{address}/2", f"{address}/2"]


def test_a_divided_year_says_of_each_day_how_much_there_is(browser: TestClient) -> None:
    page = page_at(browser, addresses.calendar("en", 2027))
    first = page.find(".//td[@class]/a")

    assert first is not None
    assert "".join(first.itertext()) == "1: 6 events"
    assert first.get("href") == "/en/calendar/2027/1#day-2027-01-01"


# Single days


def test_a_calendar_is_put_together_from_days_that_were_looked_for(browser: TestClient) -> None:
    form = form_with(page_at(browser, addresses.subscribe("en")), "find")
    assert boxes(form, ticked=False) == {f"collection:{ALL_OF_THEM}"}
    look = form.find(".//button[@name='look']")
    assert look is not None
    assert (look.get("formmethod"), look.get("formaction")) == ("get", "/en/subscribe#find")

    answer = browser.get("/en/subscribe", params=as_form([*sent(form, find="Day 7"), ("look", "days")]))
    form = form_with(parsed(answer.text), "find")
    assert answer.status_code == 200
    assert ONE_OF_ALL in boxes(form, ticked=False)
    assert len(boxes(form, ticked=False)) == 1 + MOST_FOUND

    chosen = [*sent(form, find="Day 8"), ("select", ONE_OF_ALL), ("look", "days")]
    form = form_with(parsed(browser.get("/en/subscribe", params=as_form(chosen)).text), "find")
    assert boxes(form, ticked=True) == {ONE_OF_ALL}

    answer = browser.post("/selections", data=as_form(sent(form)), headers=FORM)
    assert answer.status_code == 303
    built = browser.get(answer.headers["location"])
    back = next(one.get("href", "") for one in parsed(built.text).iter("a") if "select=" in one.get("href", ""))
    assert ("select", ONE_OF_ALL) in parse_qsl(urlsplit(back).query)


def test_words_that_find_nothing_are_said_and_nothing_is_lost(browser: TestClient) -> None:
    query = {"select": ONE_OF_ALL, "find": "<b>nowhere", "look": "days"}
    page = parsed(browser.get("/en/subscribe", params=query).text)

    assert boxes(form_with(page, "find"), ticked=True) == {ONE_OF_ALL}
    assert "Nothing was found for “\u2068<b>nowhere\u2069”." in "".join(page.itertext())


def test_nobody_gets_what_another_reader_put_together(browser: TestClient) -> None:
    """Whatever is looked for, it is never taken for a part of what was chosen."""
    pairs = (
        ("select=all&round=on&find=day", "select=all&find=round+day"),
        ("select=&find=Day+7", "select=&find=Day+8"),
        (f"select={ONE_OF_ALL}&timed=on&find=day", f"select={ONE_OF_ALL}&find=timed+day"),
    )
    for one, other in pairs:
        first, second = (browser.get(f"/en/subscribe?{query}") for query in (one, other))
        assert (first.status_code, second.status_code) == (200, 200), one
        assert looked_for(first.text) != looked_for(second.text), one
        assert first.content != second.content, one


def looked_for(html: str) -> list[tuple[str, str]]:
    """Return what a form sends beside the days: what is ticked, and the words."""
    return sent(form_with(parsed(html), "find"))


def test_who_chose_a_great_many_days_keeps_them_in_one_box(browser: TestClient) -> None:
    chosen = [f"people-of-a-small-town-{n}" for n in range(MOST_BOXES + 40)]
    form = form_with(page_at(browser, "/en/subscribe?" + "&".join(f"select={id_}" for id_ in chosen)), "find")

    ticked = boxes(form, ticked=True)
    assert len(ticked) == MOST_BOXES + 1
    assert {id_ for value in ticked for id_ in value.split(",")} == set(chosen)


def test_messages_are_asked_for_from_days_that_were_looked_for(site: SmallSite, browser: TestClient) -> None:
    form = form_with(page_at(browser, addresses.subscribe("en")), "mail-find")
    look = form.find(".//button[@name='look']")
    assert look is not None
    assert look.get("formaction") == "/subscriptions#mail-find"

    fields = [*sent(form, find="Day 7", email="not yet"), ("look", "days")]
    answer = browser.post("/subscriptions", data=as_form(fields), headers=FORM)
    assert answer.status_code == 200
    form = form_with(parsed(answer.text), "mail-find")
    assert ONE_OF_ALL in boxes(form, ticked=False)
    assert 'role="alert"' not in answer.text
    assert ("email", "not yet") in sent(form)

    fields = [one for one in sent(form, email="reader@example.org") if one[0] != "select"]
    answer = browser.post("/subscriptions", data=as_form([*fields, ("select", ONE_OF_ALL)]), headers=FORM)
    assert answer.status_code == 200
    email, preference, _ = site.visitors.signed_up[-1]
    assert (email, preference.selection) == ("reader@example.org", Selection((ONE_OF_ALL,)))


def test_settings_are_changed_with_days_that_were_looked_for(site: SmallSite, browser: TestClient) -> None:
    visitors = site.visitors
    assert isinstance(visitors, SubscribedHere)
    form = form_with(page_at(browser, "/manage"), "mail-find")
    answer = browser.post(
        "/manage/preferences", data=as_form([*sent(form, find="Day 7"), ("look", "days")]), headers=FORM
    )
    assert answer.status_code == 200
    assert visitors.changed == []

    form = form_with(parsed(answer.text), "mail-find")
    assert ONE_OF_ALL in boxes(form, ticked=False)
    fields = [one for one in sent(form) if one[0] != "select"]
    answer = browser.post("/manage/preferences", data=as_form([*fields, ("select", ONE_OF_ALL)]), headers=FORM)
    assert answer.status_code == 303
    assert visitors.changed[-1].selection == Selection((ONE_OF_ALL,))


def test_a_single_day_of_very_many_is_found_in_the_settings(browser: TestClient) -> None:
    page = page_at(browser, "/manage")
    offered = [one.get("value") for one in page.findall(".//select[@id='left-event']/option")]
    assert len(offered) == MOST_FOUND

    page = page_at(browser, "/manage?find=Day+1234")
    assert [one.get("value") for one in page.findall(".//select[@id='left-event']/option")] == [
        "people-of-a-small-town-1234"
    ]
    page = page_at(browser, "/manage?find=nowhere")
    assert page.find(".//select[@id='left-event']") is None


def test_without_a_service_there_is_no_form_to_look_for_days(site: SmallSite) -> None:
    browser = TestClient(build_app(site, settled=0.0, live=False))

    for path in (addresses.calendar("en", 2027), "/en/calendar/2027/1", f"/en/collections/{ALL_OF_THEM}/2"):
        assert "<form" not in browser.get(path).text


def as_form(fields: Fields) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return form
