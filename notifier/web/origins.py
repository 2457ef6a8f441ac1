"""Which sites a form may come from: the service's own pages, and those settings name."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_OWN = frozenset({"same-origin", "none"})


def is_foreign(headers: Headers, base_url: str, allowed: Collection[str]) -> bool:
    """Whether another site's page sent the request, as the browser tells (Fetch, Sec-Fetch-Site and Origin).

    Programmes that are no browsers tell nothing, and may send what they like: there is no cookie to be abused.
    """
    origin = headers.get("origin")
    if origin is not None and origin.lower() in allowed:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OWN
    return origin is not None and not _is_own(origin, headers.get("host", ""), base_url)


def _is_own(origin: str, host: str, base_url: str) -> bool:
    """Whether an origin is that of the address people open, or of the name this request was sent to."""
    try:
        asked = urlsplit(origin.lower())
    except ValueError:
        return False
    own = urlsplit(base_url.lower())
    if asked.scheme not in {"http", "https"} or not asked.netloc:
        return False
    return asked[:2] == own[:2] or asked.netloc == host.lower()
