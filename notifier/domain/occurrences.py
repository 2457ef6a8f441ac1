"""Anniversaries: which fall when, and what their ordinal is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from notifier.domain.days import days_after
from notifier.domain.events import Event, Moved
from notifier.domain.origins import Counting, counting
from notifier.domain.rules.relative import kept_days
from notifier.domain.rules.systems import nominal_year

_NOT_COUNTED = Counting(-10_000, None, None)
"""Without an origin every year is remembered, and none has an ordinal."""

_YEARS_AHEAD = (2, 9, 100)
"""How far ahead the next one is looked for, in steps: most fall every year, 29 February kept in leap years only is
eight years apart around 2100, and a day of a leap month may be for decades."""


_MOVED_AT_MOST = 400
"""How far from a moved day the usual one is looked for, in days."""


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


def usual_day(occurrence: Occurrence) -> date | None:
    """Return the day that a moved anniversary would have been kept on, None where its year has none or is not moved."""
    if occurrence.moved is None:
        return None
    rule, near = occurrence.event.rule, occurrence.first
    around = rule.between(days_after(near, -_MOVED_AT_MOST), days_after(near, _MOVED_AT_MOST + 1))
    return next((day.first for day in around if day.year == occurrence.year), None)


def next_occurrence(event: Event, on: date) -> Occurrence | None:
    """Return the first anniversary of `event` on or after `on`, or None where there is none within a hundred years."""
    for years in _YEARS_AHEAD:
        found = min(_of_event(event, on, days_after(on, 366 * years)), key=lambda one: one.first, default=None)
        if found is not None:
            return found
    return None


def ordinal_of(event: Event, year: int) -> int | None:
    """Return which anniversary the nominal year has; None where it is not said what would be counted, or from when."""
    counted = counting_of(event).ordinal_from
    return None if event.counts is None or counted is None else year - counted


def counting_of(event: Event) -> Counting:
    """Return from when an event's anniversaries are counted, in the years of its own calendar."""
    return _NOT_COUNTED if event.origin is None else counting(event.origin, event.rule.system)


def is_estimated(event: Event, year: int) -> bool:
    """Whether the date of a nominal year is calculated, and not confirmed yet."""
    return event.rule.estimated and year not in event.confirmed


def beyond_table(events: Iterable[Event], end: date) -> list[tuple[Event, date]]:
    """Return the events whose days cannot be told up to `end`, each with the first day that cannot be.

    What is no longer kept by then (`until`) is not among them.
    """
    ends = ((event, event.rule.table_ends) for event in events)
    return [
        (event, day)
        for event, day in ends
        if day is not None and day < end and not (event.until is not None and _is_over(event, day))
    ]


def _is_over(event: Event, day: date) -> bool:
    return event.until is not None and nominal_year(event.rule.system, day) > event.until


def _of_event(event: Event, start: date, end: date) -> Iterator[Occurrence]:
    until, exceptions, estimated = event.until, event.exceptions, event.rule.estimated
    after_year, after_day, ordinal_from = counting_of(event)
    if event.counts is None:
        ordinal_from = None
    for year, first, last in kept_days(event.rule, {y: moved.date for y, moved in exceptions.items()}, start, end):
        if year <= after_year or (after_day is not None and first <= after_day) or (until is not None and year > until):
            continue
        yield Occurrence(
            event,
            year,
            first,
            last,
            None if ordinal_from is None else year - ordinal_from,
            estimated and year not in event.confirmed,
            exceptions.get(year),
        )
