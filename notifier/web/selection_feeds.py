"""Serves the feeds of built selections. What is not in memory is made of what the database says was built."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.domain.addresses import SELECTED
from notifier.domain.built import TOKEN, NoSelectionError, RetiredSelectionError
from notifier.domain.errors import NotifierError
from notifier.web.feed_forms import Answer, sentence
from notifier.web.feed_server import FeedServer
from notifier.web.headers import constant_headers

CACHE_BYTES = 16_000_000
"""How much of what is sent is kept, unless it is said otherwise."""

_ADDRESS = re.compile(rf"{SELECTED}({TOKEN.pattern})\.(ics|atom|json)", re.ASCII)

_NOWHERE = sentence(404, b"There is no calendar at this address.\n", [])


class SelectionSource(Protocol):
    """What makes the feeds of built selections."""

    def feed(self, token: str, shape: str, now: datetime) -> Feed:
        """Return a feed as `ics`, `atom` or `json`. Raises NoSelectionError and RetiredSelectionError."""

    def note_fetched(self, token: str) -> None:
        """Note that somebody fetched a selection; it takes no time."""


class SelectionView(Protocol):
    """The service as its built selections' feeds see it."""

    @property
    def site(self) -> object:
        """What is published: the same object until it is published anew."""

    @property
    def base_url(self) -> str:
        """The address people open."""

    @property
    def selections(self) -> SelectionSource:
        """What makes the feeds."""

    def now(self) -> datetime:
        """Return the present instant, aware."""


def selections_first(view: SelectionView, fallback: ASGIApp, cache_bytes: int = CACHE_BYTES) -> ASGIApp:
    """Return an application that answers all below `/s/` itself and leaves the rest to `fallback`."""
    server = FeedServer(_SelectionFeeds(view), cache_bytes, constant_headers(view.base_url))

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(SELECTED):
            await server(scope, receive, send)
        else:
            await fallback(scope, receive, send)

    return application


class _SelectionFeeds:
    """The feeds of what was built; all of them take time."""

    def __init__(self, view: SelectionView) -> None:
        self._view = view

    @property
    def standing(self) -> object:
        """What is published."""
        return self._view.site

    def find(self, _standing: object, path: str, _query: bytes) -> Answer | None:
        """Return the answer for an address that can be nobody's."""
        return None if _ADDRESS.fullmatch(path) else _NOWHERE

    def make(self, _standing: object, path: str) -> Feed | Answer:
        """Make a feed of what the database says was built."""
        token, shape = _parts(path)
        try:
            return self._view.selections.feed(token, shape, self._view.now())
        except NoSelectionError:
            return _NOWHERE
        except RetiredSelectionError as error:
            return sentence(410, f"{error}\n".encode(), [])
        except NotifierError:
            # The database does not answer; `/readyz` says why.
            return sentence(503, b"Please try again later.\n", [(b"retry-after", b"60")])

    def note(self, path: str) -> None:
        """Note that somebody fetched it."""
        self._view.selections.note_fetched(_parts(path)[0])


def _parts(path: str) -> tuple[str, str]:
    """Return the token and the shape that an address names."""
    token, _, shape = path.removeprefix(SELECTED).partition(".")
    return token, shape
