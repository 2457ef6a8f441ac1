"""Anniversaries: which fall when, and what their ordinal is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.domain.events import Event, Moved
from notifier.domain.rules import RuleDay

_SEARCH = timedelta(days=400)
"""How far from a moved day the day it was moved from is looked for."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One anniversary of an event.

    `year` is the nominal year in the event's own calendar; `first` and `last` are Gregorian and inclusive. `ordinal`
    is None where it is not said what it would count.
    """

    event: Event
    year: int
    first: date
    last: date
    ordinal: int | None
    estimated: bool
    moved: Moved | None = None


def occurrences_between(events: Iterable[Event], start: date, end: date) -> list[Occurrence]:
    """Return what is remembered in [start, end), by first day, then by event id.

    An event is not remembered before the year after it happened, nor after its last year (`until`).
    """
    found = [occurrence for event in events for occurrence in _of_event(event, start, end)]
    found.sort(key=lambda occurrence: (occurrence.first, occurrence.event.id))
    return found


def next_occurrence(event: Event, on: date, within: timedelta = timedelta(days=366 * 9)) -> Occurrence | None:
    """Return the first anniversary of `event` on or after `on`, or None where there is none `within`.

    Nine years: 29 February kept in leap years only is eight years apart around 1900 and 2100.
    """
    end = date.max if date.max - on <= within else on + within
    return min(_of_event(event, on, end), key=lambda occurrence: occurrence.first, default=None)


def ordinal_of(event: Event, year: int) -> int | None:
    """Return which anniversary the nominal year has; None where it is not said what would be counted."""
    return year - event.origin.year if event.origin is not None and event.counts is not None else None


def is_estimated(event: Event, year: int) -> bool:
    """Whether the date of a nominal year is calculated, and not confirmed yet."""
    return event.rule.estimated and year not in event.confirmed


def _of_event(event: Event, start: date, end: date) -> Iterator[Occurrence]:
    origin, until = event.origin, event.until
    for day, moved in _days(event, start, end):
        if (origin is not None and day.year <= origin.year) or (until is not None and day.year > until):
            continue
        ordinal, estimated = ordinal_of(event, day.year), is_estimated(event, day.year)
        yield Occurrence(event, day.year, day.first, day.last, ordinal, estimated, moved)


def _days(event: Event, start: date, end: date) -> Iterator[tuple[RuleDay, Moved | None]]:
    for day in event.rule.between(start, end):
        if day.year not in event.exceptions:
            yield day, None
    for year, moved in event.exceptions.items():
        if start <= moved.date < end:
            yield RuleDay(year, moved.date, moved.date + _length(event, year, moved.date)), moved


def _length(event: Event, year: int, near: date) -> timedelta:
    """Return how long the day kept in `year` lasts beyond its first day."""
    for day in event.rule.between(near - _SEARCH, near + _SEARCH):
        if day.year == year:
            return day.last - day.first
    return timedelta()
