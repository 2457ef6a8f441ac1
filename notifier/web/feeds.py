"""Serves what is published: every feed in every shape, and single days as files."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.domain.addresses import FEEDS
from notifier.usecases.publish import Site
from notifier.web.feed_forms import CACHE_CONTROL, Answer, sentence
from notifier.web.feed_server import FeedServer
from notifier.web.headers import constant_headers

CACHE_BYTES = 32_000_000
"""How much of what is sent is kept, unless it is said otherwise."""


def feeds_first(
    site: Callable[[], Site], fallback: ASGIApp, base_url: str = "", cache_bytes: int = CACHE_BYTES
) -> ASGIApp:
    """Return an application that answers for feeds and files itself and leaves the rest to `fallback`.

    All below `/feeds/` is its own; of what stands beside pages, only what is there or was. `site` is asked for at each
    request, so that a calendar that was read again is served at once; `cache_bytes` is how much of what was made to be
    sent is kept.
    """
    source = _SiteFeeds(site)
    server = FeedServer(source, cache_bytes, constant_headers(base_url))

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["path"].startswith(FEEDS) or source.is_file(scope["path"])):
            await server(scope, receive, send)
        else:
            await fallback(scope, receive, send)

    return application


class _SiteFeeds:
    """The feeds of the site in use."""

    def __init__(self, site: Callable[[], Site]) -> None:
        self._site = site

    @property
    def standing(self) -> Site:
        """The site in use."""
        return self._site()

    def is_file(self, path: str) -> bool:
        """Whether this is the file of a single day, or was under its event's former id."""
        return path.endswith(".ics") and (path in self._site().days or path in self._site().moved)

    def find(self, standing: Site, path: str, query: bytes) -> Feed | Answer | None:
        """Return a feed that is there, or where it went; None for one that has to be made first."""
        if not standing.is_made(path):
            return None
        return standing.feed(path) or _elsewhere(standing, path, query)

    def make(self, standing: Site, path: str) -> Feed | Answer:
        """Return a feed, made now if it is not there."""
        return standing.feed(path) or _elsewhere(standing, path, b"")

    def note(self, path: str) -> None:
        """Nobody counts who reads these."""


def _elsewhere(site: Site, path: str, query: bytes) -> Answer:
    """Answer for a path that is no feed's: where it went, or that there is none."""
    target = site.moved.get(path)
    if target is not None:
        location = target.encode("ascii") + (b"?" + query if query else b"")
        return sentence(301, b"This feed has moved.\n", [(b"location", location), (b"cache-control", CACHE_CONTROL)])
    if site.is_gone(path):
        return sentence(410, b"What this feed told of was taken out of the calendar.\n", [])
    return sentence(404, b"There is no feed at this address.\n", [])
