"""Every page that readers and search engines may find, of one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.domain.occurrences import Occurrence
from notifier.domain.windows import FeedYears


def page_paths(catalog: Catalog, years: FeedYears, published: Iterable[Occurrence], tag: str) -> Iterator[str]:
    """Yield the paths of all pages that need no running service; `published` are the anniversaries in `years`."""
    yield addresses.home(tag)
    yield addresses.outlook(tag)
    yield from (addresses.calendar(tag, year) for year in range(years.first, years.last + 1))
    yield from (addresses.collection(tag, id_) for id_ in catalog.collection_ids())
    yield from (addresses.event(tag, event.id) for event in catalog.events)
    yield from (addresses.occurrence(tag, one.event.id, one.year) for one in published)
