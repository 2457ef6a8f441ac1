"""How feeds are served: what a client gets, when it gets nothing new, and what is none of a feed's business."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.domain.windows import FeedYears
from notifier.usecases.publish import Site
from notifier.web.feeds import feeds_first
from tests.factories import make_catalog

PATH, OLD = "/feeds/en/all.ics", "/feeds/en/events/old.ics"
FEED = Feed(PATH, "Days", datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC), (b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"))
FILE = Feed("/en/events/new/2027.ics", "New", FEED.last_modified, (b"BEGIN", b"END"), disposition="attachment")
GZIP_TAG, TAG = FEED.gzip_etag, FEED.etag


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand for all that is no feed."""
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": scope["type"].encode()})


def site_of(*feeds: Feed) -> Site:
    moved = {
        "/feeds/en/events/old.ics": "/days/feeds/en/events/new.ics",
        "/en/events/old/2027.ics": "/days/en/events/new/2027.ics",
    }
    published = {feed.path: feed for feed in feeds}
    return Site(make_catalog(), FeedYears(2026, 2030, 2027), published, moved, days={FILE.path: FILE})


SITE = site_of(FEED)


def ask(path: str = PATH, method: str = "GET", application: ASGIApp | None = None, **headers: str) -> Answer:
    return asyncio.run(fetched(path, method, application or feeds_first(lambda: SITE, elsewhere), **headers))


async def fetched(path: str, method: str, application: ASGIApp, **headers: str) -> Answer:
    scope = {
        "type": "http",
        "method": method,
        "path": path.partition("?")[0],
        "query_string": path.partition("?")[2].encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    sent = await exchange(scope, application)
    raw: list[tuple[bytes, bytes]] = sent[0]["headers"]
    return Answer(sent[0]["status"], {n.decode(): v.decode() for n, v in raw}, sent[1]["body"])


async def exchange(scope: MutableMapping[str, Any], application: ASGIApp) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await application(scope, receive, send)
    return sent


def test_a_feed_is_sent_with_all_its_headers() -> None:
    assert ask() == Answer(
        200,
        {
            "content-type": "text/calendar; charset=utf-8",
            "content-disposition": "inline",
            "content-length": "32",
            "etag": TAG,
            "last-modified": "Wed, 03 Feb 2027 04:05:06 GMT",
            "cache-control": "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800",
            "vary": "Accept-Encoding",
            "x-content-type-options": "nosniff",
        },
        FEED.identity,
    )


@pytest.mark.parametrize(
    ("path", "method", "tag"),
    [(PATH, "GET", ""), (PATH, "GET", "*"), (PATH, "POST", ""), ("/feeds/x", "GET", ""), (OLD, "GET", "")],
)
def test_every_answer_says_what_browsers_have_to_keep_to(path: str, method: str, tag: str) -> None:
    for base_url, secure in (("http://127.0.0.1:8000", None), ("https://days.example.org", "max-age=31536000")):
        application = feeds_first(lambda: SITE, elsewhere, base_url)
        answer = ask(path, method, application, **({"if_none_match": tag} if tag else {}))

        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers.get("strict-transport-security") == secure


def test_who_takes_gzip_gets_gzip() -> None:
    answer = ask(accept_encoding="gzip, deflate, br")

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["etag"] == GZIP_TAG
    assert answer.headers["content-length"] == str(len(answer.body))
    assert gzip.decompress(answer.body) == FEED.identity


def test_head_has_the_headers_of_get_and_no_body() -> None:
    for accepted in ("gzip", "identity"):
        got, head = ask(accept_encoding=accepted), ask(method="HEAD", accept_encoding=accepted)

        assert head == got._replace(body=b"")


@pytest.mark.parametrize(
    "accepted",
    [
        "gzip",
        "GZIP",
        "x-gzip",
        "br, gzip;q=0.001",
        "*",
        "*;q=0.5",
        "gzip ; q=1.0",
        "identity;q=0, gzip",
        "identity;q=0",
        "br;q=1,*;q=.5,gzip",
    ],
)
def test_gzip_is_taken(accepted: str) -> None:
    assert "content-encoding" in ask(accept_encoding=accepted).headers


@pytest.mark.parametrize(
    "accepted",
    [
        "",
        "br",
        "br, zstd, deflate",
        "gzip;q=0",
        "gzip;q=0.000, *",
        "*;q=0",
        "identity;q=0, *;q=0",
        "identity;q=0, gzip;q=0",
        "gzip;q=0.5, identity",
        "gzip;q=2",
        "not a coding",
    ],
)
def test_gzip_is_not_taken(accepted: str) -> None:
    answer = ask(accept_encoding=accepted)

    assert (answer.status, answer.body) == (200, FEED.identity)
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("tags", [TAG, f"W/{TAG}", f'"x", {TAG}', f'W/"x",W/{TAG} , "y"', "*", " * "])
def test_what_a_client_has_is_not_sent_again(tags: str) -> None:
    answer = ask(if_none_match=tags)

    assert (answer.status, answer.body) == (304, b"")
    assert set(answer.headers) == {"etag", "last-modified", "cache-control", "vary", "x-content-type-options"}
    assert answer.headers["etag"] == TAG


@pytest.mark.parametrize("tags", ['"x"', GZIP_TAG, "", TAG.strip('"'), '"*"'])
def test_what_a_client_has_of_something_else_does_not_count(tags: str) -> None:
    assert ask(if_none_match=tags).status == 200


def test_the_tag_is_that_of_the_form_the_client_takes() -> None:
    assert ask(if_none_match=GZIP_TAG, accept_encoding="gzip").status == 304
    assert ask(if_none_match=GZIP_TAG, accept_encoding="gzip").headers["etag"] == GZIP_TAG
    assert ask(if_none_match=TAG, accept_encoding="gzip").status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Wed, 03 Feb 2027 04:05:06 GMT", 304),
        ("Thu, 04 Feb 2027 00:00:00 GMT", 304),
        ("Wednesday, 03-Feb-27 04:05:06 GMT", 304),
        ("Wed Feb  3 04:05:06 2027", 304),
        ("Wed, 03 Feb 2027 04:05:05 GMT", 200),
        ("yesterday", 200),
        ("", 200),
        ("Wed, 03 Feb 99999999999 04:05:06 GMT", 200),
    ],
)
def test_if_modified_since_is_heard_to_the_second(since: str, status: int) -> None:
    assert ask(if_modified_since=since).status == status


