"""The 24 solar terms: the days on which the sun reaches each multiple of 15° of longitude, in China's zone (UTC+8).

lunar-python reckons them to the second.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar

from notifier.domain.rules import CalendarSystem, RuleDay
from notifier.domain.rules.yearly import kept_between

TERMS = (
    "Xiaohan",
    "Dahan",
    "Lichun",
    "Yushui",
    "Jingzhe",
    "Chunfen",
    "Qingming",
    "Guyu",
    "Lixia",
    "Xiaoman",
    "Mangzhong",
    "Xiazhi",
    "Xiaoshu",
    "Dashu",
    "Liqiu",
    "Chushu",
    "Bailu",
    "Qiufen",
    "Hanlu",
    "Shuangjiang",
    "Lidong",
    "Xiaoxue",
    "Daxue",
    "Dongzhi",
)
"""By their names in pinyin, in the order of a Gregorian year: from the first days of January to the winter solstice."""

ALIASES: Mapping[str, str] = MappingProxyType({"Ching Ming": "Qingming"})

FIRST_YEAR, LAST_YEAR = 1645, 2100
"""The years in which the true sun has told the terms, as far as the tables that observatories publish."""

TABLE_ENDS = date(LAST_YEAR + 1, 1, 1)

_BEFORE_JANUARY = 2
"""lunar-python's list for a year begins with the two terms of the December before."""


@dataclass(frozen=True, slots=True)
class SolarTerm:
    """A solar term of every year, such as Qingming. Years are Gregorian ones; each has each term once.

    Another name of a term is taken, and written as in TERMS. Raises ValueError for a name of none.
    """

    name: str

    estimated: ClassVar[bool] = False
    system: ClassVar[CalendarSystem] = CalendarSystem.GREGORIAN
    table_ends: ClassVar[date | None] = TABLE_ENDS

    def __post_init__(self) -> None:
        """Take other names of a term."""
        object.__setattr__(self, "name", ALIASES.get(self.name, self.name))
        if self.name not in TERMS:
            raise ValueError(self.name)

    def between(self, start: date, end: date) -> Iterator[RuleDay]:
        """Yield the keepings whose first day lies in [start, end), soonest first; none before 1645 and after 2100."""
        years = range(max(FIRST_YEAR, start.year), min(LAST_YEAR, end.year) + 1)
        return kept_between(self._in_year, years, start, end)

    def _in_year(self, year: int) -> date:
        return _terms(year)[TERMS.index(self.name)]

    def __str__(self) -> str:
        """Return the rule as it is written: `Qingming`."""
        return self.name


@lru_cache(maxsize=512)
def _terms(year: int) -> tuple[date, ...]:
    from lunar_python import LunarYear

    moments: list[float] = LunarYear(year).getJieQiJulianDays()
    terms = moments[_BEFORE_JANUARY : _BEFORE_JANUARY + len(TERMS)]
    # Julian days begin at noon; those of lunar-python are of China's clocks already.
    return tuple(date.fromordinal(math.floor(moment - 1721424.5)) for moment in terms)
