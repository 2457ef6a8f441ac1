"""How often messages may come back."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.domain.bounces import BounceScore

TUESDAY, WEDNESDAY = date(2027, 1, 12), date(2027, 1, 13)


def test_the_first_message_that_comes_back_counts_one() -> None:
    assert BounceScore().raised(TUESDAY, 0) == BounceScore(1, TUESDAY)


def test_a_date_counts_once_whatever_else_comes_back_on_it() -> None:
    assert BounceScore(1, TUESDAY).raised(TUESDAY, 0) == BounceScore(1, TUESDAY)


def test_the_next_date_counts_one_more() -> None:
    assert BounceScore(1, TUESDAY).raised(WEDNESDAY, 0) == BounceScore(2, WEDNESDAY)


def test_a_clock_that_was_set_back_counts_no_date_twice() -> None:
    assert BounceScore(1, WEDNESDAY).raised(TUESDAY, 0) == BounceScore(1, WEDNESDAY)


# listmonk#2770: old bounces are forgotten
@pytest.mark.parametrize(("went_well", "count"), [(0, 5), (2, 5), (3, 1), (40, 1)])
def test_three_messages_that_went_well_make_what_came_back_before_forgotten(went_well: int, count: int) -> None:
    assert BounceScore(4, TUESDAY).raised(WEDNESDAY, went_well) == BounceScore(count, WEDNESDAY)
