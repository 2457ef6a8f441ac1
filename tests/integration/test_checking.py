"""Looking at everything that can be wrong, before anybody reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notifier.catalog.problems import Severity
from notifier.content.language import Languages
from notifier.content.limits import FeedLimits
from notifier.domain.events import Catalog, Kind, Release, Statement
from notifier.services import open_services
from notifier.settings import Settings
from notifier.usecases.check import check_feeds, check_operator
from notifier.usecases.publish import Publication
from tests.factories import LOCALES, khojaly, make_catalog, text

NOW = datetime(2027, 1, 13, 5, 0, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)


BY_HAND = make_catalog(release={Kind.MOURNING: Release.BY_HAND})


@pytest.mark.parametrize(
    ("catalog", "operator", "warned"), [(BY_HAND, "", 1), (BY_HAND, "office@example.org", 0), (make_catalog(), "", 0)]
)
def test_what_is_released_by_hand_needs_somebody_who_is_told(catalog: Catalog, operator: str, warned: int) -> None:
    problems = check_operator(lambda: catalog, operator)

    assert len(problems) == warned
    for problem in problems:
        assert problem.severity is Severity.WARNING
        assert str(problem).startswith("NOTIFIER_OPERATOR:1:1: warning: ")
        assert "are released by hand and nobody is told" in str(problem)


def test_a_feed_that_fits_is_not_spoken_of() -> None:
    assert check_feeds(make_catalog(), Publication(LANGUAGES, ("en", "de"), "http://here", 1, 3), NOW, "e.yaml") == []


def test_a_feed_whose_texts_alone_are_shortened_is_a_warning_too() -> None:
    account = Statement(text(en="Soldiers entered the town. " * 50_000), None, ())
    catalog = make_catalog(replace(khojaly(), summary=(account,)))

    warnings = check_feeds(catalog, Publication(LANGUAGES, ("en",), "http://here", 1, 3), NOW, "events.yaml")

    assert [str(one).split()[2] for one in warnings] == [
        "/feeds/en/all.ics", "/feeds/en/azerbaijan.ics", "/feeds/en/events/khojaly.ics",
    ]  # fmt: skip


def test_an_overlong_feed_is_a_warning_with_the_remedy() -> None:
    short = Publication(LANGUAGES, ("de",), "http://here", 1, 3, FeedLimits(entries=6))

    warning, of_the_collection = check_feeds(make_catalog(), short, NOW, "events.yaml")

    assert "/feeds/de/azerbaijan.ics" in str(of_the_collection)
    assert warning.severity is Severity.WARNING
    assert str(warning) == (
        "events.yaml:1:1: warning: /feeds/de/all.ics is too long for many calendar programmes (more than 6 entries or "
        "900,000 octets), so far years are left out or texts shortened, and an entry says so; make collections "
        "smaller, texts shorter, or set NOTIFIER_FEED_YEARS_BACK and NOTIFIER_FEED_YEARS_AHEAD lower"
    )


# An event's longest feed address is this long without the base address.
LONGEST = len("/feeds/en/events/black-january.atom")


@pytest.mark.parametrize(("characters", "warnings"), [(255, 0), (256, 1)])
def test_an_address_that_calendars_do_not_take_is_a_warning(characters: int, warnings: int) -> None:
    """FEEDS, HTTP: Google fails silently past 255 characters."""
    said = (
        "NOTIFIER_BASE_URL:1:1: warning: the address of /feeds/en/events/black-january.atom has 256 characters, and "
        "calendars take at most 255: set a shorter NOTIFIER_BASE_URL"
    )
    base_url = "https://".ljust(characters - LONGEST, "a")
    publication = Publication(LANGUAGES, ("en",), base_url, 1, 3)

    assert [str(problem) for problem in check_feeds(make_catalog(), publication, NOW, "events.yaml")] == [
        said
    ] * warnings


def test_a_start_warns_of_it_too(tmp_path: Path) -> None:
    fields = {"database_url": f"sqlite:///{tmp_path}/notifier.db", "secret": ("s" * 32,)}
    for base_url, warnings in (("https://days.example.org", 0), (f"https://{'a' * 250}.org", 1)):
        with open_services(Settings.model_validate({**fields, "base_url": base_url}), lambda: NOW) as services:
            services.start(NOW)
            assert len(services.published.address_warnings()) == warnings
