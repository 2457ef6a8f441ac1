"""Which addresses the other shapes of the feeds have, and what each of them names."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from notifier.content import feed_heads
from notifier.content.feeds import FeedHead
from notifier.content.language import Language, Languages
from notifier.domain import addresses
from notifier.domain.events import Catalog, Event
from notifier.domain.windows import FeedYears

SHAPES = ("atom", "json", "csv")
"""What every calendar feed is also there as; so its address ends."""


class NamedFeed(NamedTuple):
    """What an address names: a shape, the head of the calendar feed it belongs to, and that feed's events.

    `year` is set for a whole year alone, whose shape is `ics`.
    """

    shape: str
    language: Language
    head: FeedHead
    events: tuple[Event, ...]
    year: int | None = None


class ShapePaths(NamedTuple):
    """The addresses of one calendar, in the languages served; `calendars` are those of its calendar feeds."""

    catalog: Catalog
    years: FeedYears
    languages: Languages
    served: tuple[str, ...]
    calendars: Container[str]

    def all(self) -> Iterator[tuple[str, NamedFeed]]:
        """Yield every address, and what it names."""
        events = self.catalog.events
        for tag in self.served:
            language = self.languages[tag]
            for head, members in feed_heads.feed_heads(self.catalog, language):
                for shape in SHAPES:
                    yield shaped(head.path, shape), NamedFeed(shape, language, head, members)
            everything = feed_heads.everything(self.catalog, language)
            yield addresses.feed_list(tag), NamedFeed("opml", language, everything, events)
            for year in self._years():
                yield addresses.year_feed(tag, year), NamedFeed("ics", language, everything, events, year)

    def read(self, path: str) -> NamedFeed | None:
        """Return what an address names, or None for one that names nothing."""
        tag, _, rest = path.removeprefix(addresses.FEEDS).partition("/")
        name, _, shape = rest.rpartition(".")
        if tag not in self.served or not path.startswith(addresses.FEEDS):
            return None
        language = self.languages[tag]
        if shape in SHAPES:
            known = addresses.feed(tag, name) in self.calendars
            found = feed_heads.named(name, self.catalog, language) if known else None
            return None if found is None else NamedFeed(shape, language, *found)
        year = next((year for year in self._years() if path == addresses.year_feed(tag, year)), None)
        if year is None and path != addresses.feed_list(tag):
            return None
        everything = feed_heads.everything(self.catalog, language)
        return NamedFeed("opml" if year is None else "ics", language, everything, self.catalog.events, year)

    def _years(self) -> range:
        return range(self.years.first, self.years.last + 1)


def shaped(path: str, shape: str) -> str:
    """Return the address of a calendar feed's other shape."""
    return f"{path.removesuffix('ics')}{shape}"
