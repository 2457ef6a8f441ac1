"""Round anniversaries: what a calendar calls so, and those that planners ask about years ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from notifier.domain.events import Calendar, Catalog, Event
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.domain.windows import FeedYears

UNSAID = (5,)
"""What is round in a built calendar where the calendar does not say which milestones it has: multiples of this."""

USUAL = (10, 25)
"""What planners call round whatever the calendar's milestones are; 50 and 100 are among their multiples."""

YEARS_AHEAD = 5
"""How many whole years after the present one planners are shown."""


def milestone_numbers(calendar: Calendar) -> tuple[int, ...]:
    """Return of which numbers an anniversary is a multiple that a calendar calls round; none is one of another's."""
    return _fewest(UNSAID if calendar.milestones is None else calendar.milestones.every)


def planners_numbers(calendar: Calendar) -> tuple[int, ...]:
    """Return of which numbers an anniversary is a multiple that planners are shown: the usual ones and milestones."""
    own = () if calendar.milestones is None else calendar.milestones.every
    return _fewest((*USUAL, *own))


def coming_rounds(catalog: Catalog, years: FeedYears) -> list[Occurrence]:
    """Return what planners are shown: from the beginning of the present year to the end of the fifth after it."""
    start, end = date(years.seen_from, 1, 1), date(years.seen_from + YEARS_AHEAD + 1, 1, 1)
    return round_anniversaries(catalog.events, planners_numbers(catalog.calendar), start, end)


def round_anniversaries(events: Iterable[Event], every: Iterable[int], start: date, end: date) -> list[Occurrence]:
    """Return what falls in [start, end) and is round, by first day, then by event id.

    What is not counted, and an ordinal below 1, is never round.
    """
    numbers = tuple(every)
    return [one for one in occurrences_between(events, start, end) if _is_round(one.ordinal, numbers)]


def _is_round(ordinal: int | None, every: tuple[int, ...]) -> bool:
    return ordinal is not None and ordinal > 0 and any(ordinal % number == 0 for number in every)


def _fewest(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the numbers that have the same multiples, smallest first: 10 and 25 for 10, 25, 50 and 100."""
    found: list[int] = []
    for number in sorted(set(numbers)):
        if all(number % smaller for smaller in found):
            found.append(number)
    return tuple(found)
