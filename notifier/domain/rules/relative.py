"""Days told by another day: so many days before it, a weekday beside it, moved off some weekdays, another event's.

All count years as the day they are told by does: what is kept a week before 1 January 2028 is that of 2028.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from notifier.domain.days import days_after
from notifier.domain.rules import CalendarSystem, Rule, RuleDay
from notifier.domain.rules.easter import EasterDay
from notifier.domain.rules.gregorian import ORDINALS, WEEKDAYS

MOST_DAYS = 400
"""How far a day may lie from the one it is told by."""

LONGEST = 60
"""Days in the longest span."""

_MOVED = 400
"""How far from a moved day the day it was moved from is looked for, in days."""


class Following:
    """What a rule takes over from the one it is told by."""

    __slots__ = ()
    base: Rule

    @property
    def estimated(self) -> bool:
        """Whether the day it is told by is calculated."""
        return self.base.estimated

    @property
    def system(self) -> CalendarSystem:
        """The calendar of the day it is told by."""
        return self.base.system

    @property
    def table_ends(self) -> date | None:
        """Where the table of the day it is told by ends."""
        return self.base.table_ends


def told_by(
    base: Rule, start: date, end: date, reach: int, move: Callable[[RuleDay], RuleDay | None]
) -> Iterator[RuleDay]:
    """Yield what `move`, which moves by `reach` days at most, makes of the base's days and lies in [start, end)."""
    moved = map(move, base.between(days_after(start, -reach), days_after(end, reach)))
    yield from sorted((day for day in moved if day is not None and start <= day.first < end), key=_first)


def _first(day: RuleDay) -> date:
    return day.first


def _step(day: date, days: int) -> date | None:
    """Return the date so many days after `day`, None beyond the dates there are."""
    there = days_after(day, days)
    return there if (there - day).days == days else None


def days_text(n: int) -> str:
    """Return `1 day` or `7 days`."""
    return f"{n} day" if n == 1 else f"{n} days"


@dataclass(frozen=True, slots=True)
class DaysBeside(Following):
    """So many days after another day, or before it where `days` is negative.

    Of a base that lasts several days, those before count from its first, those after from its last.
    """

    base: Rule
    days: int

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        return told_by(self.base, start, end, abs(self.days) + LONGEST, self._moved)

    def _moved(self, day: RuleDay) -> RuleDay | None:
        there = _step(day.first if self.days < 0 else day.last, self.days)
        return None if there is None else RuleDay(day.year, there, there)

    def __str__(self) -> str:
        """Return the rule as it is written: `Easter - 2 days`, `7 days before event:yom-hashoah`."""
        days = days_text(abs(self.days))
        if isinstance(self.base, EasterDay):
            return f"{self.base} {'-' if self.days < 0 else '+'} {days}"
        return f"{days} {'before' if self.days < 0 else 'after'} {self.base}"


class Side(StrEnum):
    """On which side of a day a weekday is sought."""

    BEFORE = "before"
    ON_OR_BEFORE = "on or before"
    AFTER = "after"
    ON_OR_AFTER = "on or after"

    @property
    def backwards(self) -> bool:
        """Whether it is sought before the day."""
        return self in {Side.BEFORE, Side.ON_OR_BEFORE}


@dataclass(frozen=True, slots=True)
class WeekdayBeside(Following):
    """The `nth` (from 1) such weekday before or after another day: the fourth Sunday before 25 December."""

    nth: int
    weekday: int
    side: Side
    base: Rule

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        return told_by(self.base, start, end, 7 * self.nth + LONGEST, self._moved)

    def _moved(self, day: RuleDay) -> RuleDay | None:
        backwards, from_ = self.side.backwards, day.first if self.side.backwards else day.last
        steps = (from_.weekday() - self.weekday) % 7 if backwards else (self.weekday - from_.weekday()) % 7
        if steps == 0 and self.side in {Side.BEFORE, Side.AFTER}:
            steps = 7
        steps += 7 * (self.nth - 1)
        there = _step(from_, -steps if backwards else steps)
        return None if there is None else RuleDay(day.year, there, there)

    def __str__(self) -> str:
        """Return the rule as it is written; the first one is written without a number."""
        nth = "" if self.nth == 1 else f"{ORDINALS[self.nth - 1]} "
        return f"{nth}{WEEKDAYS[self.weekday]} {self.side} {self.base}"


@dataclass(frozen=True, slots=True)
class OffWeekdays(Following):
    """A day moved where it falls on certain weekdays; each is tested on the day before it is moved.

    `moves` are weekdays, each once, and by how many days, negative for earlier.
    """

    base: Rule
    moves: tuple[tuple[int, int], ...]

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        reach = max((abs(days) for _, days in self.moves), default=0)
        return told_by(self.base, start, end, reach, self._moved)

    def _moved(self, day: RuleDay) -> RuleDay | None:
        days = dict(self.moves).get(day.first.weekday(), 0)
        first, last = _step(day.first, days), _step(day.last, days)
        return None if first is None or last is None else RuleDay(day.year, first, last)

    def __str__(self) -> str:
        """Return the rule as it is written: `27 Nisan, if Friday 1 day earlier, if Sunday 1 day later`."""
        moves = (
            f", if {WEEKDAYS[weekday]} {days_text(abs(days))} {'earlier' if days < 0 else 'later'}"
            for weekday, days in self.moves
        )
        return f"{self.base}{''.join(moves)}"


@dataclass(frozen=True, slots=True)
class EventDay:
    """The days of another event, by its rule and with its single years that are kept on another day.

    `target` and `moved` (nominal years and first days) are known once all files are read; without them it never falls.
    """

    event: str
    target: Rule | None = None
    moved: tuple[tuple[int, date], ...] = ()

    @property
    def estimated(self) -> bool:
        """Whether the other event's days are calculated."""
        return self.target is not None and self.target.estimated

    @property
    def system(self) -> CalendarSystem:
        """The other event's calendar."""
        return CalendarSystem.GREGORIAN if self.target is None else self.target.system

    @property
    def table_ends(self) -> date | None:
        """Where the table of the other event's calendar ends."""
        return None if self.target is None else self.target.table_ends

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        if self.target is not None:
            yield from kept_days(self.target, dict(self.moved), start, end)

    def __str__(self) -> str:
        """Return the rule as it is written: `event:yom-hashoah`."""
        return f"event:{self.event}"


def kept_days(rule: Rule, moved: dict[int, date], start: date, end: date) -> Iterator[RuleDay]:
    """Yield a rule's days in [start, end), soonest first, the `moved` nominal years on the days they are moved to."""
    if not moved:
        yield from rule.between(start, end)
        return
    days = [day for day in rule.between(start, end) if day.year not in moved]
    for year, first in moved.items():
        if start <= first < end:
            days.append(RuleDay(year, first, days_after(first, _length(rule, year, first))))
    yield from sorted(days, key=_first)


def _length(rule: Rule, year: int, near: date) -> int:
    """Return how many days the day kept in `year` lasts beyond its first."""
    for day in rule.between(days_after(near, -_MOVED), days_after(near, _MOVED)):
        if day.year == year:
            return (day.last - day.first).days
    return 0
