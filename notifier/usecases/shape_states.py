"""What the other shapes say that the calendar feeds do not: when it changes, they have changed too.

It is digested when feeds are published, without making any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import notifier
from notifier.content.language import Languages
from notifier.content.templates import Templates
from notifier.domain import addresses, notices
from notifier.domain.digests import digest_of_texts
from notifier.domain.events import Catalog, Event

WRITERS = (
    "content/abridging.py", "content/cldr.py", "content/contentlines.py", "content/csv_feed.py",
    "content/day_sentences.py", "content/day_words.py", "content/directions.py", "content/language.py",
    "content/mail_text.py", "content/notice_entries.py", "content/notices_feed.py", "content/numerals.py",
    "content/opml.py", "content/ordinals.py", "content/own_dates.py", "content/templates.py", "content/tone.py",
    "content/vevent.py", "content/views.py", "content/wording.py", "domain/addresses.py", "domain/days.py",
    "domain/errors.py", "domain/events.py", "domain/hosts.py", "domain/hours.py", "domain/leads.py",
    "domain/notices.py", "domain/occurrences.py", "domain/origins.py", "domain/programmes.py",
    "domain/rules/__init__.py", "domain/rules/chinese.py", "domain/rules/composed.py", "domain/rules/easter.py",
    "domain/rules/gregorian.py", "domain/rules/hebrew.py", "domain/rules/hijri.py", "domain/rules/julian.py",
    "domain/rules/persian.py", "domain/rules/relative.py", "domain/rules/spans.py", "domain/rules/systems.py",
    "domain/rules/yearly.py", "domain/selections.py", "domain/texts.py", "domain/windows.py", "usecases/shapes.py",
)  # fmt: skip
"""The modules that write the other shapes, and all of ours that these import; a test holds it complete."""

_TEMPLATES = ("feed/notice.html", "feed/shortened.html", "email/parts.html")


def unsaid(
    catalog: Catalog, languages: Languages, served: Iterable[str], templates: Templates
) -> Iterator[tuple[str, str]]:
    """Yield a name and a digest (SHA-256, hexadecimal) for each language, and for each feed whatever its language.

    Leads, kinds and collections stand in no entry; what a language's file says of notices does not either.
    """
    program = program_digest(templates)
    for tag in served:
        yield of_language(tag), digest_of_texts(program, languages.digest(tag))
    calendar = catalog.calendar
    common = repr((calendar.id, calendar.published, calendar.zone, calendar.name))
    everything = digest_of_texts(common, repr(calendar.collections), *_members(catalog.events, catalog))
    yield of_feed(addresses.EVERYTHING), everything
    for id_ in sorted({*catalog.collection_ids(), *calendar.collections}):
        members = (event for event in catalog.events if id_ in event.collections)
        yield of_feed(id_), digest_of_texts(common, repr(calendar.collections.get(id_)), *_members(members, catalog))
    for event in catalog.events:
        yield of_feed(f"events/{event.id}"), digest_of_texts(common, *_members([event], catalog))


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


def program_digest(templates: Templates) -> str:
    """Return a digest of what writes the other shapes; none of it is imported for that."""
    package = Path(notifier.__file__).parent
    files = [package / name for name in WRITERS] + [templates.folder / name for name in _TEMPLATES]
    return digest_of_texts(*(file.read_text(encoding="utf-8") if file.exists() else "" for file in files))
