"""Round anniversaries: multiples of what the calendar says, and of nothing else."""

from __future__ import annotations

from datetime import date

from notifier.domain.events import Milestones
from notifier.domain.round_years import USUAL, milestone_numbers, planners_numbers, round_anniversaries
from tests.factories import black_january, khojaly, make_calendar, make_event


def rounds(*every: int, until: int = 2045) -> list[tuple[str, int | None]]:
    events = (black_january(), khojaly())
    found = round_anniversaries(events, every, date(2027, 1, 1), date(until, 1, 1))
    return [(one.event.id, one.ordinal) for one in found]


def test_multiples_are_round_soonest_first() -> None:
    assert rounds(25) == [("black-january", 50), ("khojaly", 50)]
    assert rounds(10, 25, until=2041) == [
        ("black-january", 40),
        ("khojaly", 40),
        ("black-january", 50),
    ]


def test_what_is_not_counted_is_never_round() -> None:
    uncounted = make_event(counts=None)

    assert round_anniversaries([uncounted], USUAL, date(2027, 1, 1), date(2100, 1, 1)) == []


def test_the_calendar_says_what_is_round() -> None:
    assert milestone_numbers(make_calendar()) == (5,)
    assert milestone_numbers(make_calendar(milestones=Milestones((30,), (365,)))) == (30,)


def test_planners_see_the_tens_and_the_quarters_of_a_century_whatever_the_milestones_are() -> None:
    assert planners_numbers(make_calendar()) == (10, 25)
    assert planners_numbers(make_calendar(milestones=Milestones((25, 50, 100), (365,)))) == (10, 25)
    assert planners_numbers(make_calendar(milestones=Milestones((40, 33), (365,)))) == (10, 25, 33)


def test_no_number_is_named_that_is_a_multiple_of_another() -> None:
    assert planners_numbers(make_calendar(milestones=Milestones((5,), (365,)))) == (5,)
    assert milestone_numbers(make_calendar(milestones=Milestones((100, 25, 50, 25), (365,)))) == (25,)
