"""Telling a WebSub hub which feeds have changed, so that it fetches them and passes them on at once.

What was told is kept in the database: what changes while no service runs is told by the next one. Published files are
told of when they have been replaced, which they themselves say.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from sqlalchemy import Engine

from notifier.domain.addresses import is_loopback
from notifier.storage.engine import reading, writing
from notifier.storage.pings import forget_told, keep_told, told
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

    def __init__(self, hub: Hub, engine: Callable[[], Engine]) -> None:
        self._hub = hub
        self._engine = engine
        self._site: Site | None = None
        self._waiting: dict[str, datetime] = {}
        self._failing = False
        self._lock = threading.Lock()

    def tell(self, site: Site, base_url: str) -> PingReport:
        """Tell the hub of every feed that has changed since it was last told of it.

        Where it was told of none yet, this pass only looks. `base_url` has no slash at its end. What the hub does not
        take waits for the next pass; nothing is repeated that it took.
        """
        with self._lock:
            if site is not self._site:
                self._waiting = self._look(site, base_url)
                self._site = site
            count, problem = 0, None
            for topics, problem in _tell(self._hub, list(self._waiting)):
                if problem is None:
                    self._note(topics)
                    count += len(topics)
            new, self._failing = problem is not None and not self._failing, problem is not None
            return PingReport(count, problem if new else None)

    def _look(self, site: Site, base_url: str) -> dict[str, datetime]:
        """Return what is to be told of a site. What is gone cannot be fetched, so there is nothing to tell of it."""
        dates = {base_url + path: at for path, at in _dates(site)}
        with reading(self._engine()) as db:
            before = told(db, base_url)
        gone = before.keys() - dates.keys()
        if gone or not before:
            with writing(self._engine()) as db:
                forget_told(db, gone)
                keep_told(db, {} if before else dates)
        return {topic: at for topic, at in dates.items() if before and before.get(topic) != at}

    def _note(self, topics: Sequence[str]) -> None:
        with writing(self._engine()) as db:
            keep_told(db, {topic: self._waiting.pop(topic) for topic in topics})


def tell_of_files(hub: Hub, site: Site, base_url: str, changed: Collection[str]) -> PingReport:
    """Tell the hub of those feeds whose files, named below the folder they were published into, have `changed`."""
    topics = [base_url + path for path, _ in _dates(site) if path.removeprefix("/") in changed]
    reports = list(_tell(hub, topics))
    problem = next((failed for _, failed in reports if failed is not None), None)
    return PingReport(sum(len(some) for some, failed in reports if failed is None), problem)


def _tell(hub: Hub, topics: Sequence[str]) -> Iterator[tuple[Sequence[str], str | None]]:
    """Tell of these feeds, some at a time, and yield which and why it failed; nothing is tried after a failure."""
    for start in range(0, len(topics), AT_ONCE):
        some = topics[start : start + AT_ONCE]
        try:
            hub.publish(list(some))
        except OSError as error:
            yield some, str(error)
            return
        yield some, None


def _dates(site: Site) -> Iterator[tuple[str, datetime]]:
    """Yield when each feed last changed; none is made for that. Nobody subscribes to a single day's file."""
    for path, feed in site.feeds.items():
        yield path, feed.last_modified
    if site.shapes is not None:
        yield from site.shapes.dates()
