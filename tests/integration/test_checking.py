"""Looking at everything that can be wrong, before anybody reads it."""

from __future__ import annotations

from datetime import UTC, datetime

from notifier.catalog.problems import Severity
from notifier.content.language import Languages
from notifier.content.limits import FeedLimits
from notifier.usecases.check import check_feeds
from notifier.usecases.publish import Publication
from tests.factories import LOCALES, make_catalog

NOW = datetime(2027, 1, 13, 5, 0, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)


def test_a_feed_that_fits_is_not_spoken_of() -> None:
    assert check_feeds(make_catalog(), Publication(LANGUAGES, ("en", "de"), "http://here", 1, 3), NOW, "e.yaml") == []


def test_an_overlong_feed_is_a_warning_with_the_remedy() -> None:
    short = Publication(LANGUAGES, ("de",), "http://here", 1, 3, FeedLimits(entries=6))

    warning, of_the_collection = check_feeds(make_catalog(), short, NOW, "events.yaml")

    assert "/feeds/de/azerbaijan.ics" in str(of_the_collection)
    assert warning.severity is Severity.WARNING
    assert str(warning) == (
        "events.yaml:1:1: warning: /feeds/de/all.ics is too long for many calendar programmes (more than 6 entries or "
        "900,000 octets), so its farthest years are left out and an entry says so; make collections smaller, or set "
        "NOTIFIER_FEED_YEARS_BACK and NOTIFIER_FEED_YEARS_AHEAD lower"
    )
