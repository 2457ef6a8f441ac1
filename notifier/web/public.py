"""Everything public, as the service itself answers it: what `publish` writes is what a reader would have got.

Each address is asked for inside this process, so that bytes, types and headers are the daemon's by construction, of
whatever shapes there are. What needs the live service (forms, tokens, the API) is not listed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message

from notifier.content.for_machines import list_count
from notifier.content.published import Headers, Published
from notifier.content.site_paths import page_paths
from notifier.domain import addresses
from notifier.domain.long_lists import long_lists
from notifier.domain.occurrences import occurrences_between
from notifier.usecases.publish import Site
from notifier.web.deps import SiteView
from notifier.web.static import FILES, Static

_NOWHERE = "-"
"""A name that nothing has: ids begin with a letter or a digit."""


def public_paths(view: SiteView, site: Site) -> Iterator[str]:
    """Yield every public address once, redirects and the pages of what is missing among them.

    An address that ends with `/-` stands for whatever does not exist below it.
    """
    calendar, events = site.catalog.calendar, site.catalog.events
    published = occurrences_between(events, site.years.start, site.years.end)
    former = {event.id: event.was for event in events}
    long = long_lists(site.catalog, site.years)
    yield addresses.ROOT
    yield f"/{_NOWHERE}"
    for tag in calendar.languages:
        yield addresses.home(tag).rstrip("/")
        yield addresses.home(tag) + _NOWHERE
        yield from page_paths(site.catalog, site.years, published, long, tag)
        yield from (addresses.outlook(tag, shape) for shape in ("csv", "xlsx"))
        yield addresses.manifest(tag)
        yield from (addresses.event(tag, id_) for event in events for id_ in event.was)
        for one in published:
            yield from (addresses.occurrence(tag, id_, one.year) for id_ in former[one.event.id])
            if view.pictures:
                ids = (one.event.id, *former[one.event.id])
                yield from (addresses.occurrence_picture(tag, id_, one.year) for id_ in ids)
    yield addresses.FEEDS + _NOWHERE
    yield from sorted({*site.feeds, *(site.shapes or ()), *site.days})
    yield from sorted(site.moved)
    yield from (addresses.ROBOTS, addresses.SITEMAP, addresses.FAVICON)
    for tag in calendar.languages:
        lists = list_count(sum(1 for _ in page_paths(site.catalog, site.years, published, long, tag)))
        yield from (addresses.sitemap(tag, part) for part in range(1, lists + 1))
    static = Static(view.templates.folder / "web")
    yield from (static.address(name) for name in FILES)


async def published(app: ASGIApp, base_url: str, paths: Iterator[str]) -> AsyncIterator[Published]:
    """Ask for each address, and yield what is answered. `base_url` is the one the application was built with."""
    host = urlsplit(base_url).netloc
    for address in paths:
        path, _, query = address.partition("?")
        status, headers, body = await _ask(app, host, path)
        packed = pinned = None
        if status == 200:
            coding = await _ask(app, host, path, accept_encoding="gzip")
            packed = coding[2] if ("content-encoding", "gzip") in coding[1] else None
        if query:
            _, asked, _ = await _ask(app, host, path, query=query)
            pinned = (query.partition("=")[2], dict(asked)["cache-control"])
        if path.endswith(f"/{_NOWHERE}"):
            path = path.removesuffix(_NOWHERE)
        yield Published(path, status, headers, body, packed, pinned)


async def _ask(
    app: ASGIApp, host: str, path: str, *, query: str = "", accept_encoding: str = "identity"
) -> tuple[int, Headers, bytes]:
    """Make one GET request to an application, without a network (ASGI 3.0)."""
    status, body = 0, b""
    headers: Headers = ()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers, body
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = tuple(
                (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in message["headers"]
            )
        else:
            body += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", host.encode()), (b"accept-encoding", accept_encoding.encode())],
        "client": None,
        "server": None,
    }
    await app(scope, receive, send)
    return status, headers, body