def test_a_tag_beats_a_date() -> None:
    assert ask(if_none_match='"x"', if_modified_since="Thu, 04 Feb 2027 00:00:00 GMT").status == 200
    assert ask(if_none_match=TAG, if_modified_since="Mon, 01 Feb 2027 00:00:00 GMT").status == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_feeds_are_only_read(method: str) -> None:
    answer = ask(method=method)

    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/feeds/", "/feeds/xx/all.ics", "/feeds/en/all.ics/", "/feeds/../events.yaml"])
def test_there_is_nothing_at_other_addresses(path: str) -> None:
    answer = ask(path)

    assert (answer.status, answer.body) == (404, b"There is no feed at this address.\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", ["/feeds/en/events/{}.ics", "/en/events/{}/2027.ics"])
def test_a_renamed_events_feed_is_found_at_its_new_address_below_the_path_of_the_base(path: str) -> None:
    answer = ask(path.format("old") + "?a=1")

    assert answer.status == 301
    assert answer.headers["location"] == "/days" + path.format("new") + "?a=1"


def test_a_single_day_is_a_file_beside_its_page() -> None:
    answer = ask(FILE.path)

    assert (answer.status, answer.body) == (200, b"BEGINEND")
    assert answer.headers["content-disposition"] == "attachment"
    assert ask(FILE.path, if_none_match=answer.headers["etag"]).status == 304


def test_a_day_without_a_file_is_left_to_the_pages() -> None:
    assert ask("/en/events/new/1990.ics").status == 418


def test_a_query_and_the_clients_name_change_nothing() -> None:
    assert ask(f"{PATH}?nocache=1", user_agent="Google-Calendar-Importer", accept="text/html") == ask()


def test_a_calendar_read_again_is_served_at_once() -> None:
    later = Feed(PATH, "Days", datetime(2027, 3, 1, tzinfo=UTC), (b"another\r\n",))
    sites = [SITE, SITE, site_of(later)]
    application = feeds_first(lambda: sites.pop(0), elsewhere)

    bodies = [ask(application=application).body for _ in range(3)]

    assert bodies == [FEED.identity, FEED.identity, later.identity]


class Counted(Feed):
    """A feed that counts how often its bytes were put together."""

    made: int = 0

    @property
    def identity(self) -> bytes:
        object.__setattr__(self, "made", self.made + 1)
        return super().identity


