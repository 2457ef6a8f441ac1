"""Rules for other servers, made from how the service itself answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notifier.content.nginx import nginx_conf
from notifier.content.published import Published, file_of, rules
from notifier.content.static_hosts import headers_file, redirects_file
from notifier.usecases.static_site import NotAnsweredError, SameFileError, StaticSite

CALENDAR = ("content-type", "text/calendar; charset=utf-8")
HTML = ("content-type", "text/html; charset=utf-8")
MODIFIED = ("last-modified", "Fri, 01 Jan 2027 00:00:00 GMT")
KEPT = ("cache-control", "public, max-age=3600")


def feed(path: str, *headers: tuple[str, str]) -> Published:
    return Published(path, 200, (CALENDAR, KEPT, MODIFIED, ("etag", f'"{path}"'), *headers), b"BEGIN", b"\x1f\x8b")


def page(path: str, *headers: tuple[str, str], status: int = 200) -> Published:
    return Published(path, status, (HTML, ("content-language", path[1:3]), *headers), b"<html>")


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/en/", "/en/index.html"),
        ("/en/events/black-january", "/en/events/black-january.html"),
        ("/en/events/black-january/2027", "/en/events/black-january/2027.html"),
        ("/feeds/en/all.ics", "/feeds/en/all.ics"),
    ],
)
def test_an_address_without_an_ending_is_an_html_file(address: str, file: str) -> None:
    assert file_of(address) == file


def test_addresses_that_are_answered_alike_have_one_rule() -> None:
    (rule,) = rules([feed("/feeds/en/all.ics"), feed("/feeds/de/all.ics"), feed("/feeds/de/events/khojaly.ics")])

    assert (rule.path, rule.segment, rule.suffix) == (None, "feeds", ".ics")
    assert rule.headers == (CALENDAR, KEPT)
    assert rule.dated
    assert rule.packed


def test_what_differs_has_a_rule_of_its_own() -> None:
    year = feed("/feeds/en/2027.ics", ("content-disposition", "attachment"))

    wide, own = rules([feed("/feeds/en/all.ics"), feed("/feeds/de/all.ics"), year])

    assert (wide.path, own.path) == (None, "/feeds/en/2027.ics")
    assert "location = /feeds/en/2027.ics {" in nginx_conf([feed("/feeds/en/all.ics"), year], "")
    told = headers_file([feed("/feeds/en/all.ics"), feed("/feeds/de/all.ics"), year], "")
    assert told.endswith("/feeds/en/2027.ics\n  Content-Disposition: attachment\n")


def test_a_feed_that_names_itself_does_so_in_one_rule() -> None:
    hub = '<https://hub.example.org>; rel="hub", <https://days.example.org/days{}>; rel="self"'
    feeds = [feed(path, ("link", hub.format(path))) for path in ("/feeds/en/all.ics", "/feeds/de/all.ics")]

    assert len(rules(feeds)) == 1
    assert r"<https://days.example.org$uri>; rel=\"self\"" in nginx_conf(feeds, "/days")
    assert "<https://days.example.org/days/feeds/:splat.ics>" in headers_file(feeds, "/days")


def test_an_address_at_the_top_has_a_rule_of_its_own() -> None:
    (rule,) = rules([feed("/feeds.opml")])

    assert rule.path == "/feeds.opml"


def test_a_path_of_the_base_address_stands_before_every_address() -> None:
    published = [
        feed("/feeds/en/all.ics"),
        page("/en/"),
        page("/en/", status=404),
        Published("/en", 308, (("location", "/days/en/"),), b""),
    ]

    conf = nginx_conf(published, "/days")

    places = [line.split("location ")[1] for line in conf.splitlines() if line.startswith("location ")]
    assert all("/days/" in place or place.startswith(("@", "= /days")) for place in places)
    assert "/days/en /days/en/ 308\n" in redirects_file(published, "/days")


def test_quotation_marks_in_a_header_stay_in_it() -> None:
    conf = nginx_conf([feed("/feeds/en/all.ics", ("x-said", 'a "b" \\'))], "")

    assert r'add_header X-Said "a \"b\" \\";' in conf


def test_a_fault_of_the_service_is_not_published() -> None:
    with pytest.raises(NotAnsweredError, match=r"/en/events/x is answered with 500, so nothing was published"):
        StaticSite([page("/en/events/x", status=500)], "", b"{}").files()


def test_two_addresses_are_never_one_file() -> None:
    with pytest.raises(SameFileError):
        StaticSite([page("/en/a"), replace(feed("/en/a.html"))], "", b"{}").files()


def test_the_history_is_the_last_file() -> None:
    assert StaticSite([feed("/feeds/en/all.ics")], "", b"{}").files()[-1].name == "revisions.json"
