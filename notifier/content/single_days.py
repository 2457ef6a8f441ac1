"""Single anniversaries as files, each to be taken into a calendar once: the entry of the feeds, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from notifier.content.feeds import Feed, WrittenEntry
from notifier.domain import addresses

# No name, no address and no time to ask again, which are a subscription's: with a name, some programmes put what they
# open into a calendar of its own.
_HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Remembrance notifier//Single days//EN\r\nCALSCALE:GREGORIAN\r\n"
_SUFFIX = ".ics"


class SingleDays(Mapping[str, Feed]):
    """Every anniversary that has a page, by the path of its file.

    A file shares its entry's bytes with the feeds, so one is made whenever it is asked for and none is kept. It is
    dated like its event's feed, which changes whenever the entry does.
    """

    def __init__(
        self,
        entries: Mapping[str, Iterable[WrittenEntry]],
        feeds: Mapping[str, Feed],
        short: Callable[[WrittenEntry], WrittenEntry],
    ) -> None:
        """Take what is published, entries by language and the calendar feeds, and what shortens too long an entry."""
        self._entries = entries
        self._feeds = feeds
        self._short = short

    @cached_property
    def _by_page(self) -> dict[str, WrittenEntry]:
        return {
            written.entry.path: written
            for entries in self._entries.values()
            for written in entries
            if not written.entry.cancelled
        }

    def __getitem__(self, path: str) -> Feed:
        """Return the file. Raises KeyError for an address that is none."""
        if not path.endswith(_SUFFIX):
            raise KeyError(path)
        written = self._by_page[path.removesuffix(_SUFFIX)]
        entry = written.entry
        whole = self._feeds[addresses.event_feed(entry.revision.language, entry.event_id)]
        parts = (_HEAD, *self._short(written).parts, b"END:VCALENDAR\r\n")
        return Feed(path, whole.name, whole.last_modified, parts, disposition="attachment")

    def __contains__(self, path: object) -> bool:
        """Whether there is such a file."""
        return isinstance(path, str) and path.endswith(_SUFFIX) and path.removesuffix(_SUFFIX) in self._by_page

    def __iter__(self) -> Iterator[str]:
        return (f"{page}{_SUFFIX}" for page in self._by_page)

    def __len__(self) -> int:
        return len(self._by_page)
