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

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.domain.addresses import FEEDS
from notifier.usecases.publish import Site
from notifier.web.finished import Finished

Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, Headers, bytes]
"""A status, headers and a body."""

CACHE_CONTROL = b"public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"

CACHE_BYTES = 64_000_000
"""How much of what is sent is kept, unless settings say otherwise."""

BESIDE = 2_000
"""Bytes counted for a form's headers and the place it is kept at."""

_CODING = re.compile(rb"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")


def feeds_first(site: Callable[[], Site], fallback: ASGIApp, cache_bytes: int = CACHE_BYTES) -> ASGIApp:
    """Return an application that answers all below `/feeds/` itself and leaves the rest to `fallback`.

    `site` is asked for at each request, so that a calendar that was read again is served at once; `cache_bytes` is how
    much of what was made to be sent is kept.
    """
    server = FeedServer(site, cache_bytes)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(FEEDS):
            await server(scope, receive, send)
        else:
            await fallback(scope, receive, send)

    return application


class FeedServer:
    """Answers GET and HEAD of every feed.

    What is sent of a feed in either coding is made when it is first asked for and kept while there is room; for one
    that was dropped it is made again. All of it goes when another site is in use.
    """

    def __init__(self, site: Callable[[], Site], cache_bytes: int = CACHE_BYTES) -> None:
        self._site_in_use = site
        self._site: Site | None = None
        self._forms: Finished[Form] = Finished(cache_bytes)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3.0); nobody else's waits for a feed that has to be made first."""
        site = self._site_in_use()
        if not site.is_made(scope["path"]):
            await run_in_threadpool(site.feed, scope["path"])
        status, headers, body = self._answer(site, scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer(self, site: Site, scope: Scope) -> Answer:
        if scope["method"] not in {"GET", "HEAD"}:
            return sentence(405, b"Feeds are read with GET or HEAD.\n", [(b"allow", b"GET, HEAD")])
        if site is not self._site:
            self._site = site
            self._forms.clear()
        path: str = scope["path"]
        asked = Asked.of(scope["headers"])
        packed = asked.accept_encoding is not None and wants_gzip(asked.accept_encoding)
        form = self._forms.get((path, packed))
        if form is None:
            feed = site.feed(path)
            if feed is None:
                return _elsewhere(site, path, scope.get("query_string", b""))
            validators = validators_of(feed, packed=packed)
            # Who has it already is told so without its being made.
            if validators.hold_for(asked):
                return 304, validators.headers, b""
            form = Form.of(feed, validators, packed=packed)
            self._forms.keep((path, packed), form, len(form.body) + BESIDE)
        elif form.validators.hold_for(asked):
            return 304, form.validators.headers, b""
        return 200, form.headers, form.body


class Validators(NamedTuple):
    """What tells whether a client has a feed in one content coding already, and the headers that say so."""

    etag: bytes
    last_modified: datetime
    headers: Headers

    def hold_for(self, asked: Asked) -> bool:
        """Whether the client has this form already (RFC 9110 §13.2.2: entity tags beat dates)."""
        if asked.if_none_match is not None:
            # A tag holds no quotation mark, so a list holds ours, strong or weak, or does not have it in it.
            return self.etag in asked.if_none_match or asked.if_none_match.strip() == b"*"
        since = None if asked.if_modified_since is None else _instant(asked.if_modified_since)
        return since is not None and self.last_modified <= since


class Form(NamedTuple):
    """A feed in one content coding, as it is sent."""

    validators: Validators
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, feed: Feed, validators: Validators, *, packed: bool) -> Form:
        """Make it."""
        body = feed.gzip if packed else feed.identity
        content = [
            (b"content-type", feed.media_type.encode("ascii")),
            (b"content-disposition", feed.disposition.encode("ascii")),
            (b"content-length", b"%d" % len(body)),
            *([(b"content-encoding", b"gzip")] if packed else []),
            *((name.lower().encode("ascii"), value.encode("ascii")) for name, value in feed.headers),
        ]
        return cls(validators, content + validators.headers, body)


class Asked(NamedTuple):
    """The request headers that matter."""

    accept_encoding: bytes | None
    if_none_match: bytes | None
    if_modified_since: bytes | None

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]]) -> Asked:
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


def validators_of(feed: Feed, *, packed: bool) -> Validators:
    """Return the validators of a feed in one content coding."""
    etag = (feed.gzip_etag if packed else feed.etag).encode("ascii")
    headers = [
        (b"etag", etag),
        (b"last-modified", feed.http_date.encode("ascii")),
        (b"cache-control", CACHE_CONTROL),
        (b"vary", b"Accept-Encoding"),
    ]
    return Validators(etag, feed.last_modified, headers)


def _instant(http_date: bytes) -> datetime | None:
    try:
        instant = parsedate_to_datetime(http_date.decode("latin-1"))
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _elsewhere(site: Site, path: str, query: bytes) -> Answer:
    """Answer for a path that is no feed's: where it went, or that there is none."""
    target = site.moved.get(path)
    if target is None:
        return sentence(404, b"There is no feed at this address.\n", [])
    location = target.encode("ascii") + (b"?" + query if query else b"")
    return sentence(301, b"This feed has moved.\n", [(b"location", location), (b"cache-control", CACHE_CONTROL)])


def sentence(status: int, body: bytes, headers: Headers) -> Answer:
    """Return an answer that is one plain sentence."""
    content = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    return status, content + headers, body
