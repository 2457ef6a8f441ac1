"""Where the feeds and files of renamed events were, and where a redirect leads from there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from notifier.domain import addresses
from notifier.domain.events import Catalog
from notifier.domain.occurrences import Occurrence
from notifier.usecases.shape_paths import SHAPES


def moved(
    catalog: Catalog, languages: Sequence[str], base_url: str, occurrences: Iterable[Occurrence]
) -> Iterator[tuple[str, str]]:
    """Yield every former path, and what a redirect from it names: a path that begins with that of the base address.

    `occurrences` are the anniversaries published.
    """
    present = {event.id for event in catalog.events}
    years: dict[str, list[int]] = {}
    for occurrence in occurrences:
        years.setdefault(occurrence.event.id, []).append(occurrence.year)
    for event in catalog.events:
        for former in event.was:
            if former not in present:
                for path in _paths(languages, years.get(event.id, ())):
                    yield path(former), addresses.local(base_url, path(event.id))


def _paths(languages: Sequence[str], years: Sequence[int]) -> Iterator[Callable[[str], str]]:
    """Yield every path that an event's id is part of, as a function of the id."""
    for tag in languages:
        for shape in ("ics", *SHAPES):
            yield partial(addresses.event_feed, tag, shape=shape)
        for year in years:
            yield partial(addresses.occurrence_feed, tag, year=year)
