"""Serves feeds from memory, before routing and middleware: a raw ASGI callable.

What a request gets depends on its path, its method, Accept-Encoding and its conditions, on nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.domain.addresses import FEEDS
from notifier.usecases.publish import Site

Headers = list[tuple[bytes, bytes]]

CACHE_CONTROL = b"public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"

_CODING = re.compile(rb"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")


def feeds_first(site: Callable[[], Site], fallback: ASGIApp) -> ASGIApp:
    """Return an application that answers all below `/feeds/` itself and leaves the rest to `fallback`.

    `site` is asked for at each request, so that a calendar that was read again is served at once.
    """
    server = FeedServer(site)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(FEEDS):
            await server(scope, receive, send)
        else:
            await fallback(scope, receive, send)

    return application


class FeedServer:
    """Answers GET and HEAD of every feed; what is sent of a feed is laid out when it is first asked for."""

    def __init__(self, site: Callable[[], Site]) -> None:
        self._site_in_use = site
        self._site: Site | None = None
        self._laid_out: dict[str, _LaidOut] = {}

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3.0)."""
        status, headers, body = self._answer(scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer(self, scope: Scope) -> tuple[int, Headers, bytes]:
        if scope["method"] not in {"GET", "HEAD"}:
            return _sentence(405, b"Feeds are read with GET or HEAD.\n", [(b"allow", b"GET, HEAD")])
        site = self._site_in_use()
        if site is not self._site:
            self._site, self._laid_out = site, {}
        path: str = scope["path"]
        laid_out = self._laid_out.get(path)
        if laid_out is None:
            feed = site.feeds.get(path)
            if feed is None:
                return _elsewhere(site, path, scope.get("query_string", b""))
            laid_out = self._laid_out[path] = _LaidOut(feed)
        return laid_out.answer(scope["headers"])


class _Form(NamedTuple):
    """A feed in one content coding: its validator and its headers, as bytes."""

    etag: bytes
    headers: Headers
    not_modified: Headers


class _LaidOut:
    """A feed with all that is ever sent of it."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._gzip = _form(feed, feed.gzip_etag, len(feed.gzip), [(b"content-encoding", b"gzip")])
        self._identity = _form(feed, feed.etag, sum(map(len, feed.parts)), [])

    def answer(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[int, Headers, bytes]:
        asked = _Asked.of(headers)
        packed = asked.accept_encoding is not None and wants_gzip(asked.accept_encoding)
        form = self._gzip if packed else self._identity
        if self._is_known(asked, form.etag):
            return 304, form.not_modified, b""
        return 200, form.headers, self._feed.gzip if packed else self._feed.identity

    def _is_known(self, asked: _Asked, etag: bytes) -> bool:
        """Whether the client has this form already (RFC 9110 §13.2.2: entity tags beat dates)."""
        if asked.if_none_match is not None:
            # A tag holds no quotation mark, so a list holds ours, strong or weak, or does not have it in it.
            return etag in asked.if_none_match or asked.if_none_match.strip() == b"*"
        since = None if asked.if_modified_since is None else _instant(asked.if_modified_since)
        return since is not None and self._feed.last_modified <= since


class _Asked(NamedTuple):
    """The request headers that matter."""

    accept_encoding: bytes | None
    if_none_match: bytes | None
    if_modified_since: bytes | None

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]]) -> _Asked:
        """Pick them out; ASGI gives names in lower case. The lines of one list are joined."""
        coding = tags = since = None
        for name, value in headers:
            if name == b"accept-encoding":
                coding = value if coding is None else coding + b"," + value
            elif name == b"if-none-match":
                tags = value if tags is None else tags + b"," + value
            elif name == b"if-modified-since":
                since = value
        return cls(coding, tags, since)


@lru_cache(maxsize=256)
def wants_gzip(accept_encoding: bytes) -> bool:
    """Whether Accept-Encoding prefers gzip to the bytes as they are (RFC 9110 §12.5.3).

    gzip goes to those who take it, by name or by `*`, and to those who refuse identity without a word on gzip; when
    both are refused, identity is sent rather than nothing.
    """
    weights: dict[bytes, float] = {}
    for item in accept_encoding.split(b","):
        match = _CODING.fullmatch(item)
        if match is not None:
            coding = match[1].lower()
            weights[b"gzip" if coding == b"x-gzip" else coding] = float(match[2] or 1)
    gzip, identity = weights.get(b"gzip", weights.get(b"*")), weights.get(b"identity")
    if gzip is None:
        return identity == 0
    # Identity that is not named is acceptable, and nobody's first choice.
    return gzip > 0 and gzip >= (identity or 0)


def _form(feed: Feed, etag: str, length: int, coding: Headers) -> _Form:
    validators = [
        (b"etag", etag.encode("ascii")),
        (b"last-modified", feed.http_date.encode("ascii")),
        (b"cache-control", CACHE_CONTROL),
        (b"vary", b"Accept-Encoding"),
    ]
    content = [
        (b"content-type", feed.media_type.encode("ascii")),
        (b"content-disposition", b"inline"),
        (b"content-length", b"%d" % length),
        *coding,
    ]
    return _Form(validators[0][1], content + validators, validators)


def _instant(http_date: bytes) -> datetime | None:
    try:
        instant = parsedate_to_datetime(http_date.decode("latin-1"))
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _elsewhere(site: Site, path: str, query: bytes) -> tuple[int, Headers, bytes]:
    """Answer for a path that is no feed's: where it went, or that there is none."""
    target = site.moved.get(path)
    if target is None:
        return _sentence(404, b"There is no feed at this address.\n", [])
    location = target.encode("ascii") + (b"?" + query if query else b"")
    return _sentence(301, b"This feed has moved.\n", [(b"location", location), (b"cache-control", CACHE_CONTROL)])


def _sentence(status: int, body: bytes, headers: Headers) -> tuple[int, Headers, bytes]:
    content = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    return status, content + headers, body
