"""Serves the feeds of built selections from memory, before routing and middleware: a raw ASGI callable.

What is not in memory is made in a thread of its own kind, so that nobody else waits for it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Hashable
from datetime import datetime
from typing import NamedTuple, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.domain.addresses import SELECTED
from notifier.domain.built import TOKEN, NoSelectionError, RetiredSelectionError
from notifier.domain.errors import NotifierError
from notifier.web.feeds import BESIDE, CACHE_BYTES, Answer, Asked, Form, sentence, validators_of, wants_gzip
from notifier.web.finished import Finished

_ADDRESS = re.compile(rf"{SELECTED}({TOKEN.pattern})\.(ics|atom|json)", re.ASCII)
_AT_ONCE = 2
"""How many feeds are made at a time."""

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
    def selections(self) -> SelectionSource:
        """What makes the feeds."""

    def now(self) -> datetime:
        """Return the present instant, aware."""


class _Key(NamedTuple):
    """A feed in one content coding."""

    token: str
    shape: str
    packed: bool


def selections_first(view: SelectionView, fallback: ASGIApp, cache_bytes: int = CACHE_BYTES) -> ASGIApp:
    """Return an application that answers all below `/s/` itself and leaves the rest to `fallback`."""
    server = SelectionServer(view, cache_bytes)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(SELECTED):
            await server(scope, receive, send)
        else:
            await fallback(scope, receive, send)

    return application


class SelectionServer:
    """Answers GET and HEAD of built selections; what is made is kept while there is room, and until a new site."""

    def __init__(self, view: SelectionView, cache_bytes: int = CACHE_BYTES) -> None:
        self._view = view
        self._site: object = None
        self._forms: Finished[Form] = Finished(cache_bytes)
        self._making: dict[Hashable, asyncio.Future[Form | Answer]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3.0)."""
        status, headers, body = await self._answer(scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Scope) -> Answer:
        if scope["method"] not in {"GET", "HEAD"}:
            return sentence(405, b"Feeds are read with GET or HEAD.\n", [(b"allow", b"GET, HEAD")])
        address = _ADDRESS.fullmatch(scope["path"])
        if address is None:
            return _NOWHERE
        asked = Asked.of(scope["headers"])
        packed = asked.accept_encoding is not None and wants_gzip(asked.accept_encoding)
        form = await self._form(_Key(address[1], address[2], packed))
        if not isinstance(form, Form):
            return form
        self._view.selections.note_fetched(address[1])
        if form.validators.hold_for(asked):
            return 304, form.validators.headers, b""
        return 200, form.headers, form.body

    async def _form(self, key: _Key) -> Form | Answer:
        """Return the feed as it is sent; those who ask for the same one at the same moment wait for one making."""
        site = self._view.site
        if site is not self._site:
            self._site = site
            self._forms.clear()
            self._making.clear()
        form = self._forms.get(key)
        if form is not None:
            return form
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.ensure_future(self._make(key, site))
        # Whoever goes away takes nothing from those who wait with them.
        return await asyncio.shield(making)

    async def _make(self, key: _Key, site: object) -> Form | Answer:
        try:
            async with self._places:
                form = await asyncio.to_thread(self._made, key)
        finally:
            if site is self._site:
                del self._making[key]
        if isinstance(form, Form) and site is self._site:
            self._forms.keep(key, form, len(form.body) + BESIDE)
        return form

    def _made(self, key: _Key) -> Form | Answer:
        try:
            feed = self._view.selections.feed(key.token, key.shape, self._view.now())
        except NoSelectionError:
            return _NOWHERE
        except RetiredSelectionError as error:
            return sentence(410, f"{error}\n".encode(), [])
        except NotifierError:
            # The database does not answer; `/readyz` says why.
            return sentence(503, b"Please try again later.\n", [(b"retry-after", b"60")])
        return Form.of(feed, validators_of(feed, packed=key.packed), packed=key.packed)
