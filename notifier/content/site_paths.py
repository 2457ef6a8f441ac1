"""Every page that readers and search engines may find, of one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.domain.long_lists import LongLists
from notifier.domain.occurrences import Occurrence
from notifier.domain.windows import FeedYears


def page_paths(
    catalog: Catalog, years: FeedYears, published: Iterable[Occurrence], long: LongLists, tag: str
) -> Iterator[str]:
    """Yield the paths of all pages that need no running service; `published` are the anniversaries in `years`.

    `long` are the pages there are because the calendar's lists are long.
    """
    yield addresses.home(tag)
    yield addresses.outlook(tag)
    yield from (addresses.outlook_year(tag, *one) for one in long.outlook)
    yield from (addresses.calendar(tag, year) for year in range(years.first, years.last + 1))
    yield from (addresses.month(tag, *one) for one in long.months)
    yield from (addresses.collection(tag, id_) for id_ in catalog.collection_ids())
    yield from (addresses.collection(tag, *one) for one in long.collections)
    yield from (addresses.event(tag, event.id) for event in catalog.events)
    yield from (addresses.occurrence(tag, one.event.id, one.year) for one in published)
