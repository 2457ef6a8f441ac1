"""Answers with pages that are kept, before routing, middleware and threads: what was rendered once is sent as it is.

Everything else goes on to the application, and so does a page that is asked for the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

from notifier.content.resources import Resource
from notifier.web.answers import REPEATED
from notifier.web.feed_forms import Headers, Wishes

KeptNow = Callable[[str], Resource | None]
"""The page that is kept under a path at this moment, or None."""


class KeptPages:
    """Sends pages from memory, with the headers that the application would send with them."""

    def __init__(self, app: ASGIApp, kept_now: KeptNow, usual: Mapping[str, str]) -> None:
        """`usual` are the headers that every answer of the application has, unless it has its own of that name."""
        self._app = app
        self._kept_now = kept_now
        self._usual = usual

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD of a page that is there (ASGI 3.0); with a query it is another page."""
        page = None
        if scope["type"] == "http" and not scope["query_string"] and scope["method"] in {"GET", "HEAD"}:
            # Whatever is wrong there the application meets as well: it answers for it, and it is logged.
            with suppress(Exception):
                page = self._kept_now(scope["path"])
        if page is None:
            await self._app(scope, receive, send)
            return
        headers = dict(page.headers)
        named = Wishes.of(scope["headers"]).if_none_match
        status, body = 200, page.body
        if named is not None and (headers["ETag"].encode("ascii") in named or named.strip() == b"*"):
            status, body = 304, b""
            headers = {name: value for name, value in headers.items() if name.lower() in REPEATED}
        else:
            headers |= {"Content-Type": page.media_type, "Content-Length": str(len(body))}
        await send({"type": "http.response.start", "status": status, "headers": self._encoded(headers)})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _encoded(self, headers: Mapping[str, str]) -> Headers:
        said = {**self._usual, **headers}
        return [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in said.items()]
