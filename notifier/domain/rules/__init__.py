"""Rules: how an event's days are found, each in its own calendar system.

Every rule answers `between(start, end)`. None answers "the date in year Y": a day of a lunar calendar can fall twice
in one Gregorian year, so only a range has an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol


class CalendarSystem(StrEnum):
    """The calendar whose years a rule counts."""

    GREGORIAN = "gregorian"
    JULIAN = "julian"
    HEBREW = "hebrew"
    HIJRI = "hijri"
    PERSIAN = "persian"
    CHINESE = "chinese"


class RuleDay(NamedTuple):
    """One keeping of a day: the nominal year in the rule's own calendar, the first and the last day (inclusive)."""

    year: int
    first: date
    last: date


class Rule(Protocol):
    """What every rule can answer."""

    @property
    def estimated(self) -> bool:
        """Whether coming dates are calculated where authorities decide by observation."""

    @property
    def system(self) -> CalendarSystem:
        """The calendar whose years `between` tells, and ordinals count."""

    @property
    def table_ends(self) -> date | None:
        """The first Gregorian day the rule cannot answer for, since its calendar's table ends; None: before 10000."""

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first, each nominal year once."""

    def __str__(self) -> str:
        """Return the rule as it is written in a calendar file; reading it again gives an equal rule."""
