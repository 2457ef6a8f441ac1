"""The page with the two ways to subscribe: what it foresees of a choice, and what it keeps to itself."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
import segno
from starlette.testclient import TestClient

from notifier.content.qr import qr_code
from notifier.domain.texts import MACHINE
from notifier.web.app import build_app
from tests.factories import black_january, make_catalog
from tests.web_site import SmallSite

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def site() -> SmallSite:
    return SmallSite()


@pytest.fixture
def browser(site: SmallSite) -> TestClient:
    return TestClient(build_app(site, settled=0.0), follow_redirects=False)


def page(browser: TestClient, path: str, status: int = 200) -> ET.Element:
    """Return a page; HTML that is not valid is an error."""
    answer = browser.get(path)
    assert answer.status_code == status
    document = html5lib.HTMLParser(strict=True).parse(answer.text)
    assert isinstance(document, ET.Element)
    return document


def entries(document: ET.Element) -> list[tuple[str, str]]:
    """Return the day and the title of each entry that is shown."""
    items = document.findall(f".//{XHTML}ol[@class='marks']/{XHTML}li")
    return [
        (
            "".join(item.find(f"{XHTML}span").itertext()),  # type: ignore[union-attr]
            "".join(item.find(f"{XHTML}a").itertext()),  # type: ignore[union-attr]
        )
        for item in items
    ]


# What a calendar would show


def test_the_next_ten_entries_of_a_choice_are_shown_in_the_language_of_the_calendar(browser: TestClient) -> None:
    document = page(browser, "/en/subscribe?select=khojaly&select=black-january&ahead=7&lang=de")
    shown = entries(document)

    assert len(shown) == 10
    assert shown[:3] == [
        ("Mittwoch, 13. Januar 2027", "In 7 Tagen: Schwarzer Januar: 37. Jahrestag"),
        ("Mittwoch, 20. Januar 2027", "Schwarzer Januar: 37. Jahrestag"),
        ("Freitag, 19. Februar 2027", "In 7 Tagen: Chodschali: 35. Jahrestag"),
    ]
    listed = document.find(f".//{XHTML}ol[@class='marks']")
    assert listed is not None
    assert (listed.get("lang"), listed.get("dir")) == ("de", "ltr")


def test_they_are_those_that_the_built_feed_has(site: SmallSite, browser: TestClient) -> None:
    form = {"select": "khojaly", "ahead": ["30", "7"], "alarms": ["1"], "hour": "8", "lang": "en", "page": "en"}
    built = browser.post("/selections", data=form).headers["location"]

    assert entries(page(browser, built)) == entries(
        page(browser, "/en/subscribe?select=khojaly&ahead=30&ahead=7&alarms=1&hour=8&lang=en")
    )
    assert "Reminders: 1 day before, at 08:00." in browser.get(built).text.replace("8:00 AM", "08:00")


def test_round_anniversaries_alone_are_shown_alone(browser: TestClient) -> None:
    shown = entries(page(browser, "/en/subscribe?select=all&round=on"))

    assert shown
    assert all("0th" in title or "5th" in title for _, title in shown)
    assert "Round anniversaries only: multiples of 5" in browser.get("/en/subscribe").text


def test_the_form_stands_as_it_was_filled_and_so_does_the_way_back_from_what_was_built(browser: TestClient) -> None:
    form = {
        "select": "khojaly",
        "ahead": ["30"],
        "alarms": ["1"],
        "hour": "8",
        "lang": "de",
        "round": "on",
        "page": "en",
    }
    built = page(browser, browser.post("/selections", data=form).headers["location"])
    back = next(
        link.get("href", "") for link in built.iter(f"{XHTML}a") if link.get("href", "").startswith("/en/subscribe?")
    )
    assert parse_qs(urlsplit(back).query) == {
        "select": ["khojaly"],
        "alarms": ["1"],
        "ahead": ["30"],
        "lang": ["de"],
        "hour": ["8"],
        "round": ["on"],
    }
    first = page(browser, back).find(f".//{XHTML}form[@action='/selections']")
    assert first is not None
    ticked = [one.get("value") for one in first.iter(f"{XHTML}input") if one.get("checked") is not None]
    chosen = [one.get("value") for one in first.iter(f"{XHTML}option") if one.get("selected") is not None]
    assert sorted(ticked, key=str) == ["", "1", "30", "khojaly", "on"]
    assert chosen == ["de", "8"]


@pytest.mark.parametrize("lang", ["en", "de"])
def test_nothing_chosen_is_said_beside_the_days(browser: TestClient, lang: str) -> None:
    said = {"en": "Please choose at least one day or collection.", "de": "Bitte wählen Sie mindestens einen Tag"}[lang]
    for answer in (
        browser.get(f"/{lang}/subscribe?select=&ahead=7"),
        browser.post("/selections", data={"select": "", "page": lang, "ahead": "7"}),
    ):
        assert answer.status_code == 422
        assert said in answer.text
        assert 'aria-describedby="select-error"' in answer.text
        assert 'id="ahead-7" name="ahead" value="7" checked' in answer.text


@pytest.mark.parametrize(
    ("sent", "lang", "field", "said"),
    [
        ({"select": ["khojaly", "nope"]}, "de", "select", "hat weder einen Tag noch eine Sammlung „nope“."),
        ({"select": ["khojaly", "n" * 5000]}, "en", "select", f"nor a collection “{'n' * 80}…”."),
        ({"select": ["khojaly", "<b>"]}, "en", "select", "Please choose at least one day or collection."),
        ({"alarms": "5000"}, "de", "alarms", "Bitte wählen Sie ganze Tage von 0 bis 366."),
        ({"ahead": "soon"}, "en", "ahead", "Please choose whole days from 0 to 366."),
        ({"ahead": [str(n) for n in range(1, 12)]}, "en", "ahead", "Please choose at most 10 of them."),
        ({"hour": "25"}, "de", "hour", "Bitte wählen Sie eine Stunde von 0 bis 23."),
        ({"lang": "xx"}, "en", "lang", "Please choose one of the languages."),
    ],
)
def test_a_choice_that_there_is_not_is_said_beside_its_field_in_the_language_of_the_page(
    browser: TestClient, sent: dict[str, str | list[str]], lang: str, field: str, said: str
) -> None:
    form = {"select": "khojaly", "lang": "en", "round": "on"} | sent
    for answer in (
        browser.get(f"/{lang}/subscribe", params=form),
        browser.post("/selections", data=form | {"page": lang}, headers={"Accept-Language": "fr"}),
    ):
        assert (answer.status_code, answer.headers["content-language"]) == (422, lang)
        assert f'<p class="error" id="{field}-error" role="alert">' in answer.text
        assert said in answer.text
        # What could be read stands there again.
        assert 'name="select" value="khojaly" checked' in answer.text
        assert 'name="round" value="on" checked' in answer.text
        html5lib.HTMLParser(strict=True).parse(answer.text)


def test_a_form_that_is_none_is_refused_in_the_language_of_its_page(browser: TestClient) -> None:
    answer = browser.post("/selections", data={"select": "all", "name": "x", "page": "de"})

    assert (answer.status_code, answer.headers["content-language"]) == (422, "de")


def test_what_others_hang_onto_the_address_means_nothing(browser: TestClient) -> None:
    assert browser.get("/en/subscribe?utm_source=x").content == browser.get("/en/subscribe").content


def test_search_engines_are_told_what_the_page_is_for(browser: TestClient) -> None:
    described = page(browser, "/de/subscribe").find(f".//{XHTML}meta[@name='description']")

    assert described is not None
    assert (described.get("content") or "").startswith("So abonnieren Sie „")


@pytest.mark.parametrize(
    ("path", "form"),
    [("/selections", "/de/subscribe"), ("/subscriptions", "/de/subscribe"), ("/manage/leave", "/manage")],
)
def test_a_form_from_elsewhere_is_answered_with_a_link_to_the_one_here(
    browser: TestClient, path: str, form: str
) -> None:
    headers = {"Origin": "https://evil.example", "Accept-Language": "de"}
    answer = browser.post(path, data={"select": "all"}, headers=headers)

    assert answer.status_code == 403
    assert f'<a href="{form}">Zum Formular auf dieser Website</a>' in answer.text


def test_a_choice_is_nothing_for_search_engines(browser: TestClient) -> None:
    assert browser.get("/en/subscribe?select=khojaly").headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in browser.get("/en/subscribe").headers


def test_an_hour_stays_chosen_where_nothing_rings_at_it_yet(browser: TestClient) -> None:
    for hour in ("8", "21"):
        shown = page(browser, f"/en/subscribe?select=khojaly&hour={hour}")
        options = shown.findall(f".//{XHTML}select[@id='hour']/{XHTML}option")
        chosen = [one.get("value") for one in options if one.get("selected") is not None]
        assert chosen == [hour]


@pytest.mark.parametrize("query", ["select=mars", "select=all&hour=99", "select=all&lang=xx", "select=all&ahead=9999"])
def test_what_cannot_be_built_cannot_be_foreseen_either(browser: TestClient, query: str) -> None:
    assert browser.get(f"/en/subscribe?{query}").status_code == 422


def test_the_picture_for_a_telephone_is_the_address(browser: TestClient) -> None:
    document = page(browser, browser.post("/selections", data={"select": "all", "page": "en"}).headers["location"])
    [drawn] = [one.get("d") for one in document.iter(f"{SVG}path") if one.get("class") == "dark"]
    address = document.find(f".//{XHTML}code[@id='feed-address']")

    assert address is not None
    assert drawn == qr_code((address.text or "").replace("http://", "webcal://")).path


def test_a_code_is_drawn_module_by_module() -> None:
    matrix = segno.make_qr("webcal://days.example.org/s/1abc.ics", error="m", boost_error=False).matrix
    code = qr_code("webcal://days.example.org/s/1abc.ics")
    dark = set()
    for run in code.path.split("M")[1:]:
        place, _, rest = run.partition("h")
        x, y = map(int, place.split())
        dark |= {(x + step - 4, y - 4) for step in range(int(rest.partition("v")[0]))}

    assert code.size == len(matrix) + 8
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}


# What a message would say


def test_the_page_shows_what_the_next_message_would_be(browser: TestClient) -> None:
    shown = browser.get("/de/subscribe").text

    assert "Mittwoch, 13. Januar 2027, ab 09:00" in shown
    assert "Schwarzer Januar: 37. Jahrestag, in 7 Tagen" in shown
    assert "the-unsubscribe-token" not in shown


def test_a_choice_is_foreseen_without_an_address_and_nothing_is_sent(site: SmallSite, browser: TestClient) -> None:
    form = {"page": "en", "show": "message", "email": "", "select": "khojaly", "leads": "1", "lang": "de", "hour": "7"}
    answer = browser.post("/subscriptions", data=form)

    assert answer.status_code == 200
    assert "That is about 1 message a year." in answer.text
    assert "Chodschali: 35. Jahrestag, morgen" in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert site.visitors.signed_up == []


def test_what_is_filled_in_stays_while_it_is_foreseen(browser: TestClient) -> None:
    form = {"page": "en", "show": "message", "email": "reader@example.org", "select": "khojaly"}

    assert 'value="reader@example.org"' in browser.post("/subscriptions", data=form).text


def test_a_text_nobody_has_read_over_is_no_more_in_the_foreseen_message_than_in_the_sent_one() -> None:
    read = replace(black_january(), translations={})
    unread = replace(read, translations={"de": MACHINE})
    shown = [
        TestClient(build_app(SmallSite(make_catalog(event)))).get("/de/subscribe").text for event in (read, unread)
    ]

    assert ["Units of the Soviet army entered Baku" in page for page in shown] == [False, True]


def test_a_choice_that_brings_nothing_says_so(browser: TestClient) -> None:
    form = {"page": "en", "show": "message", "select": "khojaly", "leads": "none"}

    assert "No message is due within a year." in browser.post("/subscriptions", data=form).text


# On other sites


def test_the_form_for_other_sites_is_shown_where_there_are_any(site: SmallSite) -> None:
    assert "snippet" not in TestClient(build_app(site)).get("/de/subscribe").text
    site.allowed_origins = ("https://www.example.net",)
    document = page(TestClient(build_app(site)), "/de/subscribe")
    code = document.find(f".//{XHTML}pre[@class='snippet']/{XHTML}code")

    assert code is not None
    snippet = unescape("".join(code.itertext()))
    form = html5lib.HTMLParser(strict=True).parseFragment(snippet).find(f".//{XHTML}form")
    assert form is not None
    assert (form.get("method"), form.get("action")) == ("post", "http://testserver/subscriptions")
    assert [one.get("name") for one in form.iter(f"{XHTML}input")] == ["lang", "email"]
    assert not [one for one in form.iter() if one.get("style") or one.tag in {f"{XHTML}script", f"{XHTML}style"}]


def test_what_it_sends_is_a_subscription_in_its_language_with_the_consent_that_stood_there(site: SmallSite) -> None:
    site.allowed_origins = ("https://www.example.net",)
    browser = TestClient(build_app(site, settled=0.0))
    headers = {"Origin": "https://www.example.net", "Sec-Fetch-Site": "cross-site", "Accept-Language": "en"}

    answer = browser.post("/subscriptions", data={"lang": "de", "email": "reader@example.org"}, headers=headers)

    [(email, preference, consent)] = site.visitors.signed_up
    assert (answer.status_code, email, preference.language) == (200, "reader@example.org", "de")
    assert consent.source == "https://www.example.net"
    assert consent.wording.startswith("Mit dieser Schaltfläche willigen Sie ein")
    assert 'lang="de"' in answer.text
