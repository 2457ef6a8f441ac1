"""The rule behind dates, found and proved."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.catalog.importers.finding import find_but_for_some, find_rule
from notifier.domain.rules.grammar import parse_rule

FIRST, LAST = date(2000, 1, 1), date(2035, 12, 31)


def days_of(rule: str) -> list[date]:
    return [day.first for day in parse_rule(rule).between(FIRST, LAST)]


@pytest.mark.parametrize(
    "rule",
    [
        "20 January",
        "second Sunday of November",
        "last Monday of May",
        "Wednesday before 23 November",
        "Easter",
        "Easter - 2 days",
        "Easter + 1 day",
        "Orthodox Easter + 9 days",
    ],
)
def test_the_rule_that_gave_the_days_is_found_again(rule: str) -> None:
    found = find_rule(days_of(rule), FIRST, LAST)

    assert found is not None
    assert (found.rule, found.differ) == (str(parse_rule(rule)), ())


def test_days_that_no_rule_gives_have_none() -> None:
    days = days_of("20 January")
    days[7] = date(2007, 3, 2)

    assert find_rule(days, FIRST, LAST) is None


def test_a_missing_year_is_no_rule() -> None:
    days = days_of("20 January")
    del days[7]

    assert find_rule(days, FIRST, LAST) is None


def test_four_days_are_too_few() -> None:
    assert find_rule(days_of("20 January")[:4], FIRST, date(2003, 12, 31)) is None


def test_which_of_two_weekdays_is_meant_is_not_guessed() -> None:
    """In these five years the fourth Monday of May was the last one too."""
    days = [date(2007, 5, 28), date(2012, 5, 28), date(2018, 5, 28)] * 2

    assert find_rule(sorted(set(days)), date(2007, 1, 1), date(2018, 12, 31)) is None


def test_a_day_that_was_moved_in_a_single_year_keeps_its_rule() -> None:
    """The first Monday of May was kept on the Friday of 8 May 2020 in the United Kingdom."""
    days = days_of("first Monday of May")
    days[20] = date(2020, 5, 8)

    found = find_but_for_some(days, date(2026, 1, 1), LAST)

    assert found is not None
    assert (found.rule, found.differ) == ("first Monday of May", ((2020, date(2020, 5, 8)),))
