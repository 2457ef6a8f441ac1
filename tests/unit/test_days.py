"""Dates as people write them, and at the ends of all dates."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.domain.days import FarDayError, days_after, parse_day, parse_told_day
from notifier.domain.errors import DayError
from notifier.domain.selections import EVERYTHING
from notifier.usecases.upcoming import upcoming
from tests.factories import make_catalog


@pytest.mark.parametrize("text", ["2027-01-20", "0001-01-01", "9999-12-31", "2028-02-29"])
def test_a_date_is_written_in_full(text: str) -> None:
    assert parse_day(text).isoformat() == text


@pytest.mark.parametrize(
    "text", ["", "2027-1-20", "20270120", "2027-W03-3", "2027-02-29", "0000-01-01", "2027-01-20T00:00", "٢٠٢٧-٠١-٢٠"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DayError, match=r"is not a date; write it as 2027-01-20"):
        parse_day(text)


def test_a_step_beyond_the_dates_there_are_ends_at_the_last_one() -> None:
    assert days_after(date(2027, 1, 20), 7) == date(2027, 1, 27)
    assert days_after(date(9999, 12, 30), 7) == date.max
    assert days_after(date(1, 1, 3), -7) == date.min


def test_what_comes_can_be_asked_for_on_the_last_days_of_all() -> None:
    assert upcoming(make_catalog(), EVERYTHING, date.max, 90) == []
    assert [one.first for one in upcoming(make_catalog(), EVERYTHING, date(9999, 2, 1), 3660)] == [date(9999, 2, 26)]


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_no_message_is_of_a_date_in_other_ages(text: str) -> None:
    with pytest.raises(FarDayError, match=f"no message is of {text}; use a date from 1900-01-01 through 2200-12-31"):
        parse_told_day(text)


@pytest.mark.parametrize("text", ["1900-01-01", "2027-01-20", "2200-12-31"])
def test_one_of_these_may_be(text: str) -> None:
    assert parse_told_day(text).isoformat() == text
