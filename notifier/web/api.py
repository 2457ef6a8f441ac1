"""The JSON API's entrance. What is behind it, FastAPI included, is imported when it is first knocked at.

Most services are never asked: FastAPI's 0.3 seconds and 15 MB are left out of their start and their memory.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notifier.web.deps import SiteView

LONGEST_QUERY: Final = 8192
"""Octets; the longest selection is below it, every character of it escaped."""

METHODS: Final = "GET, HEAD"

# Nothing here is personal and nothing asks who is there, so the scripts of any site may read it.
_ANYBODY: Final = {"Access-Control-Allow-Origin": "*"}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Api:
    """Answers everything below `/api/`."""

    def __init__(self, view: SiteView, shelf_bytes: int) -> None:
        """Answer for a view; so many bytes of answers are kept."""
        self._view = view
        self._shelf_bytes = shelf_bytes
        self._app: ASGIApp | None = None
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3.0)."""

        async def send_to_anybody(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_ANYBODY)
            await send(message)

        app = _at_the_door(scope) or self._app
        if app is None:
            app = await run_in_threadpool(self._built)
        await app(scope, receive, send_to_anybody)

    def _built(self) -> ASGIApp:
        """Return what is behind the door, built once, whoever comes at the same time."""
        with self._lock:
            if self._app is None:
                from notifier.web.api_v1 import build_api

                self._app = build_api(self._view, self._shelf_bytes)
            return self._app


def _at_the_door(scope: Scope) -> ASGIApp | None:
    """Return the answer for what goes no further: too long a question, and a browser's asking whether it may ask."""
    if len(scope.get("query_string", b"")) > LONGEST_QUERY:
        sentence = f"The query is longer than {LONGEST_QUERY} octets."
        return JSONResponse({"error": sentence}, 414, {"Cache-Control": "no-store"})
    if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
        return Response(status_code=204, headers=_PREFLIGHT)
    return None
