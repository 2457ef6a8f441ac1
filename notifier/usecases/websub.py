"""Telling a WebSub hub which feeds have changed, so that it fetches them and passes them on at once.

What is still to be told is kept in memory alone: a restart forgets it, and readers then learn at their next poll.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from notifier.domain.addresses import is_loopback
from notifier.usecases.publish import Site

if TYPE_CHECKING:
    from urllib.request import OpenerDirector

AT_ONCE = 100
"""How many feeds one request names."""

TIMEOUT = 5.0
"""Seconds that a hub may take for each step of an answer."""


class Hub(Protocol):
    """Where changes are told."""

    def publish(self, urls: list[str]) -> None:
        """Tell of these feeds. Raises OSError when the hub did not take it."""


@dataclass(frozen=True, slots=True)
class WebHub:
    """A hub on the web: `https`, or `http` on this machine."""

    url: str

    def publish(self, urls: list[str]) -> None:
        """POST `hub.mode=publish` with an `hub.url` for each feed, as PubSubHubbub 0.4 (§7) has it and hubs expect."""
        from http.client import HTTPException
        from urllib.request import Request

        form = urlencode([("hub.mode", "publish"), *(("hub.url", url) for url in urls)]).encode("ascii")
        request = Request(self.url, form, {"User-Agent": "remembrance-notifier"})  # noqa: S310 -- settings allow http(s)
        try:
            # An answer that is no 2xx raises HTTPError, which is an OSError.
            self._opener().open(request, timeout=TIMEOUT).close()
        except HTTPException as error:
            raise OSError(repr(error)) from error

    def _opener(self) -> OpenerDirector:
        from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener

        class Nowhere(HTTPRedirectHandler):
            """Another address was never agreed on; the redirect is the error it comes as."""

            def redirect_request(self, *_: object) -> None:
                return None

        return build_opener(Nowhere, ProxyHandler({})) if is_loopback(self.url) else build_opener(Nowhere)


@dataclass(frozen=True, slots=True)
class PingReport:
    """How many feeds one pass told the hub of; `problem` is why it could not go on, the first time it could not."""

    told: int = 0
    problem: str | None = None


class Pings:
    """The feeds a hub has yet to be told of."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._site: Site | None = None
        self._dates: Mapping[str, datetime] = {}
        self._waiting: dict[str, None] = {}
        self._failing = False
        self._lock = threading.Lock()

    def tell(self, site: Site, base_url: str) -> PingReport:
        """Tell the hub of every feed that has changed since the last pass; the first pass only looks.

        `base_url` has no slash at its end. What the hub does not take waits for the next pass; nothing is repeated
        that it took.
        """
        with self._lock:
            self._look(site)
            told = 0
            while self._waiting:
                paths = list(self._waiting)[:AT_ONCE]
                try:
                    self._hub.publish([base_url + path for path in paths])
                except OSError as error:
                    new, self._failing = not self._failing, True
                    return PingReport(told, str(error) if new else None)
                for path in paths:
                    del self._waiting[path]
                told += len(paths)
            self._failing = False if told else self._failing
            return PingReport(told)

    def _look(self, site: Site) -> None:
        if site is self._site:
            return
        dates = dict(_dates(site))
        if self._site is not None:
            self._waiting |= {path: None for path, at in dates.items() if self._dates.get(path) != at}
            # What is gone cannot be fetched, so there is nothing to tell of it.
            self._waiting = {path: None for path in self._waiting if path in dates}
        self._site, self._dates = site, dates


def _dates(site: Site) -> Iterator[tuple[str, datetime]]:
    """Yield when each feed last changed; none is made for that."""
    for path, feed in site.feeds.items():
        yield path, feed.last_modified
    if site.shapes is not None:
        yield from site.shapes.dates()
