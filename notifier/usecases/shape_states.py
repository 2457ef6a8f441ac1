"""What the other shapes say that the calendar feeds do not: when it changes, they have changed too.

It is digested when feeds are published, without making any of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from notifier.content import feed_heads
from notifier.content.language import Languages
from notifier.content.templates import Templates
from notifier.domain import addresses, notices
from notifier.domain.events import Catalog, Event

_WRITERS = ("notice_entries.py", "notices_feed.py", "csv_feed.py", "opml.py")
_TEMPLATES = ("feed/notice.html", "email/parts.html")


def unsaid(
    catalog: Catalog, languages: Languages, served: Iterable[str], templates: Templates
) -> Iterator[tuple[str, str]]:
    """Yield a name and a digest (SHA-256, hexadecimal) for each language, and for each feed whatever its language.

    Leads, kinds and collections stand in no entry; what a language's file says of notices does not either.
    """
    program = _program(templates)
    for tag in served:
        yield of_language(tag), _digest(program, languages.digest(tag))
    calendar = catalog.calendar
    common = repr((calendar.id, calendar.published, calendar.zone, calendar.name))
    yield of_feed(addresses.EVERYTHING), _digest(common, repr(calendar.collections), *_members(catalog.events, catalog))
    for id_ in sorted({*catalog.collection_ids(), *calendar.collections}):
        members = (event for event in catalog.events if id_ in event.collections)
        yield of_feed(id_), _digest(common, repr(calendar.collections.get(id_)), *_members(members, catalog))
    for event in catalog.events:
        yield of_feed(f"events/{event.id}"), _digest(common, *_members([event], catalog))


def of_language(tag: str) -> str:
    """Return the name under which a language's state is kept."""
    return f"{addresses.FEEDS}{tag}/*"


def of_feed(name: str) -> str:
    """Return the name under which a feed's state is kept: `/feeds/*/all`."""
    return f"{addresses.FEEDS}*/{name}"


def _members(events: Iterable[Event], catalog: Catalog) -> Iterator[str]:
    names = catalog.calendar.collections
    for event in events:
        leads = tuple(notices.leads_of(event, catalog.calendar))
        collections = tuple((id_, names.get(id_)) for id_ in event.collections)
        place = None if event.place is None else event.place.name
        yield repr((event.id, event.was, event.kind, leads, collections, place, event.confirmed))


def _program(templates: Templates) -> str:
    """Return a digest of what writes the other shapes; none of it is imported for that."""
    content = Path(feed_heads.__file__).parent
    files = [content / name for name in _WRITERS] + [templates.folder / name for name in _TEMPLATES]
    files += [Path(notices.__file__), Path(__file__).with_name("shapes.py")]
    return _digest(*(file.read_text(encoding="utf-8") if file.exists() else "" for file in files))


def _digest(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        octets = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(octets))
        digest.update(octets)
    return digest.hexdigest()
