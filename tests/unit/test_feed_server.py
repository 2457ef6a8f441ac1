"""How feeds are served: what a client gets, when it gets nothing new, and what is none of a feed's business."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.domain.windows import FeedYears
from notifier.usecases.publish import Site
from notifier.web.feeds import feeds_first
from tests.factories import make_catalog

PATH = "/feeds/en/all.ics"
FEED = Feed(PATH, "Days", datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC), (b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"))
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
    moved = {"/feeds/en/events/old.ics": "/feeds/en/events/new.ics"}
    return Site(make_catalog(), FeedYears(2026, 2030, 2027), {feed.path: feed for feed in feeds}, moved)


SITE = site_of(FEED)


def ask(path: str = PATH, method: str = "GET", application: ASGIApp | None = None, **headers: str) -> Answer:
    scope = {
        "type": "http",
        "method": method,
        "path": path.partition("?")[0],
        "query_string": path.partition("?")[2].encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    sent = exchange(scope, application or feeds_first(lambda: SITE, elsewhere))
    raw: list[tuple[bytes, bytes]] = sent[0]["headers"]
    return Answer(sent[0]["status"], {n.decode(): v.decode() for n, v in raw}, sent[1]["body"])


def exchange(scope: MutableMapping[str, Any], application: ASGIApp) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def served() -> None:
        await application(scope, receive, send)

    asyncio.run(served())
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
        },
        FEED.identity,
    )


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
    assert set(answer.headers) == {"etag", "last-modified", "cache-control", "vary"}
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


def test_a_renamed_events_feed_is_found_at_its_new_address() -> None:
    answer = ask("/feeds/en/events/old.ics?a=1")

    assert answer.status == 301
    assert answer.headers["location"] == "/feeds/en/events/new.ics?a=1"


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
    sent = exchange({"type": kind, "path": PATH}, feeds_first(lambda: SITE, elsewhere))

    assert sent[1]["body"] == kind.encode()
