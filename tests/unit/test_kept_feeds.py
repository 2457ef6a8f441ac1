"""Feeds kept after they were made: each made once, the one asked for longest ago dropped first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from notifier.content.feeds import Feed
from notifier.usecases.kept_feeds import KeptFeeds


def a_feed(path: str, size: int = 100) -> Feed:
    return Feed(path, path, datetime(2027, 1, 1, tzinfo=UTC), (b"x" * size,))


def test_a_feed_is_made_once() -> None:
    kept, made = KeptFeeds(1_000), []

    def make() -> Feed:
        made.append("a")
        return a_feed("a")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kept.get("a", make), range(50)))

    assert made == ["a"]
    assert all(feed is found[0] for feed in found)


def test_the_feed_asked_for_longest_ago_makes_room() -> None:
    kept = KeptFeeds(250)
    for path in ("a", "b", "a", "c"):
        kept.get(path, lambda path=path: a_feed(path))  # type: ignore[misc]

    assert [path for path in "abc" if path in kept] == ["a", "c"]


def test_a_feed_larger_than_all_room_is_kept_until_the_next_one_comes() -> None:
    kept = KeptFeeds(250)
    kept.get("large", lambda: a_feed("large", 1_000))
    assert "large" in kept

    kept.get("small", lambda: a_feed("small"))
    assert "large" not in kept
    assert "small" in kept


def test_a_feed_that_could_not_be_made_is_tried_again() -> None:
    kept = KeptFeeds(250)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: a_feed("a", 1 // 0))

    assert kept.get("a", lambda: a_feed("a")).path == "a"
