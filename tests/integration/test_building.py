"""The form that builds a calendar: what it takes, what it refuses, how often, and from where."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from ipaddress import ip_network
from urllib.parse import urlencode

import html5lib
import pytest
from starlette.testclient import TestClient

from notifier.web.app import build_app
from notifier.web.clients import client_of
from notifier.web.headers import LONGEST_BODY
from notifier.web.selections import EACH, REFUSED
from tests.web_site import SmallSite

FORM = "application/x-www-form-urlencoded"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def site() -> SmallSite:
    return SmallSite()


@pytest.fixture
def browser(site: SmallSite) -> TestClient:
    return TestClient(build_app(site), follow_redirects=False, raise_server_exceptions=False)


def built(site: SmallSite) -> list[str]:
    return [str(one) for one in site.selections.built.values()]


class TestBuilding:
    def test_it_leads_to_the_feed(self, site: SmallSite, browser: TestClient) -> None:
        answer = browser.post("/selections", data={"select": "all", "lang": "de"})

        (token,) = site.selections.built
        assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{token}.ics")
        assert "set-cookie" not in answer.headers
        assert built(site) == ["de all"]

    def test_every_field_counts(self, site: SmallSite, browser: TestClient) -> None:
        form = {
            "select": ["khojaly", "collection:azerbaijan", ""],
            "lang": "en",
            "alarms": ["7", "0", ""],
            "hour": "8",
            "ahead": "30,7",
            "round": "on",
            "timed": "1",
        }
        browser.post("/selections", data=form)

        assert built(site) == ["en collection:azerbaijan,khojaly alarms=7,0@8 ahead=30,7 round timed"]

    def test_a_form_on_a_page_leads_to_the_page_that_shows_how_to_subscribe(
        self, site: SmallSite, browser: TestClient
    ) -> None:
        answer = browser.post("/selections", data={"select": "khojaly", "lang": "en", "page": "de"})
        (token,) = site.selections.built
        page = browser.get(answer.headers["location"])

        assert answer.headers["location"] == f"/de/subscribe?built={token}"
        assert page.status_code == 200
        for link in (
            f"http://testserver/s/{token}.ics",
            f"webcal://testserver/s/{token}.ics",
            "https://calendar.google.com/calendar/u/0/r?cid=http%3A%2F%2Ftestserver%2Fs%2F",
            "https://outlook.live.com/calendar/0/addfromweb/?url=http%3A%2F%2Ftestserver%2Fs%2F",
            "https://outlook.office.com/calendar/0/addfromweb/",
        ):
            assert link in page.text
        assert "Ihr Kalender" in page.text
        assert "noindex" in page.headers["x-robots-tag"]

    @pytest.mark.parametrize("token", ["", "1" + "a" * 15, "../../etc", "1" * 100_000 + "x"])
    def test_what_nobody_built_has_no_page(self, browser: TestClient, token: str) -> None:
        assert browser.get("/de/subscribe", params={"built": token[:1000]}).status_code == 404

    @pytest.mark.parametrize(
        ("form", "sentence"),
        [
            ({}, "takes no event in"),
            ({"select": "nowhere"}, "the calendar has neither a day nor a collection &#34;nowhere&#34;"),
            ({"select": "<b>x</b>"}, "&#34;&lt;b&gt;x&lt;/b&gt;&#34; is not a selection"),
            ({"select": "all", "lang": "xx"}, "&#34;xx&#34; is not a language of this calendar"),
            ({"select": "all", "alarms": "soon"}, "&#34;soon&#34; are not leads"),
            ({"select": "all", "alarms": "9" * 5000}, "…&#34; are not leads"),
            ({"select": "all", "hour": "25"}, "25 is not an hour of the day"),
            ({"select": "all", "hour": "nine"}, "nine is not an hour of the day"),
            ({"select": "all", "ahead": "1.5"}, "&#34;1.5&#34; are not leads"),
            ({"select": "all", "round": "maybe"}, "&#34;maybe&#34; cannot be the value of &#34;round&#34;."),
            ({"select": "all", "lang": ["en", "de"]}, "&#34;de, en&#34; cannot be the value of &#34;lang&#34;."),
            ({"select": "all", "name": "My own words"}, "There is no field &#34;name&#34; in this form."),
        ],
    )
    def test_what_cannot_be_built_is_said_in_one_sentence(
        self, site: SmallSite, browser: TestClient, form: dict[str, str], sentence: str
    ) -> None:
        answer = browser.post("/selections", data=form)

        assert answer.status_code == 422
        assert sentence in answer.text
        assert "no-store" in answer.headers["cache-control"]
        assert not site.selections.built

    def test_it_is_said_in_the_readers_language(self, browser: TestClient) -> None:
        answer = browser.post("/selections", data={"select": "mars"}, headers={"Accept-Language": "de"})

        assert "Der Kalender hat weder einen Tag noch eine Sammlung „mars“" in answer.text

    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [
            (b"select=all&x=" + b"a" * LONGEST_BODY, FORM, 413),
            (b"select=all", "application/json", 415),
            (b"select=%FF", FORM, 422),
            ("select=ä".encode(), FORM, 422),
            (b"&".join([b"a=b"] * 16_000), FORM, 422),
            (b"select=a" + b"%2Ca" * 16_000, FORM, 422),
        ],
    )
    def test_what_is_no_form_is_refused(self, browser: TestClient, body: bytes, kind: str, status: int) -> None:
        assert browser.post("/selections", content=body, headers={"Content-Type": kind}).status_code == status

    def test_a_body_that_does_not_say_how_long_it_is_is_read_up_to_a_limit(self, browser: TestClient) -> None:
        answer = browser.post(
            "/selections", content=iter([b"select=all&x=", *[b"a" * 1000] * 100]), headers={"Content-Type": FORM}
        )

        assert answer.status_code == 413

    def test_only_post_builds(self, browser: TestClient) -> None:
        assert browser.get("/selections?select=all").status_code == 405


class TestQuota:
    def test_a_thousand_in_a_row_are_stopped(self, site: SmallSite, browser: TestClient) -> None:
        leads = range(300)
        answers = [browser.post("/selections", data={"select": "all", "alarms": str(lead)}) for lead in leads]

        assert [answer.status_code for answer in answers] == [303] * EACH + [429] * (len(leads) - EACH)
        assert len(site.selections.built) == EACH
        assert "Many calendars were built from your connection" in answers[-1].text
        assert answers[-1].headers["retry-after"] == "3600"

    def test_what_is_refused_for_its_choices_does_not_count(self, browser: TestClient) -> None:
        for _ in range(EACH + 1):
            browser.post("/selections", data={"select": "nowhere"})

        assert browser.post("/selections", data={"select": "all"}).status_code == 303

    def test_who_sends_nonsense_again_and_again_is_stopped_too_and_nobody_else(self, site: SmallSite) -> None:
        application = build_app(site)
        browser, other = (TestClient(application, client=(host, 1)) for host in ("192.0.2.1", "192.0.2.2"))
        answers = [browser.post("/selections", data={"select": "nowhere"}) for _ in range(REFUSED + 2)]

        assert [answer.status_code for answer in answers] == [422] * REFUSED + [429] * 2
        assert "Many calendars were built" not in answers[-1].text
        assert "Very many requests have come; please try again in an hour." in answers[-1].text
        assert other.post("/selections", data={"select": "nowhere"}).status_code == 422
        assert other.post("/selections", data={"select": "all"}, follow_redirects=False).status_code == 303

    def test_clients_behind_a_trusted_proxy_are_told_apart_and_others_are_not_believed(self, site: SmallSite) -> None:
        through_proxy = TestClient(build_app(site), follow_redirects=False, client=("10.0.0.1", 1))

        def statuses() -> set[int]:
            return {
                through_proxy.post(
                    "/selections", data={"select": "all"}, headers={"X-Forwarded-For": f"192.0.2.{number}"}
                ).status_code
                for number in range(EACH + 1)
            }

        assert statuses() == {303, 429}
        site.trusted_proxies = (ip_network("10.0.0.0/8"),)
        assert statuses() == {303}


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("192.0.2.1", "", [], "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", [], "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", ["10.0.0.0/8"], "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7, 203.0.113.9, 10.0.0.2", ["10.0.0.0/8"], "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9:4711", ["10.0.0.1/32"], "203.0.113.9"),
        ("10.0.0.1", "unknown", ["10.0.0.0/8"], "10.0.0.1"),
        ("10.0.0.1", "", ["10.0.0.0/8"], "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", [], "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", [], "192.0.2.1"),
        ("::1", "[2001:db8:1:2::9]:80", ["::1/128"], "2001:db8:1:2::/64"),
        ("testclient", "", [], ""),
        (None, "203.0.113.9", [], "203.0.113.9"),
    ],
)
def test_who_a_client_is(peer: str | None, forwarded: str, trusted: list[str], client: str) -> None:
    scope = {
        "type": "http",
        "client": None if peer is None else (peer, 1),
        "headers": [(b"x-forwarded-for", forwarded.encode())] if forwarded else [],
    }

    assert client_of(scope, [ip_network(one) for one in trusted]) == client


class TestOrigin:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 303),
            ({"Origin": "http://testserver"}, 303),
            ({"Origin": "http://TestServer"}, 303),
            ({"Origin": "https://partner.example"}, 303),
            ({"Origin": "https://partner.example", "Sec-Fetch-Site": "cross-site"}, 303),
            ({"Sec-Fetch-Site": "same-origin"}, 303),
            ({"Sec-Fetch-Site": "none"}, 303),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Origin": "http://["}, 403),
            ({"Origin": "http://testserver.evil.example"}, 403),
            ({"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
        ],
    )
    def test_forms_of_other_sites_are_refused(
        self, site: SmallSite, browser: TestClient, headers: dict[str, str], status: int
    ) -> None:
        site.allowed_origins = ("https://partner.example",)

        assert browser.post("/selections", data={"select": "all"}, headers=headers).status_code == status


class TestForm:
    def test_it_can_be_sent_as_it_stands(self, site: SmallSite, browser: TestClient) -> None:
        form = parsed(browser, "/de/subscribe")
        answer = browser.post(str(form.get("action")), content=urlencode(sent(form)), headers={"Content-Type": FORM})

        assert answer.status_code == 303
        assert built(site) == ["de all"]

    def test_every_control_has_a_label(self, browser: TestClient) -> None:
        form = parsed(browser, "/en/subscribe")
        labelled = {label.get("for") for label in form.iter(f"{XHTML}label")}
        controls = [*form.iter(f"{XHTML}input"), *form.iter(f"{XHTML}select")]

        assert all(control.get("id") in labelled for control in controls if control.get("type") != "hidden")
        assert all(len(list(fieldset.iter(f"{XHTML}legend"))) == 1 for fieldset in form.iter(f"{XHTML}fieldset"))

    def test_everything_in_it_can_be_built(self, site: SmallSite, browser: TestClient) -> None:
        form = parsed(browser, "/en/subscribe")
        boxes = [box for box in form.iter(f"{XHTML}input") if box.get("type") == "checkbox"]
        pairs = [("select", ""), *((str(box.get("name")), str(box.get("value"))) for box in boxes)]
        answer = browser.post("/selections", content=urlencode(pairs), headers={"Content-Type": FORM})

        assert answer.status_code == 303
        assert built(site)[0].startswith("en black-january,collection:azerbaijan,khojaly alarms=365,30,7,3,1,0@9")

    def test_the_start_page_leads_to_it(self, browser: TestClient) -> None:
        assert 'href="/en/subscribe"' in browser.get("/en/").text

    def test_it_is_there_in_the_languages_served_alone(self, browser: TestClient) -> None:
        assert browser.get("/tr/subscribe").status_code == 404


def parsed(browser: TestClient, path: str) -> ET.Element:
    """Return the page's form; HTML that is not valid is an error."""
    document = html5lib.HTMLParser(strict=True).parse(browser.get(path).text)
    form = document.find(f".//{XHTML}form")
    assert isinstance(form, ET.Element)
    return form


def sent(form: ET.Element) -> list[tuple[str, str]]:
    """Return what a browser would send of an untouched form."""
    pairs = [
        (str(one.get("name")), str(one.get("value")))
        for one in form.iter(f"{XHTML}input")
        if one.get("type") == "hidden" or one.get("checked") is not None
    ]
    for select in form.iter(f"{XHTML}select"):
        options = list(select.iter(f"{XHTML}option"))
        marked = [one for one in options if one.get("selected") is not None]
        pairs.append((str(select.get("name")), str((marked or options)[0].get("value"))))
    return pairs
