"""Resources as HTTP responses: conditional requests (RFC 9110 §13), HEAD, and links without a host."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from notifier.content.resources import Resource

# What a 304 repeats of the 200 it stands for (RFC 9110 §15.4.5).
REPEATED = frozenset({"etag", "cache-control", "vary", "content-location"})


def answer(request: Request, resource: Resource, status: int = 200) -> Response:
    """Return the resource, its head alone for HEAD, or 304 when the reader has it already."""
    headers = dict(resource.headers)
    if status == 200 and _has_it(request, headers.get("ETag")):
        return Response(status_code=304, headers={k: v for k, v in headers.items() if k.lower() in REPEATED})
    headers["Content-Type"] = resource.media_type
    headers["Content-Length"] = str(len(resource.body))
    return Response(b"" if request.method == "HEAD" else resource.body, status, headers)


def redirect(location: str, status: int, **headers: str) -> Response:
    """Return a redirect to a path of this host; whatever name the request used for it stays."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status_code=status, headers={"Location": location, **named})


def _has_it(request: Request, etag: str | None) -> bool:
    """Whether If-None-Match names this ETag, by weak comparison (RFC 9110 §13.1.2)."""
    if etag is None or request.method not in {"GET", "HEAD"}:
        return False
    named = ",".join(request.headers.getlist("if-none-match"))
    return named.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in named.split(",")}