def counted(path: str, octets: int) -> Counted:
    return Counted(path, "Days", FEED.last_modified, (b"x" * octets,))


def test_a_feed_is_made_once_for_all_who_ask() -> None:
    feed = counted(PATH, 100)
    site = site_of(feed)
    application = feeds_first(lambda: site, elsewhere)

    assert {ask(application=application).body for _ in range(5)} == {b"x" * 100}
    assert feed.made == 1


def test_it_is_not_made_for_who_has_it_already() -> None:
    feed = counted(PATH, 100)
    site = site_of(feed)

    assert ask(application=feeds_first(lambda: site, elsewhere), if_none_match=feed.etag).status == 304
    assert feed.made == 0


def test_what_is_equal_after_another_announcement_is_not_made_again() -> None:
    """Most feeds stay as they are when a notice is announced."""
    before, after = counted(PATH, 100), counted(PATH, 100)
    sites = [site_of(before), site_of(after)]
    application = feeds_first(lambda: sites[0], elsewhere)
    first = ask(application=application)
    sites.pop(0)

    assert [ask(application=application) for _ in range(3)] == [first] * 3
    assert (before.made, after.made) == (1, 0)


@pytest.mark.parametrize(
    "later",
    [counted(PATH, 101), Counted(PATH, "Days", FEED.last_modified + timedelta(seconds=1), (b"x" * 100,))],
    ids=["other bytes", "another date"],
)
def test_what_is_not_equal_is_made_anew(later: Counted) -> None:
    sites = [site_of(counted(PATH, 100)), site_of(later)]
    application = feeds_first(lambda: sites[0], elsewhere)
    first = ask(application=application)
    sites.pop(0)

    second = ask(application=application)
    assert second.body == later.identity
    assert second.headers != first.headers


class Slow(Feed):
    """A feed that takes long to be packed."""

    go = threading.Event()

    @property
    def gzip(self) -> bytes:
        assert self.go.wait(10)
        return super().gzip


def test_nobody_waits_for_a_feed_that_is_being_packed_but_those_who_ask_for_it() -> None:
    site = site_of(Slow("/feeds/en/slow.ics", "Slow", FEED.last_modified, (b"x" * 100,)), FEED)
    application = feeds_first(lambda: site, elsewhere)

    async def asked() -> tuple[Answer, list[Answer]]:
        waiting = [
            asyncio.ensure_future(fetched("/feeds/en/slow.ics", "GET", application, accept_encoding="gzip"))
            for _ in range(20)
        ]
        await asyncio.sleep(0)
        other = await fetched(PATH, "GET", application)
        Slow.go.set()
        return other, await asyncio.gather(*waiting)

    other, answers = asyncio.run(asked())
    assert other.body == FEED.identity
    assert {gzip.decompress(answer.body) for answer in answers} == {b"x" * 100}


@pytest.mark.parametrize("shape", ["atom", "json", "csv"])
def test_the_other_shapes_of_a_feed_that_only_tells_of_what_was_taken_out_are_gone(shape: str) -> None:
    answer = ask(f"/feeds/en/all.{shape}")

    assert (answer.status, answer.body) == (410, b"What this feed told of was taken out of the calendar.\n")
    assert ask(f"/feeds/en/none.{shape}").status == 404


def test_what_was_asked_for_longest_ago_is_made_again_when_room_was_short() -> None:
    paths = [f"/feeds/en/{name}.ics" for name in "abc"]
    feeds = {path: counted(path, 10_000) for path in paths}
    site = site_of(*feeds.values())
    application = feeds_first(lambda: site, elsewhere, cache_bytes=25_000)

    bodies = [ask(path, application=application).body for path in (*paths, *paths[1:], paths[0])]

    assert bodies == [b"x" * 10_000] * 6
    assert [feeds[path].made for path in paths] == [2, 1, 1]


@pytest.mark.parametrize("path", ["/", "/feeds", "/en/feeds/all.ics"])
def test_all_else_is_left_to_the_rest(path: str) -> None:
    assert ask(path).status == 418


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_what_is_not_http_is_left_to_the_rest(kind: str) -> None:
    sent = asyncio.run(exchange({"type": kind, "path": PATH}, feeds_first(lambda: SITE, elsewhere)))

    assert sent[1]["body"] == kind.encode()
