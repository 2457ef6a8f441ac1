"""Serves feeds from memory, before routing and middleware: a raw ASGI callable, whatever the feeds come from.

What a request gets depends on its path, its method, Accept-Encoding and its conditions, on nothing else.
"""

from __future__ import annotations

import asyncio
from typing import Generic, NamedTuple, Protocol, TypeVar

from starlette.types import Receive, Scope, Send

from notifier.content.feeds import Feed
from notifier.web.feed_forms import Answer, Form, Headers, Validators, Wishes, sentence
from notifier.web.finished import Finished

BESIDE = 2_000
"""Bytes counted for a form's headers and the place it is kept at."""

_AT_ONCE = 2
"""How many forms are made at a time; nobody else's request waits for that."""

S = TypeVar("S")


class FeedSource(Protocol[S]):
    """Where feeds come from."""

    @property
    def standing(self) -> S:
        """What they are made of now: the same object until it is published anew."""

    def find(self, standing: S, path: str, query: bytes) -> Feed | Answer | None:
        """Return a feed, or the answer where there is none; None for what takes time, which `make` takes."""

    def make(self, standing: S, path: str) -> Feed | Answer:
        """Make a feed, or the answer where there is none. It is asked in a thread."""

    def note(self, path: str) -> None:
        """Note that somebody was given a form that is kept, or told that they have it; it takes no time."""


class _Key(NamedTuple):
    """A feed in one content coding."""

    path: str
    packed: bool


class _Kept(NamedTuple):
    """A form, and in which generation of what stands it was last seen to be right."""

    generation: int
    form: Form


class FeedServer(Generic[S]):
    """Answers GET and HEAD of feeds.

    What is sent of a feed in either coding is made when it is first asked for and kept while there is room. When
    something else is published, a form is looked at again when it is asked for: it stays where the feed is equal, as
    nearly all are when only a notice was announced.
    """

    def __init__(self, source: FeedSource[S], cache_bytes: int, constant: Headers) -> None:
        """Serve from a source; `constant` are headers that every answer has."""
        self._source = source
        self._constant = constant
        self._forms: Finished[_Kept] = Finished(cache_bytes)
        self._standing: S | None = None
        self._generation = 0
        self._making: dict[tuple[_Key, int], asyncio.Future[Form | Answer]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3.0)."""
        status, headers, body = await self._answer(scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Scope) -> Answer:
        if scope["method"] not in {"GET", "HEAD"}:
            refusal = sentence(405, b"Feeds are read with GET or HEAD.\n", [(b"allow", b"GET, HEAD")])
            return self._with_constant(refusal)
        wishes = Wishes.of(scope["headers"])
        form = await self._form_for(wishes, scope["path"], scope.get("query_string", b""))
        if not isinstance(form, Form):
            return form
        self._source.note(scope["path"])
        if form.validators.hold_for(wishes):
            return 304, form.validators.headers, b""
        return 200, form.headers, form.body

    async def _form_for(self, wishes: Wishes, path: str, query: bytes) -> Form | Answer:
        standing, key = self._source.standing, _Key(path, wishes.packed)
        if standing is not self._standing:
            self._standing = standing
            self._generation += 1
        kept = self._forms.get(key)
        if kept is not None and kept.generation == self._generation:
            return kept.form
        found = self._source.find(standing, path, query)
        if isinstance(found, Feed):
            # Who has it already is told so without its being made.
            validators = Validators.of(found, self._constant, packed=key.packed)
            if validators.hold_for(wishes):
                return 304, validators.headers, b""
            found = None
        return await self._made(key, standing, kept) if found is None else self._with_constant(found)

    def _with_constant(self, answer: Answer) -> Answer:
        status, headers, body = answer
        return status, [*headers, *self._constant], body

    async def _made(self, key: _Key, standing: S, kept: _Kept | None) -> Form | Answer:
        """Return the form; those who ask for the same one at the same moment wait for one making."""
        asked = (key, self._generation)
        making = self._making.get(asked)
        if making is None:
            making = self._making[asked] = asyncio.ensure_future(self._make(key, standing, kept))
            making.add_done_callback(lambda _: self._making.pop(asked))
        # Whoever goes away takes nothing from those who wait with them.
        return await asyncio.shield(making)

    async def _make(self, key: _Key, standing: S, kept: _Kept | None) -> Form | Answer:
        generation = self._generation
        async with self._places:
            form = await asyncio.to_thread(self._form, key, standing, kept)
        if isinstance(form, Form) and generation == self._generation:
            self._forms.keep(key, _Kept(generation, form), len(form.body) + BESIDE)
        return form

    def _form(self, key: _Key, standing: S, kept: _Kept | None) -> Form | Answer:
        """Make a form, or take the one that was right before where it is again."""
        feed = self._source.make(standing, key.path)
        if not isinstance(feed, Feed):
            return self._with_constant(feed)
        validators = Validators.of(feed, self._constant, packed=key.packed)
        if kept is not None and kept.form.validators == validators:
            return kept.form
        return Form.of(feed, validators, packed=key.packed)
