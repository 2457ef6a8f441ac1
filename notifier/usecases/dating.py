"""Last-Modified of every feed: kept while the content is equal, and never going back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from notifier.content.feeds import FeedHead, WrittenEntry, feed_digest
from notifier.domain import addresses
from notifier.domain.events import Catalog, Kind
from notifier.domain.revisions import later_than, start_of
from notifier.domain.windows import FeedYears, turned_at
from notifier.storage.revisions import FeedState


class Dating:
    """The feeds of one catalog against what was kept of earlier ones, at one instant.

    `changed` gathers the states that have to be kept anew.
    """

    def __init__(self, catalog: Catalog, years: FeedYears, kept: Mapping[str, FeedState], now: datetime) -> None:
        self.catalog = catalog
        self.years = years
        self.changed: dict[str, FeedState] = {}
        self._kept = kept
        self._now = now
        self._dated: set[str] = set()
        # A feed begins no earlier than its calendar, and changes when the years do.
        self._least = (start_of(catalog.calendar.published), turned_at(years, catalog.calendar.zone))

    def last_modified(self, head: FeedHead, entries: Sequence[WrittenEntry]) -> datetime:
        """Return when the feed last changed (UTC, whole seconds), and note it down where it has changed now.

        What a fresh database answers depends on nothing but the year; so two of them answer alike.
        """
        self._dated.add(head.path)
        state = FeedState(feed_digest(head, entries, self.years), self._now, _written(head))
        kept = self._kept.get(head.path)
        if kept is not None and kept.digest == state.digest:
            modified = kept.last_modified
        else:
            instants = (*self._least, *(written.entry.revision.revised for written in entries))
            modified = max(instant for instant in instants if instant <= self._now)
            if kept is not None and modified <= kept.last_modified:
                modified = later_than(kept.last_modified, self._now)
        state = replace(state, last_modified=modified)
        if state != kept:
            self.changed[head.path] = state
        return modified

    def changed_at(self, name: str, digest: str) -> datetime:
        """Return when something with this digest last changed, and note it down where it has changed now."""
        kept = self._kept.get(name)
        if kept is not None and kept.digest == digest:
            return kept.last_modified
        instant = min(self._least) if kept is None else later_than(kept.last_modified, self._now)
        self.changed[name] = FeedState(digest, instant)
        return instant

    def said_at(self, path: str, digest: str, calendar: str) -> datetime:
        """Return when a feed that says nothing but what `digest` is of last changed, and note it down.

        Like `last_modified`, it is the same in every fresh database. `calendar` is the calendar feed that the feed was
        dated by where nothing is kept of its own: so it never goes back.
        """
        kept = self._kept.get(path)
        if kept is not None and kept.digest == digest:
            return kept.last_modified
        kept = kept or self._kept.get(calendar)
        modified = max(instant for instant in self._least if instant <= self._now)
        if kept is not None and modified <= kept.last_modified:
            modified = later_than(kept.last_modified, self._now)
        self.changed[path] = FeedState(digest, modified)
        return modified

    def forget(self) -> None:
        """Have nothing kept of what other feeds than those dated here said of themselves: they are gone."""
        for path, kept in self._kept.items():
            if kept.head is not None and path not in self._dated:
                self.changed[path] = replace(kept, head=None)

    def last_head(self, path: str, tag: str) -> FeedHead | None:
        """Return what a feed said of itself, whose events were all taken out since; None where that was not kept.

        It belongs to the first page now.
        """
        kept = self._kept.get(path)
        if kept is None or kept.head is None:
            return None
        uid, name, description, kind = json.loads(kept.head)
        return FeedHead(path, addresses.home(tag), uid, name, description, Kind(kind))


def _written(head: FeedHead) -> str:
    return json.dumps([head.uid, head.name, head.description, str(head.kind)], ensure_ascii=False)
