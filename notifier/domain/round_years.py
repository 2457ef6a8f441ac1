"""Round anniversaries: those that planners ask about years ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from notifier.domain.events import Calendar, Event
from notifier.domain.occurrences import Occurrence, occurrences_between

USUAL = (10, 25, 50, 100)
"""What counts as round where a calendar does not say: multiples of these."""


def round_numbers(calendar: Calendar) -> tuple[int, ...]:
    """Return of which numbers a round ordinal is a multiple."""
    return USUAL if calendar.milestones is None else calendar.milestones.every


def round_anniversaries(events: Iterable[Event], every: Iterable[int], start: date, end: date) -> list[Occurrence]:
    """Return what falls in [start, end) and is round, by first day, then by event id.

    What is not counted, and an ordinal below 1, is never round.
    """
    numbers = tuple(every)
    return [one for one in occurrences_between(events, start, end) if _is_round(one.ordinal, numbers)]


def _is_round(ordinal: int | None, every: tuple[int, ...]) -> bool:
    return ordinal is not None and ordinal > 0 and any(ordinal % number == 0 for number in every)
