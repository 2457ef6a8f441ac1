"""What is kept for several days, and what is kept at an hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from notifier.domain.days import days_after
from notifier.domain.errors import LongSpanError
from notifier.domain.rules import Rule, RuleDay
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.rules.relative import LONGEST, Following, days_text, told_by

_A_COMMON_YEAR = 2023


@dataclass(frozen=True, slots=True)
class Span(Following):
    """From one day to another, both inclusive: `8 May to 9 May`. Years are counted as its first day's rule does.

    Raises LongSpanError where both are fixed and lie too far apart. Where it turns out in a single year that the last
    day is not within 60 days, there is only the first.
    """

    base: Rule
    until: Rule

    def __post_init__(self) -> None:
        """Refuse `9 May to 8 May`."""
        if isinstance(self.base, FixedDay) and isinstance(self.until, FixedDay):
            first = next(self.base.between(date(_A_COMMON_YEAR, 1, 1), date(_A_COMMON_YEAR + 5, 1, 1))).first
            last = next(self.until.between(first, days_after(first, 366 * 5)), None)
            if last is not None and (days := (last.last - first).days + 1) > LONGEST:
                raise LongSpanError(rule=str(self), days=days, most=LONGEST)

    @property
    def estimated(self) -> bool:
        """Whether either day is calculated."""
        return self.base.estimated or self.until.estimated

    @property
    def table_ends(self) -> date | None:
        """Where the first table ends that it needs."""
        ends = [one for one in (self.base.table_ends, self.until.table_ends) if one is not None]
        return min(ends, default=None)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        for day in self.base.between(start, end):
            closing = self._closing(day)
            yield day if closing is None else RuleDay(day.year, day.first, max(day.last, closing.last))

    def closes(self, day: RuleDay) -> bool:
        """Whether the last day comes soon enough after a first one."""
        return self._closing(day) is not None

    def _closing(self, day: RuleDay) -> RuleDay | None:
        return next(self.until.between(day.first, days_after(day.first, LONGEST)), None)

    def __str__(self) -> str:
        """Return the rule as it is written."""
        return f"{self.base} to {self.until}"


@dataclass(frozen=True, slots=True)
class DaysFrom(Following):
    """So many days from another day on, which is the first of them: `3 days from 10 Muharram`."""

    base: Rule
    days: int

    def __post_init__(self) -> None:
        """Refuse a span longer than any observance."""
        if self.days > LONGEST:
            raise LongSpanError(rule=str(self), days=self.days, most=LONGEST)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        return told_by(self.base, start, end, 0, self._lasting)

    def _lasting(self, day: RuleDay) -> RuleDay:
        return RuleDay(day.year, day.first, days_after(day.first, self.days - 1))

    def __str__(self) -> str:
        """Return the rule as it is written."""
        return f"{days_text(self.days)} from {self.base}"


@dataclass(frozen=True, slots=True)
class AtHour(Following):
    """A day kept at an hour: `6 August at 08:15`, by the clocks of the event's zone, on the first day of a span."""

    base: Rule
    time: time

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first."""
        return self.base.between(start, end)

    def __str__(self) -> str:
        """Return the rule as it is written."""
        return f"{self.base} at {self.time:%H:%M}"
