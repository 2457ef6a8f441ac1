"""When what pages say was last revised, for search engines: as the entries of the feeds were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from notifier.domain import addresses
from notifier.domain.long_lists import collection_parts, most_of
from notifier.usecases.publish import Site


def page_revisions(site: Site, language: str) -> Mapping[str, datetime]:
    """Return the instants (UTC) by path, of one language: of anniversaries, events, collections and the home page.

    An event's page is as new as the newest of its anniversaries, a list and each part of it as the newest of what the
    whole list has.
    """
    found: dict[str, datetime] = {}
    lists_of: dict[str, list[str]] = {
        id_: [addresses.collection(language, id_)] for id_ in site.catalog.collection_ids()
    }
    for id_, part in collection_parts(site.catalog, most_of(site.catalog)):
        lists_of[id_].append(addresses.collection(language, id_, part))
    collections: dict[str, Sequence[str]] = {event.id: event.collections for event in site.catalog.events}
    for written in site.entries.get(language, ()):
        entry = written.entry
        if entry.cancelled or entry.event_id not in collections:
            continue
        lists = (path for id_ in collections[entry.event_id] for path in lists_of[id_])
        whole = (addresses.event(language, entry.event_id), addresses.home(language))
        for path in (entry.path, *whole, *lists):
            revised = entry.revision.revised
            found[path] = max(revised, found.get(path, revised))
    return found
