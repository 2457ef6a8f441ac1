"""Texts as long as books: nothing that is published of a day is longer than programmes take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from notifier.content.feeds import Feed
from notifier.content.limits import MOST_OCTETS
from notifier.domain.events import Statement
from tests.factories import black_january, make_catalog, text
from tests.integration.publishing import HOST, Publisher, migrated
from tests.integration.reading_feeds import read_calendar, read_day

BOOK = "Soldiers entered; it was winter. " * 40_000


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Feed]:
    """Everything that is published of one event with an account of 1.3 MB, by its address."""
    event = replace(black_january(), summary=(Statement(text(en=BOOK), None, ()),))
    with migrated(tmp_path_factory.mktemp("long")) as engine:
        site = Publisher.of(engine, ("en",), years_ahead=1).publish(make_catalog(event))
    return {path: feed for feeds in (site.feeds, site.shapes or {}, site.days) for path, feed in feeds.items()}


def test_nothing_is_longer_than_programmes_take(feeds: Mapping[str, Feed]) -> None:
    assert {path: len(feed.identity) for path, feed in feeds.items() if len(feed.identity) > MOST_OCTETS} == {}


def test_a_day_alone_has_as_much_of_its_text_as_in_a_feed_and_leads_to_its_page(feeds: Mapping[str, Feed]) -> None:
    (alone,) = read_day(feeds["/en/events/black-january/2027.ics"].identity).entries.values()
    together = read_calendar(feeds["/feeds/en/events/black-january.ics"].identity).entries

    assert alone.description.endswith(f"{HOST}/en/events/black-january/2027")
    assert "Soldiers entered; it was winter." in alone.description
    assert alone.description == together["black-january.2027@remembrance.example.org"].description
