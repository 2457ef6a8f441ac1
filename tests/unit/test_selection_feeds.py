"""How built selections are served: made once, kept, and never in anybody's way."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.domain.built import NoSelectionError, RetiredSelectionError
from notifier.storage.engine import DatabaseUnreachableError
from notifier.web.selection_feeds import selections_first

TOKEN, RETIRED, UNREADABLE = "1" + "a" * 15, "1" + "b" * 15, "1" + "d" * 15
PATH = f"/s/{TOKEN}.ics"
MOMENT = datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Source:
    """Makes feeds, and counts how often; where it is told to, it waits before it does."""

    made: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)

    def feed(self, token: str, shape: str, now: datetime) -> Feed:
        self.go.wait()
        self.made.append(f"{token}.{shape}")
        if token == RETIRED:
            raise RetiredSelectionError(said="Es gibt ihn nicht mehr.")
        if token == UNREADABLE:
            raise DatabaseUnreachableError(address="somewhere", cause="gone")
        if token != TOKEN:
            raise NoSelectionError
        return Feed(f"/s/{token}.{shape}", "Days", now, (b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"))

    def note_fetched(self, token: str) -> None:
        self.fetched.append(token)


@dataclass
class View:
    site: object = field(default_factory=object)
    selections: Source = field(default_factory=Source)
    base_url: str = "https://days.example.org"

    def now(self) -> datetime:
        return MOMENT


@pytest.fixture
def view() -> View:
    view = View()
    view.selections.go.set()
    return view


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def exchange(application: ASGIApp, path: str = PATH, method: str = "GET", **headers: str) -> Answer:
    sent: list[Message] = []
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await application(scope, receive, send)
    raw: list[tuple[bytes, bytes]] = sent[0]["headers"]
    return Answer(sent[0]["status"], {n.decode(): v.decode() for n, v in raw}, sent[1]["body"])


def ask(view: View, *paths: str, method: str = "GET", **headers: str) -> list[Answer]:
    """Ask for these addresses one after the other."""
    application = selections_first(view, elsewhere)

    async def asked() -> list[Answer]:
        return [await exchange(application, path, method, **headers) for path in paths or (PATH,)]

    return asyncio.run(asked())


def test_a_selection_is_sent_with_the_headers_of_every_feed(view: View) -> None:
    (answer,) = ask(view)

    assert (answer.status, answer.body) == (200, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert answer.headers.pop("etag")
    assert answer.headers == {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": "inline",
        "content-length": "32",
        "last-modified": "Wed, 03 Feb 2027 04:05:06 GMT",
        "cache-control": "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800",
        "vary": "Accept-Encoding",
        "x-content-type-options": "nosniff",
        "strict-transport-security": "max-age=31536000",
    }


def test_it_is_made_once_and_each_fetch_is_noted(view: View) -> None:
    ask(view, PATH, PATH, PATH)

    assert view.selections.made == [f"{TOKEN}.ics"]
    assert view.selections.fetched == [TOKEN] * 3


def test_it_is_packed_for_who_takes_that(view: View) -> None:
    (answer,) = ask(view, accept_encoding="gzip")

    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def test_what_a_client_has_is_not_sent_again(view: View) -> None:
    etag = ask(view)[0].headers["etag"]
    (answer,) = ask(view, if_none_match=etag)

    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == etag


def test_head_has_the_headers_of_get_and_no_body(view: View) -> None:
    assert ask(view, method="HEAD")[0] == ask(view)[0]._replace(body=b"")


def test_other_methods_are_refused(view: View) -> None:
    (answer,) = ask(view, method="POST")

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/s/",
        "/s/..",
        f"/s/{TOKEN}",
        f"/s/{TOKEN}.csv",
        f"/s/{TOKEN}.ics/",
        f"/s/{TOKEN}.ics\n",
        f"/s/{TOKEN.upper()}.ics",
        f"/s/2{'a' * 15}.ics",
        f"/s/{TOKEN}a.ics",
        f"/s/1{'c' * 15}.ics",
        "/s/" + "a" * 100_000,
    ],
)
def test_what_nobody_built_is_not_there(view: View, path: str) -> None:
    (answer,) = ask(view, path)

    assert (answer.status, answer.body) == (404, b"There is no calendar at this address.\n")
    assert not view.selections.fetched


def test_what_is_retired_is_gone_and_says_so(view: View) -> None:
    (answer,) = ask(view, f"/s/{RETIRED}.ics")

    assert (answer.status, answer.body) == (410, b"Es gibt ihn nicht mehr.\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_database_that_does_not_answer_is_a_passing_fault_that_is_not_kept(view: View) -> None:
    answers = ask(view, f"/s/{UNREADABLE}.ics", f"/s/{UNREADABLE}.ics")

    assert {(answer.status, answer.headers["retry-after"]) for answer in answers} == {(503, "60")}
    assert len(view.selections.made) == 2


def test_what_is_no_selection_is_left_to_others(view: View) -> None:
    assert ask(view, "/en/")[0].status == 418


def test_it_is_made_again_for_another_site(view: View) -> None:
    application = selections_first(view, elsewhere)

    async def asked() -> None:
        for _ in range(2):
            await exchange(application)
            await exchange(application)
            view.site = object()

    asyncio.run(asked())
    assert len(view.selections.made) == 2


def test_many_who_ask_at_once_wait_for_one_making_and_nobody_else_does() -> None:
    view = View()
    application = selections_first(view, elsewhere)

    async def asked() -> tuple[Answer, list[Answer]]:
        waiting = [asyncio.ensure_future(exchange(application)) for _ in range(100)]
        await asyncio.sleep(0)
        other = await exchange(application, "/en/")
        waiting.pop().cancel()
        view.selections.go.set()
        return other, await asyncio.gather(*waiting)

    other, answers = asyncio.run(asked())
    assert other.status == 418
    assert {answer.status for answer in answers} == {200}
    assert view.selections.made == [f"{TOKEN}.ics"]


def test_a_site_that_is_replaced_while_a_feed_is_made_does_not_keep_the_old_one() -> None:
    view = View()
    application = selections_first(view, elsewhere)

    async def asked() -> None:
        first = asyncio.ensure_future(exchange(application))
        await asyncio.sleep(0)
        view.site = object()
        second = asyncio.ensure_future(exchange(application))
        await asyncio.sleep(0)
        view.selections.go.set()
        await asyncio.gather(first, second)
        await exchange(application)

    asyncio.run(asked())
    assert len(view.selections.made) == 2
