"""When what pages say was last revised, for search engines: as the entries of the feeds were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from notifier.domain import addresses
from notifier.usecases.publish import Site


def page_revisions(site: Site, language: str) -> Mapping[str, datetime]:
    """Return the instants (UTC) by path, of one language: of anniversaries, events, collections and the home page.

    An event's page is as new as the newest of its anniversaries, a list as the newest of what it lists.
    """
    found: dict[str, datetime] = {}
    collections: dict[str, Sequence[str]] = {event.id: event.collections for event in site.catalog.events}
    for written in site.entries.get(language, ()):
        entry = written.entry
        if entry.cancelled or entry.event_id not in collections:
            continue
        lists = (addresses.collection(language, id_) for id_ in collections[entry.event_id])
        whole = (addresses.event(language, entry.event_id), addresses.home(language))
        for path in (entry.path, *whole, *lists):
            revised = entry.revision.revised
            found[path] = max(revised, found.get(path, revised))
    return found
