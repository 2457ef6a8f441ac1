"""The form for messages: what it takes, what it refuses and how it says so, how often, and from where."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlencode

import html5lib
import pytest
from starlette.testclient import TestClient

from notifier.domain.events import CollectionId
from notifier.domain.leads import OwnLeads
from notifier.domain.preferences import Preference
from notifier.storage.subscribers import Consent
from notifier.web.app import build_app
from notifier.web.subscriptions import EACH, TOGETHER
from tests.factories import black_january, make_catalog
from tests.web_site import SmallSite

XHTML = "{http://www.w3.org/1999/xhtml}"
FORM = "application/x-www-form-urlencoded"
EMAIL = "reader@example.org"
SENT = {"email": EMAIL, "lang": "en", "zone": "Europe/Berlin", "hour": "9", "leads": "7,1,0", "select": "all"}


@pytest.fixture
def site() -> SmallSite:
    return SmallSite()


@pytest.fixture
def browser(site: SmallSite) -> TestClient:
    return TestClient(build_app(site, settled=0.0), follow_redirects=False)


def subscribe(browser: TestClient, **changes: Any) -> Any:
    return browser.post("/subscriptions", data=SENT | changes)


def asked(site: SmallSite) -> tuple[str, Preference, Consent]:
    """Return the one thing that was asked for."""
    [one] = site.visitors.signed_up
    return one


# How often, and from where


def test_one_client_asks_twenty_times_an_hour(site: SmallSite, browser: TestClient) -> None:
    answers = [subscribe(browser, email=f"reader-{n}@example.org").status_code for n in range(EACH + 1)]

    assert answers == [200] * EACH + [429]
    assert int(subscribe(browser).headers["retry-after"]) == 3600
    site.instant += timedelta(hours=1)
    assert subscribe(browser).status_code == 200


def test_all_clients_together_ask_a_thousand_times_an_hour(site: SmallSite) -> None:
    app = build_app(site, settled=0.0)
    clients = [TestClient(app, client=(f"192.0.2.{n}", 1)) for n in range(TOGETHER // EACH + 1)]

    statuses = {subscribe(client).status_code for client in clients[:-1] for _ in range(EACH)}

    assert statuses == {200}
    assert subscribe(clients[-1]).status_code == 429


def test_a_client_is_the_network_of_a_household_and_only_proxies_of_ours_are_believed(site: SmallSite) -> None:
    site.trusted_proxies = (ip_network("10.0.0.0/8"),)
    app = build_app(site, settled=0.0)
    proxied, direct = TestClient(app, client=("10.1.2.3", 1)), TestClient(app, client=("192.0.2.1", 1))

    def ask(browser: TestClient, forwarded: str) -> int:
        return browser.post("/subscriptions", data=SENT, headers={"X-Forwarded-For": forwarded}).status_code

    assert [ask(proxied, f"2001:db8::{n:x}") for n in range(EACH + 1)][-2:] == [200, 429]
    assert [ask(direct, f"198.51.100.{n}") for n in range(EACH + 1)][-2:] == [200, 429]
    assert ask(proxied, "2001:db8:0:1::1") == 200


def test_a_programme_that_fills_in_everything_is_answered_and_ignored(site: SmallSite, browser: TestClient) -> None:
    answer = subscribe(browser, reply="https://spam.example")

    assert answer.content == subscribe(browser, email="person@example.org").content
    assert asked(site)[0] == "person@example.org"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "https://partner.example", "Sec-Fetch-Site": "cross-site"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(
    site: SmallSite, browser: TestClient, headers: dict[str, str], status: int
) -> None:
    site.allowed_origins = ("https://partner.example",)

    assert browser.post("/subscriptions", data=SENT, headers=headers).status_code == status
    assert len(site.visitors.signed_up) == (1 if status == 200 else 0)
    if "partner" in headers.get("Origin", ""):
        assert asked(site)[2].source == "https://partner.example"


# What cannot be read


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "Please write an e-mail address"),
        ({"email": "reader"}, "Please write an e-mail address"),
        ({"email": "a@b.example, c@d.example"}, "Please write an e-mail address"),
        ({"email": "reader@example.org\r\nBcc: everybody@example.org"}, "Please write an e-mail address"),
        ({"email": "reader@-example.org"}, "Please write an e-mail address"),
        ({"email": "x" * 64 + "@" + "y" * 190 + ".org"}, "Please write an e-mail address"),
        ({"email": ["a@example.org", "b@example.org"]}, "Please write an e-mail address"),
        ({"lang": "xx"}, "Please choose one of the languages."),
        ({"lang": "en\r\nX: y"}, "Please choose one of the languages."),
        ({"zone": "Mars/Olympus"}, "Please choose a time zone from the list."),
        ({"zone": "../../etc/passwd"}, "Please choose a time zone from the list."),
        ({"zone": "{{ 7 * 7 }}"}, "Please choose a time zone from the list."),
        ({"hour": "25"}, "Please choose an hour from 0 to 23."),
        ({"hour": "٩"}, "Please choose an hour from 0 to 23."),
        ({"leads": "soon"}, "Please choose whole days from 0 to 366."),
        ({"leads": "367"}, "Please choose whole days from 0 to 366."),
        ({"leads": ["none", "7"]}, "Please choose whole days from 0 to 366."),
        ({"leads": ",".join(map(str, range(30)))}, "Please choose whole days from 0 to 366."),
        ({"leads": "7;nowhere:1"}, "Please choose whole days from 0 to 366."),
        ({"digest": "hourly"}, "Please choose how often the overview comes."),
        ({"select": "nowhere"}, "Please choose at least one day or collection."),
        ({"select": "=HYPERLINK(1)"}, "Please choose at least one day or collection."),
        ({"select": "", "page": "en"}, "Please choose at least one day or collection."),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence_and_nothing_is_sent(
    site: SmallSite, browser: TestClient, changes: dict[str, Any], sentence: str
) -> None:
    answer = subscribe(browser, **changes)

    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2  # above the form, and beside the field
    assert site.visitors.signed_up == []
    html5lib.HTMLParser(strict=True).parse(answer.text)


def test_the_form_comes_back_as_it_was_filled_in_the_readers_language(browser: TestClient) -> None:
    answer = subscribe(
        browser, email='"><script>', hour="5", zone="America/New_York", leads=["30", "0"], select="khojaly", page="de"
    )

    assert "Bitte schreiben Sie eine E-Mail-Adresse" in answer.text
    assert "<script>" not in answer.text
    kept = sent(mail_form(answer.text))
    assert kept["email"] == ['"><script>']
    assert (kept["hour"], kept["zone"], kept["leads"]) == (["5"], ["America/New_York"], ["30", "0"])
    assert kept["select"] == ["khojaly"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"email=%ff", FORM, 422),
        (b"email=a@b.example", "application/json", 415),
        (b"email=" + b"a" * 70_000, FORM, 413),
    ],
)
def test_a_body_that_is_no_form_is_refused(browser: TestClient, body: bytes, kind: str, status: int) -> None:
    assert browser.post("/subscriptions", content=body, headers={"Content-Type": kind}).status_code == status


def test_the_address_answers_to_post_alone(browser: TestClient) -> None:
    assert browser.get("/subscriptions").status_code == 405


# The page


def test_the_form_can_be_sent_as_it_stands_once_the_address_is_filled_in(site: SmallSite, browser: TestClient) -> None:
    form = mail_form(browser.get("/de/subscribe").text)
    fields = sent(form)
    assert "all" not in fields["select"]
    buttons = list(form.iter(f"{XHTML}button"))
    assert [(button.get("name"), button.get("type")) for button in buttons] == [(None, "submit")]

    fields["email"] = [EMAIL]
    body = urlencode(fields, doseq=True)
    answer = browser.post(str(form.get("action")), content=body, headers={"Content-Type": FORM})

    assert answer.status_code == 200
    wanted = asked(site)[1]
    assert (wanted.language, wanted.zone, wanted.hour) == ("de", "Asia/Baku", 9)
    assert (wanted.leads, str(wanted.selection)) == (OwnLeads(), "collection:azerbaijan")


def test_it_says_about_how_many_messages_a_year_a_choice_means(browser: TestClient) -> None:
    page = browser.get("/en/subscribe").text

    assert "As it stands, the form means about 4 messages a year." in page
    assert 'Azerbaijan</label> <span class="note">(about 4 messages a year)' in page


def test_every_control_of_the_form_has_a_label(browser: TestClient) -> None:
    form = mail_form(browser.get("/en/subscribe").text)
    labelled = {label.get("for") for label in form.iter(f"{XHTML}label")}
    controls = [*form.iter(f"{XHTML}input"), *form.iter(f"{XHTML}select")]

    assert all(control.get("id") in labelled for control in controls if control.get("type") != "hidden")


def test_no_two_elements_of_the_page_have_one_id(browser: TestClient) -> None:
    page = html5lib.parse(browser.get("/en/subscribe").text)
    ids = [element.get("id") for element in page.iter() if element.get("id")]

    assert len(ids) == len(set(ids))


def test_a_collection_that_is_not_named_is_there_as_well(site: SmallSite, browser: TestClient) -> None:
    site.catalog = make_catalog(black_january(), collections={}, languages=("en",))
    assert 'value="collection:azerbaijan" checked' in browser.get("/en/subscribe").text
    site.catalog = make_catalog(black_january(), collections={CollectionId("empty"): site.catalog.calendar.name})
    assert 'value="collection:azerbaijan" checked' in browser.get("/en/subscribe").text


def mail_form(page: str) -> ET.Element:
    document = html5lib.HTMLParser(strict=True).parse(page)
    found = [form for form in document.iter(f"{XHTML}form") if form.get("action") == "/subscriptions"]
    assert len(found) == 1
    form: ET.Element = found[0]
    return form


def sent(form: ET.Element) -> dict[str, list[str]]:
    """Return what a browser would send of the form as it stands."""
    fields: dict[str, list[str]] = {}
    for name, value in _controls(form):
        fields.setdefault(name, []).append(value)
    return fields


def _controls(form: ET.Element) -> Iterator[tuple[str, str]]:
    for control in form.iter():
        kind = control.tag.removeprefix(XHTML)
        name, value = control.get("name"), control.get("value", "")
        if kind == "input" and name and (control.get("type") != "checkbox" or control.get("checked") is not None):
            yield name, value
        elif kind == "select" and name:
            chosen = [o for o in control.iter() if o.tag.endswith("option") and o.get("selected") is not None]
            yield name, str(chosen[0].get("value"))
