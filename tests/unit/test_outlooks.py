"""Digests: on which dates they come, and what they look ahead to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.occurrences import occurrences_between
from notifier.domain.outlooks import DIGESTS, digest_due, last_digest, outlook
from tests.factories import black_january, khojaly

MONDAY = date(2027, 1, 11)


@pytest.mark.parametrize(
    ("digest", "covered", "on", "due"),
    [
        ("weekly:mon", date(2027, 1, 10), MONDAY, True),
        ("weekly:mon", MONDAY, date(2027, 1, 17), False),
        ("weekly:mon", date(2027, 1, 10), date(2027, 1, 14), True),
        ("weekly:sun", date(2027, 1, 9), date(2027, 1, 10), True),
        ("weekly:sun", date(2027, 1, 10), MONDAY, False),
        ("monthly", date(2027, 1, 31), date(2027, 2, 1), True),
        ("monthly", date(2027, 2, 1), date(2027, 2, 28), False),
        ("monthly", date(2027, 1, 31), date(2027, 2, 28), True),
        ("none", date(2020, 1, 1), MONDAY, False),
    ],
)
def test_a_digest_comes_on_its_weekday_or_on_the_first_and_with_the_catch_up(
    digest: str, covered: date, on: date, *, due: bool
) -> None:
    """Asked for in nextcloud/server#1505 and healthchecks#1201: weekly or monthly beside single notices."""
    assert digest_due(digest, covered, on) is due


@given(st.sampled_from(DIGESTS), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_day_by_day_a_digest_comes_once_a_week_or_month(digest: str, start: date) -> None:
    days = [start + timedelta(days=n) for n in range(1, 400)]
    found = [day for day in days if digest_due(digest, day - timedelta(days=1), day)]

    assert all(last_digest(digest, day) == day for day in found)
    expected = {"none": {0}, "monthly": {13, 14}}.get(digest, {57})
    assert len(found) in expected


@pytest.mark.parametrize("digest", DIGESTS)
def test_the_first_date_of_all_has_no_digest_before_it(digest: str) -> None:
    assert last_digest(digest, date.min) in {None, date.min}


def test_it_looks_five_weeks_ahead_and_not_back() -> None:
    occurrences = occurrences_between((black_january(), khojaly()), date(2027, 1, 1), date(2027, 12, 31))

    def seen(on: date) -> list[tuple[str, int]]:
        return [(notice.occurrence.event.id, notice.days) for notice in outlook(occurrences, on)]

    assert seen(date(2027, 1, 20)) == [("black-january", 0)]
    assert seen(date(2027, 1, 21)) == []
    assert seen(date(2027, 1, 22)) == [("khojaly", 35)]
    assert seen(date(2026, 12, 16)) == [("black-january", 35)]
    assert seen(date(2026, 12, 15)) == []
