"""Every address of the site: what it answers, to whom, and what it never does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from notifier.content.resources import Resource
from notifier.domain.events import EventId
from notifier.web.app import build_app
from notifier.web.negotiation import preferred
from notifier.web.shelf import Shelf
from tests.factories import black_january, make_catalog
from tests.web_site import Ready, SmallSite, VisitorsHere

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
MULTIPART_BODY = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


@pytest.fixture
def site() -> SmallSite:
    return SmallSite()


@pytest.fixture
def browser(site: SmallSite) -> TestClient:
    return TestClient(build_app(site), follow_redirects=False, raise_server_exceptions=False)


def leaving(site: SmallSite, key: str = "reader") -> str:
    return f"/unsubscribe/{site.tokens.unsubscribe(key)}"


# Pages


@pytest.mark.parametrize("path", ["/en/", "/de/", "/en/events/black-january", "/de/events/black-january/2027"])
def test_a_page_is_html_in_its_language(browser: TestClient, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == path[1:3]
    assert f'<html lang="{path[1:3]}"' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/tr/",
        "/en/events/unknown",
        "/en/events/black-january/2025",
        "/en/events/black-january/02027",
        "/en/events/black-january/" + "9" * 5000,
        "/en/events/black-january/",
        "/nothing/at/all/here",
        "/static/base.html",
        "/static/..%2Fbase.html",
        "/apple-touch-icon.png",
    ],
)
def test_what_does_not_exist_is_a_plain_page_that_says_so(browser: TestClient, path: str) -> None:
    answer = browser.get(path, headers={"Accept-Language": "de"})

    assert answer.status_code == 404
    assert "no-store" in answer.headers["cache-control"]
    assert ("Page not found" if path.startswith("/en/") else "Seite nicht gefunden") in answer.text


def test_a_year_is_published_until_the_year_turns_in_the_calendars_zone(site: SmallSite, browser: TestClient) -> None:
    path = "/en/events/black-january/2030"
    assert browser.get("/en/events/black-january/2026").status_code == 200

    site.instant = datetime(2027, 12, 31, 20, 30, tzinfo=UTC)  # half past midnight in Baku

    assert browser.get("/en/events/black-january/2026").status_code == 404
    assert browser.get(path).status_code == 200


def test_a_former_id_leads_to_the_present_one_for_good(site: SmallSite, browser: TestClient) -> None:
    site.catalog = make_catalog(replace(black_january(), was=(EventId("january-1990"),)))

    answer = browser.get("/en/events/january-1990")
    assert (answer.status_code, answer.headers["location"]) == (301, "/en/events/black-january")
    answer = browser.get("/en/events/january-1990/2027")
    assert (answer.status_code, answer.headers["location"]) == (301, "/en/events/black-january/2027")
    answer = browser.get("/en/events/january-1990/2027.png")
    assert (answer.status_code, answer.headers["location"]) == (301, "/en/events/black-january/2027.png")
    assert browser.get("/en/events/january-1990/1900.png").status_code == 404


@pytest.mark.parametrize(
    ("asked", "given"), [("de-AT,de;q=0.9,en;q=0.8", "/de/"), ("tr, ja;q=0.5", "/en/"), ("", "/en/")]
)
def test_the_root_leads_to_the_language_the_browser_asks_for(browser: TestClient, asked: str, given: str) -> None:
    answer = browser.get("/", headers={"Accept-Language": asked})

    assert (answer.status_code, answer.headers["location"]) == (302, given)
    assert answer.headers["vary"] == "Accept-Language"


def test_a_language_without_its_slash_is_mended_without_naming_a_host(browser: TestClient) -> None:
    answer = browser.get("/de", headers={"Host": "elsewhere.example"})

    assert (answer.status_code, answer.headers["location"]) == (308, "/de/")


def test_head_has_the_headers_of_get_and_no_body(browser: TestClient) -> None:
    get, head = browser.get("/en/"), browser.head("/en/")

    assert head.content == b""
    assert head.status_code == 200
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
def test_a_page_the_reader_has_is_not_sent_again(browser: TestClient, shape: str) -> None:
    etag = browser.get("/en/").headers["etag"]

    answer = browser.get("/en/", headers={"If-None-Match": shape.format(etag)})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == "public, no-cache"


def test_a_page_changes_with_the_date_in_the_calendars_zone(site: SmallSite, browser: TestClient) -> None:
    etag = browser.get("/en/").headers["etag"]
    site.instant = datetime(2027, 1, 13, 19, 59, tzinfo=UTC)  # a minute before midnight in Baku
    assert browser.get("/en/").headers["etag"] == etag

    site.instant = datetime(2027, 1, 13, 20, 0, tzinfo=UTC)

    assert "in 6 days" in browser.get("/en/", headers={"If-None-Match": etag}).text


def test_a_page_changes_with_the_calendar(site: SmallSite, browser: TestClient) -> None:
    assert "Khojaly" in browser.get("/en/").text
    site.catalog = make_catalog(black_january())

    assert "Khojaly" not in browser.get("/en/").text


def test_another_method_is_refused_with_those_that_are_taken(browser: TestClient) -> None:
    answer = browser.delete("/en/", headers={"Accept-Language": "de"})

    assert answer.status_code == 405
    assert {method.strip() for method in answer.headers["allow"].split(",")} == {"GET", "HEAD"}
    assert "This address does not take such a request." in answer.text


class BrokenPeople(VisitorsHere):
    def unsubscribe(self, key: str, now: datetime) -> bool:
        return Path("/nowhere", key).read_bytes() == b""


def test_a_fault_of_the_service_is_a_plain_page_that_tells_nothing_of_it() -> None:
    site = SmallSite(visitors=BrokenPeople())
    browser = TestClient(build_app(site), raise_server_exceptions=False)

    answer = browser.post(leaving(site), headers={"Accept-Language": "de"})

    assert answer.status_code == 500
    assert "Bitte versuchen Sie es später noch einmal." in answer.text
    assert "nowhere" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


# Files


def test_pages_name_the_stylesheet_by_its_content_so_that_it_is_kept_for_good(browser: TestClient) -> None:
    path = browser.get("/en/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = browser.get(path)

    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    plain = browser.get("/static/style.css")
    assert plain.content == answer.content
    assert plain.headers["cache-control"] == "public, no-cache"
    assert browser.get(path, headers={"If-None-Match": plain.headers["etag"]}).status_code == 304


# Headers


@pytest.mark.parametrize("path", ["/", "/en/", "/en/nothing", "/static/style.css", "/healthz", "/readyz"])
def test_every_answer_carries_the_security_headers(browser: TestClient, path: str) -> None:
    headers = browser.get(path).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "strict-transport-security" not in headers


def test_a_site_served_over_tls_says_so_for_a_year() -> None:
    browser = TestClient(build_app(SmallSite(base_url="https://days.example.org")))

    assert browser.get("/healthz").headers["strict-transport-security"] == "max-age=31536000"


# Leaving


@pytest.mark.parametrize(("kind", "body"), [(FORM, ONE_CLICK), (MULTIPART, MULTIPART_BODY), (FORM, ""), ("", "")])
def test_one_click_takes_the_reader_off_in_every_encoding(
    site: SmallSite, browser: TestClient, kind: str, body: str
) -> None:
    answer = browser.post(leaving(site), content=body, headers={"Content-Type": kind} if kind else {})

    assert answer.status_code == 200
    assert "You will receive no more notices." in answer.text
    assert "set-cookie" not in answer.headers
    assert site.visitors.gone == ["reader"]


def test_a_request_from_anywhere_counts_as_long_as_the_token_is_good(site: SmallSite, browser: TestClient) -> None:
    browser.post(leaving(site), content=ONE_CLICK, headers={"Content-Type": FORM, "Origin": "https://mail.example"})

    assert site.visitors.gone == ["reader"]


def test_opening_the_link_changes_nothing(site: SmallSite, browser: TestClient) -> None:
    for answer in (browser.get(leaving(site)), browser.head(leaving(site))):
        assert answer.status_code == 200

    assert '<form method="post">' in browser.get(leaving(site)).text
    assert site.visitors.gone == []


def test_leaving_twice_is_leaving(site: SmallSite, browser: TestClient) -> None:
    first, second = browser.post(leaving(site)), browser.post(leaving(site))

    assert first.status_code == second.status_code == 200
    assert "You will receive no more notices." in first.text
    assert "You will receive no more notices." in second.text


def test_somebody_who_was_erased_reads_the_same_as_everybody(site: SmallSite, browser: TestClient) -> None:
    erased, reader = browser.post(leaving(site, "erased")), browser.post(leaving(site))

    assert (erased.status_code, erased.text) == (200, reader.text)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_was_changed_is_not_valid(site: SmallSite, browser: TestClient, method: str) -> None:
    answer = browser.request(method, leaving(site)[:-2] + "xx")

    assert answer.status_code == 404
    assert "This link is not valid." in answer.text
    assert site.visitors.gone == []


@pytest.mark.parametrize("good", [True, False])
def test_pages_with_a_token_are_kept_by_nobody(site: SmallSite, browser: TestClient, *, good: bool) -> None:
    path = leaving(site) if good else "/unsubscribe/bad"
    for answer in (browser.get(path), browser.post(path)):
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert path.rpartition("/")[2] not in answer.text


def test_a_body_longer_than_any_form_is_refused_unread(site: SmallSite, browser: TestClient) -> None:
    answer = browser.post(leaving(site), content=b"x" * 65_537, headers={"Accept-Language": "de"})

    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert "Die Anfrage ist länger als jedes Formular dieser Website" in answer.text
    assert 'href="/de/">' in answer.text
    assert site.visitors.gone == []


def test_leaving_takes_no_other_method(site: SmallSite, browser: TestClient) -> None:
    answer = browser.put(leaving(site))

    assert answer.status_code == 405
    assert {method.strip() for method in answer.headers["allow"].split(",")} == {"GET", "HEAD", "POST"}


# Probes


def test_the_process_is_alive_whatever_else_is_wrong(site: SmallSite, browser: TestClient) -> None:
    site.ready = Ready("unready", ("the database does not answer",))

    assert (browser.get("/healthz").status_code, browser.get("/healthz").text) == (200, "ok")


@pytest.mark.parametrize(
    ("ready", "status", "said"),
    [
        (Ready(), 200, {"status": "ok"}),
        (Ready("degraded", ("events.yaml:3:1",)), 200, {"status": "degraded", "problems": ["events.yaml:3:1"]}),
        (Ready("unready", ("starting",)), 503, {"status": "unready", "problems": ["starting"]}),
    ],
)
def test_readiness_is_told_with_its_problems(
    site: SmallSite, browser: TestClient, ready: Ready, status: int, said: dict[str, object]
) -> None:
    site.ready = ready
    answer = browser.get("/readyz")

    assert (answer.status_code, answer.json()) == (status, said)
    assert answer.headers["cache-control"] == "no-store"


# Languages


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("de", "de"),
        ("DE-at", "de"),
        ("az-Latn-AZ", "az"),
        ("fr, de;q=0.2", "de"),
        ("en;q=0.1, de;q=0.9", "de"),
        ("*", "en"),
        ("en;q=0, *", "de"),
        ("de;q=0", "en"),
        ("de;q=broken, az", "az"),
        (",,;q=1", "en"),
        ("fr", "en"),
    ],
)
def test_a_reader_is_shown_the_served_language_they_like_best(header: str, found: str) -> None:
    assert preferred(header, ("en", "de", "az")) == found


# The shelf


def page(size: int) -> Resource:
    return Resource(b"x" * size, "text/html", ())


def test_readers_who_come_at_once_share_one_rendering() -> None:
    shelf, together = Shelf(1000), Barrier(8)
    rendered: list[int] = []

    def render() -> Resource:
        rendered.append(1)
        return page(10)

    def read(_: int) -> Resource:
        together.wait()
        return shelf.get("home", render)

    with ThreadPoolExecutor(8) as readers:
        pages = list(readers.map(read, range(8)))

    assert len(rendered) == 1
    assert all(one is pages[0] for one in pages)


def test_the_page_read_longest_ago_makes_room() -> None:
    shelf = Shelf(20)
    rendered: list[str] = []

    def render(name: str) -> Resource:
        rendered.append(name)
        return page(10)

    for name in ("a", "b", "a", "c", "a", "b"):
        shelf.get(name, partial(render, name))

    assert rendered == ["a", "b", "c", "b"]


def test_a_rendering_that_failed_is_tried_again() -> None:
    shelf = Shelf(100)
    with pytest.raises(ZeroDivisionError):
        shelf.get("home", lambda: page(1 // 0))

    assert shelf.get("home", lambda: page(3)).body == b"xxx"
