"""What every response says to browsers, and what no request may bring."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_A_YEAR = 31_536_000

LONGEST_BODY = 65_536
"""Bytes; the longest form is far below it."""


def constant_headers(base_url: str) -> list[tuple[bytes, bytes]]:
    """Return what every answer says, whatever it is an answer for; as ASGI takes it."""
    return [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in _constant(base_url).items()]


def _constant(base_url: str) -> dict[str, str]:
    secure = {"Strict-Transport-Security": f"max-age={_A_YEAR}"} if base_url.startswith("https://") else {}
    return {"X-Content-Type-Options": "nosniff", **secure}


def usual_headers(base_url: str) -> dict[str, str]:
    """Return what every answer says that does not say otherwise."""
    return {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Referrer-Policy": "strict-origin-when-cross-origin",
        **_constant(base_url),
    }


class SecurityHeaders:
    """Adds the security headers that a response does not already carry its own of."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._headers = usual_headers(base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class SmallBodies:
    """Refuses a request that announces a body longer than any form, before anything of it is read.

    What is not announced is counted by whoever reads it; what arrives unread the server throws away.
    """

    def __init__(self, app: ASGIApp, refuse: Callable[[Request, Exception], Response]) -> None:
        """Pass requests on to `app`; `refuse` makes the page for those that it answers with 413 itself."""
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] == "http" and _announced(scope) > LONGEST_BODY:
            error = HTTPException(413, headers={"Connection": "close"})
            refusal = await run_in_threadpool(self._refuse, Request(scope), error)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _announced(scope: Scope) -> int:
    """Return the length of the body in bytes, as the request states it; 0 where it does not."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0
