"""Easter, Western and Orthodox, as dates of the Gregorian calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import ClassVar, Final

from notifier.domain.rules import CalendarSystem, RuleDay

FIRST, LAST = 1583, 4099
"""The years for which the reckoning is right (dateutil says so of its own)."""

WESTERN: Final = "Easter"
ORTHODOX: Final = "Orthodox Easter"


@dataclass(frozen=True, slots=True)
class EasterDay:
    """Easter Sunday."""

    orthodox: bool = False

    estimated: ClassVar[bool] = False
    system: ClassVar[CalendarSystem] = CalendarSystem.GREGORIAN
    table_ends: ClassVar[date | None] = date(LAST + 1, 1, 1)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first; none before 1583."""
        for year in range(max(FIRST, start.year), min(LAST, end.year) + 1):
            day = _sunday(year, orthodox=self.orthodox)
            if start <= day < end:
                yield RuleDay(year, day, day)

    def __str__(self) -> str:
        """Return the rule as it is written: `Easter` or `Orthodox Easter`."""
        return ORTHODOX if self.orthodox else WESTERN


@lru_cache(maxsize=1024)
def _sunday(year: int, *, orthodox: bool) -> date:
    from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

    return easter(year, EASTER_ORTHODOX if orthodox else EASTER_WESTERN)
