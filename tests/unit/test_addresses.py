"""Addresses that hold others, and those below another path."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from notifier.domain import addresses


@pytest.mark.parametrize(
    ("base_url", "path"),
    [("https://days.example.org", "/en/"), ("https://example.org/days", "/days/en/"), ("http://[::1]:8000", "/en/")],
)
def test_a_link_on_the_same_host_stands_below_the_path_of_the_base_address(base_url: str, path: str) -> None:
    assert addresses.local(base_url, "/en/") == path


def test_googles_form_is_filled_in_with_one_whole_day() -> None:
    """FEEDS, Subscribe links: one occurrence, with the day after it as its end."""
    title = "Black January: 37th anniversary & more"
    link = addresses.google_event(title, date(2027, 1, 20), date(2027, 1, 21), "https://days.example.org/en/a?b=c")

    assert link.startswith("https://calendar.google.com/calendar/render?action=TEMPLATE&text=")
    assert "&dates=20270120/20270121&details=" in link
    assert parse_qs(urlsplit(link).query) == {
        "action": ["TEMPLATE"],
        "text": [title],
        "dates": ["20270120/20270121"],
        "details": ["https://days.example.org/en/a?b=c"],
    }


def test_a_single_days_file_stands_beside_its_page() -> None:
    assert addresses.occurrence_feed("en", "khojaly", 2027) == "/en/events/khojaly/2027.ics"
