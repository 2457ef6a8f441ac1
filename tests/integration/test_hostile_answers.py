"""Somebody tries to run a script: through every field of a calendar, every query, every form, and every header.

What is answered is parsed as a browser parses it and looked through; tests/acceptance/test_hostile.py opens it in one.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import html5lib
import pytest
from starlette.routing import Route

from notifier.content.outlook_page import outlook_page
from notifier.content.pages import published_occurrence
from notifier.content.pictures import picture_svg
from notifier.domain.deliveries import SubscriberStatus
from notifier.storage.engine import writing
from notifier.storage.subscribers import set_status
from tests.hostile_calendar import BAD_LINES, LINK, crowded, marks
from tests.hostile_service import (
    HOSTILE,
    KEY,
    MANY,
    PLAIN,
    SENT,
    TAGS,
    HostileService,
    every_kind,
    every_long_kind,
    faults,
    feed_contents,
    hostile_service,
    parsed,
)
from tests.integration.visiting import FORM
from tests.unit.test_pages import site_of
from tests.web_site import LANGUAGES


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileService]:
    with hostile_service(tmp_path_factory.mktemp("hostile")) as served:
        yield served


@pytest.fixture(scope="module")
def paths(served: HostileService) -> list[str]:
    return every_kind(served)


# What a calendar says


def test_no_field_of_a_calendar_becomes_markup_on_any_page(served: HostileService, paths: list[str]) -> None:
    shown, lost = "", marks()
    for path in paths:
        answer = served.browser().get(path)
        assert answer.status_code in {200, 404, 422}, path
        tree = parsed(answer.text)
        assert faults(tree) == [], path
        assert "1337" not in answer.text, path
        shown += "".join(tree.itertext())
    own = parsed(served.opened().get("/manage").text)
    assert faults(own) == []

    # Who reviewed a translation is said nowhere; everything else stands on some page as it is written.
    assert {field for mark, field in lost.items() if mark not in shown} == {("events", 0, "translations", "en")}


def test_nothing_that_machines_read_of_it_is_markup_of_its_own(served: HostileService) -> None:
    browser = served.browser()
    for tag in TAGS:
        assert "<script>" in json.loads(browser.get(f"/{tag}/site.webmanifest").text)["name"]
        lists = ET.fromstring(browser.get(f"/{tag}/sitemap-1.xml").content)  # noqa: S314  # our own
        assert {element.tag.rpartition("}")[2] for element in lists.iter()} <= {"urlset", "url", "loc", "lastmod"}
        site = replace(site_of(catalog=served.view.catalog), templates=served.templates)
        for event in site.catalog.events[:2]:
            occurrence = published_occurrence(site, event, "2027")
            assert occurrence is not None
            drawing = ET.fromstring(picture_svg(site, LANGUAGES[tag], occurrence))  # noqa: S314  # our own
            assert {element.tag.rpartition("}")[2] for element in drawing.iter()} == {"svg", "path", "g", "text"}
            assert browser.get(f"/{tag}/events/{event.id}/2027.png").status_code == 200


def test_no_feed_hands_markup_on(served: HostileService) -> None:
    for path, html in feed_contents(served):
        assert faults(html5lib.parseFragment(html, namespaceHTMLElements=False)) == [], path


def test_no_feed_hands_markup_on_of_a_day_that_was_moved(crowd: HostileService) -> None:
    contents = list(feed_contents(crowd, ["events/worst"]))
    assert any("Moved" in html and "alert(7)" in html for _, html in contents)
    for path, html in contents:
        assert faults(html5lib.parseFragment(html, namespaceHTMLElements=False)) == [], path


def test_no_message_hands_markup_on(served: HostileService) -> None:
    for name, message in served.messages.items():
        assert faults(parsed(message.html), styled=True) == [], name
        assert "1337" not in message.html, name
        assert "\n" not in message.subject, name


# What somebody asks


@dataclass(frozen=True)
class Form:
    """A form on a page: how and where to it is sent, and with what; None for a field that is not sent as it stands."""

    method: str
    action: str
    fields: tuple[tuple[str, str | None], ...]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(name for name, _ in self.fields))

    def with_each_field_hostile(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yield the form with one field hostile at a time, then with all, then with one that it does not have."""
        sent = [(name, value) for name, value in self.fields if value is not None]
        for hostile in self.names:
            yield hostile, [*((name, value) for name, value in sent if name != hostile), (hostile, HOSTILE)]
        yield "all", [(name, HOSTILE) for name in self.names]
        yield "another", [*sent, (HOSTILE, HOSTILE)]

    def with_each_field_twice(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yield the form with two values of one field, then these two alone."""
        sent = [(name, value) for name, value in self.fields if value is not None]
        for name in self.names:
            twice = [(name, "1"), (name, "2")]
            yield name, [*(one for one in sent if one[0] != name), *twice]
            yield f"{name} alone", twice


def forms_on(path: str, html: str) -> Iterator[Form]:
    page = parsed(html)
    for form in page.iter("form"):
        method, action = form.get("method", "get"), form.get("action") or path
        elsewhere = page.findall(f".//*[@form='{form.get('id', '-')}']")
        fields = tuple(_fields([*form.iter(), *elsewhere]))
        yield Form(method, action, fields)
        for button in (one for one in (*form.iter(), *elsewhere) if one.tag == "button"):
            name, value = button.get("name"), button.get("value", "")
            pressed = fields if name is None else (*fields, (name, value))
            yield Form(button.get("formmethod", method), button.get("formaction", action), pressed)


def _fields(elements: Iterable[ET.Element]) -> Iterator[tuple[str, str | None]]:
    """Yield each field as a browser would send it."""
    for field in elements:
        name, kind = field.get("name", ""), field.get("type")
        if field.tag == "select":
            options = field.findall(".//option")
            yield name, next((one.get("value") for one in options if "selected" in one.attrib), options[0].get("value"))
        elif field.tag == "input" and kind in {"checkbox", "radio"}:
            yield name, field.get("value", "on") if "checked" in field.attrib else None
        elif field.tag == "input":
            yield name, field.get("value") or {"email": "somebody@example.org", "date": "2027-03-01"}.get(str(kind), "")
        else:
            assert field.tag != "textarea"


def answered(answer: Any, what: object) -> None:
    """Hold that an answer has nothing in it that runs, whatever was asked."""
    assert answer.status_code != 429, what
    assert answer.status_code < 500, what
    said = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    assert "script>" not in said, (what, said)
    assert "x.example" not in said, (what, said)
    assert LEADS_HERE.match(answer.headers.get("location", "/")), (what, said)
    assert answer.headers["x-content-type-options"] == "nosniff", what
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert "1337" not in answer.text, what
        assert faults(parsed(answer.text)) == [], what
    else:
        kinds = ("text/plain", "text/calendar", "text/csv", "text/javascript", "text/css", "application/", "image/")
        assert answer.headers.get("content-type", "text/plain").startswith(kinds), what


LEADS_HERE = re.compile(r"/(?!/)[!-~]*")


CALENDAR = ("select", "lang", "alarms", "hour", "ahead", "round")


@pytest.fixture(scope="module")
def forms(served: HostileService, paths: list[str]) -> list[Form]:
    """Every form that stands on any page, in each state in which somebody's settings can be; erasing is the last."""
    view, asked = served.view, "asked@example.org"
    tokens, person = view.tokens, served.reader()
    served.browser().post("/subscriptions", data={"email": asked})
    confirm = tokens.confirm(view.person(asked).key, view.person(asked).nonce or "")
    links = [f"/confirm/{confirm}", f"/unsubscribe/{tokens.unsubscribe(person.key)}"]
    links += [
        f"/never/{tokens.never(view.person(asked).key, 'a' * 16)}",
        f"/manage/{tokens.manage(person.key, view.now())}",
    ]
    browser, own = served.browser(), served.opened()
    found = [form for path in (*paths, *links) for form in forms_on(path, browser.get(path).text)]
    own.post("/manage/pause", data={"until": "2027-03-01"})
    found += forms_on("/manage", own.get("/manage?done=paused").text)
    for status in (SubscriberStatus.ACTIVE, SubscriberStatus.SUSPENDED, SubscriberStatus.UNSUBSCRIBED):
        with writing(view.engine) as db:
            set_status(db, person.id, status, view.now())
        found += [form for path in ("/manage", "/manage/erase") for form in forms_on(path, own.get(path).text)]
    again = browser.post("/subscriptions", data={"email": "nobody", "page": "en"}).text
    found += forms_on("/subscriptions", again)
    found.append(Form("post", f"/undo/{tokens.undo(person.key, view.now())}", (("keep", "day"),)))
    # As programmes send it: what is wrong with it is then said in its own words.
    found.append(Form("post", "/selections", tuple((name, "all" if name == "select" else None) for name in CALENDAR)))
    distinct = {(one.method, one.action, *one.names): one for one in reversed(found)}
    return sorted(distinct.values(), key=lambda one: (one.action == "/manage/erase", one.action, one.names))


def sending(
    served: HostileService, forms: Iterable[Form], ways: Callable[[Form], Iterable[tuple[str, list[tuple[str, str]]]]]
) -> Iterator[tuple[Form, str, Any]]:
    """Send each form in each of the ways, and yield what was answered."""
    for form in forms:
        opened = served.opened() if form.action.startswith("/manage") else None
        for name, sent in ways(form):
            browser = opened or served.browser()
            action = form.action.partition("#")[0]
            if form.method == "get":
                answer = browser.get(f"{action}?{urlencode(sent)}")
            else:
                answer = browser.post(action, content=urlencode(sent), headers={"Content-Type": FORM})
            yield form, name, answer


def test_no_field_of_any_form_becomes_markup(served: HostileService, forms: list[Form]) -> None:
    tried, shown_again = set(), set()
    for form, name, answer in sending(served, forms, Form.with_each_field_hostile):
        answered(answer, (form.action, name))
        tried.add(form.action)
        shown_again |= {name} if SENT in answer.text else set()
    assert shown_again >= {"email", "q", "another", "all", *CALENDAR}
    for route in served.routes():
        if route.methods and "POST" in route.methods:
            assert any(route.path_regex.fullmatch(path) for path in tried), route.path


def test_no_field_that_is_sent_twice_breaks_anything(served: HostileService, forms: list[Form]) -> None:
    for form, name, answer in sending(served, forms, Form.with_each_field_twice):
        assert answer.status_code < 500, (form.action, name)


QUERIES = frozenset({"built", "done", "v", "other", HOSTILE})
"""What stands in addresses beside the fields of forms."""

PARTS = {"lang": "en", "id": "worst", "year": "2027", "key": KEY, "name": "style.css", "collection": "collected"}
"""What stands in the addresses of pages that there are; for the other parts anything is tried."""


def address(route: Route, **changes: str) -> str:
    return re.sub(r"{(\w+)[^}]*}", lambda part: quote((PARTS | changes).get(part[1], "1"), ""), route.path)


def test_no_part_of_an_address_becomes_markup(served: HostileService) -> None:
    browser = served.browser()
    for route in served.routes():
        for part in re.findall(r"{(\w+)", route.path):
            for bad in (HOSTILE, HOSTILE.replace("/", "")):
                answered(browser.get(address(route, **{part: bad})), (route.path, part))


def test_no_query_of_an_address_becomes_markup(served: HostileService, forms: list[Form]) -> None:
    """All at once everywhere, and one by one where that makes a difference."""
    queries, own, shown = sorted(QUERIES.union(*(form.names for form in forms))), served.opened(), set()
    for route in served.routes():
        if "GET" not in (route.methods or ()):
            continue
        path = address(route)
        plain = own.get(path)
        for some in (queries, [name for name in queries if name != "built"]):
            answer = own.get(f"{path}?{urlencode(dict.fromkeys(some, HOSTILE))}")
            answered(answer, (path, some))
            if answer.content == plain.content:
                continue
            for name in some:
                alone = own.get(f"{path}?{urlencode({'select': 'all', name: HOSTILE})}")
                answered(alone, (path, name))
                shown |= {(path, name)} if SENT in alone.text else set()

    assert {name for path, name in shown if path == "/en/subscribe"} >= {"round", "timed"}
    assert ("/en/search", "q") in shown


def test_no_query_that_is_asked_twice_breaks_anything(served: HostileService, forms: list[Form]) -> None:
    """Where two values of all make a difference, each is tried on its own, beside a choice and beside none."""
    names, own, tried = sorted(QUERIES.union(*(form.names for form in forms))), served.opened(), set()
    for route in served.routes():
        if "GET" not in (route.methods or ()):
            continue
        path = address(route)
        plain = own.get(path)
        twice = {name: f"{urlencode({name: '1'})}&{urlencode({name: '2'})}" for name in names}
        for some in (names, [name for name in names if name != "built"]):
            answer = own.get(f"{path}?{'&'.join(twice[name] for name in some)}")
            assert answer.status_code < 500, path
            if answer.content == plain.content:
                continue
            for name in some:
                for beside in ("", "select=&", "select=all&"):
                    assert own.get(f"{path}?{beside}{twice[name]}").status_code < 500, (path, beside, name)
                tried.add((path, name))
    assert ("/en/subscribe", "page") in tried


# Of a calendar with very many days


@pytest.fixture(scope="module")
def crowd(served: HostileService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileService]:
    with hostile_service(tmp_path_factory.mktemp("crowd"), crowded(), served.templates) as crowd:
        yield crowd


@pytest.fixture(scope="module")
def long_pages(crowd: HostileService) -> dict[str, str]:
    """What is shown where lists are long, days are looked for, and a great many are chosen, by its address."""
    browser, own = crowd.browser(), crowd.opened()
    found = {path: browser.get(path).text for path in every_long_kind(crowd)}
    for query in ("", "?find=alert", f"?{urlencode({'find': HOSTILE})}"):
        found[f"/manage{query}"] = own.get(f"/manage{query}").text
    many = {"email": "nobody", "page": "en", "select": MANY}
    return found | {"/subscriptions": browser.post("/subscriptions", data=many).text}


def test_nothing_of_very_many_days_becomes_markup(long_pages: dict[str, str]) -> None:
    for path, text in long_pages.items():
        assert "1337" not in text, path
        assert "alert(" in text, path
        assert faults(parsed(text)) == [], path
    for path in ("/en/subscribe", "/manage"):
        assert SENT in long_pages[f"{path}?{urlencode({'find': HOSTILE})}"]


def test_no_field_by_which_days_are_looked_for_becomes_markup(
    crowd: HostileService, long_pages: dict[str, str]
) -> None:
    found = [form for path in ("/en/subscribe", "/manage") for form in forms_on(path, long_pages[path])]
    looking, shown = [form for form in found if "find" in form.names], set()

    def hostile(form: Form) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        return (way for way in form.with_each_field_hostile() if way[0] in {"find", "all"})

    for form, name, answer in sending(crowd, looking, hostile):
        answered(answer, (form.action, name))
        shown |= {form.action.partition("#")[0]} if SENT in answer.text and name == "find" else set()
    assert shown >= {"/en/subscribe", "/subscriptions", "/manage", "/manage/preferences"}


# Whether all of it was tried


def seldom_shown(served: HostileService) -> Iterator[str]:
    """Yield what few calendars show: round anniversaries far off alone, and entries too long for a feed."""
    far = tuple(event for event in served.view.catalog.events if event.id == "worst")
    site = site_of(catalog=replace(served.view.catalog, events=far), day=date(2033, 3, 1))
    site = replace(site, templates=served.templates, script="/static/page.js?v=1")
    yield outlook_page(site, LANGUAGES["en"]).body.decode()
    text = served.templates.render("feed/shortened.html", LANGUAGES["en"], text=BAD_LINES, url=LINK)
    yield f"<!DOCTYPE html><html lang=en><head><title>A feed</title></head><body>{text}</body></html>"


def test_what_is_seldom_shown_has_no_markup_of_others(served: HostileService) -> None:
    for text in seldom_shown(served):
        assert "alert(" in text
        assert faults(parsed(text)) == []


NOT_OF_OTHERS = re.compile(
    r"say \( '[^']*' \)|web/(plot|sitemap|picture)\S* .*"
    r"|web/parts\.html.* occurrence \. day|web/search\.html.* one \. kind_called|web/message\.html.* form"
    r"|web/manage\.html.* one \. said \. label"
)
"""What is put out in some cases only and is never anybody else's: words of this service, its dates, and figures."""


def test_every_expression_in_the_templates_was_put_out_here(
    served: HostileService, crowd: HostileService, forms: list[Form], long_pages: dict[str, str]
) -> None:
    """What none of these tests shows could be markup, and nobody would know."""
    assert forms
    assert long_pages
    assert served.messages
    assert [*feed_contents(served), *feed_contents(crowd, ["events/worst"]), *seldom_shown(served)]
    never = [said for said in served.templates.never_put_out() if not NOT_OF_OTHERS.search(said)]
    assert never == [], "\n".join(never)


HEADERS = (
    "Host", "Referer", "Origin", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Cookie",
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Forwarded-Port", "Forwarded",
    "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "If-None-Match", "If-Modified-Since", "Range",
    "Content-Type", "Sec-Fetch-Site", "Via", "From",
)  # fmt: skip


@pytest.mark.parametrize("bad", [PLAIN, "x.example"], ids=["script", "host"])
def test_no_header_becomes_markup_or_leads_elsewhere(served: HostileService, bad: str) -> None:
    """What a proxy says of the name it was asked for is not taken either: addresses are those that settings name."""
    for name in HEADERS:
        for path in ("/", "/en", "/en/", "/en/subscribe", "/manage", "/nowhere", f"/editions/{KEY}"):
            answer = served.browser().get(path, headers={name: bad})
            answered(answer, (path, name))
            assert '//x.example/"' not in answer.text, (path, name)
        for path in ("/selections", "/subscriptions", "/manage"):
            form = {"email": "somebody@example.org", "select": "all", "lang": "en", "page": "en"}
            answered(served.browser().post(path, data=form, headers={name: bad}), (path, name))
