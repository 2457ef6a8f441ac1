"""Feeds that were made when somebody asked for them, kept for whoever asks next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from notifier.content.feeds import Feed


class KeptFeeds:
    """At most so many bytes of feeds; the one asked for longest ago goes first.

    One is made at a time: whoever asks for the same feed meanwhile gets that one, and what is there already is had
    without waiting.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._feeds: OrderedDict[str, Feed] = OrderedDict()
        self._lock, self._making = Lock(), Lock()

    def __contains__(self, path: str) -> bool:
        """Whether the feed is there already."""
        return path in self._feeds

    def get(self, path: str, make: Callable[[], Feed]) -> Feed:
        """Return the feed, made now if it is not there."""
        feed = self.find(path)
        if feed is None:
            with self._making:
                feed = self.find(path) or self._keep(path, make())
        return feed

    def find(self, path: str) -> Feed | None:
        """Return the feed if it is there already, without waiting for one that is being made."""
        with self._lock:
            if path in self._feeds:
                self._feeds.move_to_end(path)
            return self._feeds.get(path)

    def _keep(self, path: str, feed: Feed) -> Feed:
        with self._lock:
            self._feeds[path] = feed
            self._bytes += _size(feed)
            while self._bytes > self._most_bytes and len(self._feeds) > 1:
                _, oldest = self._feeds.popitem(last=False)
                self._bytes -= _size(oldest)
        return feed


def _size(feed: Feed) -> int:
    return sum(map(len, feed.parts))
