"""The names that rules are written with: months of every calendar, and days that have a name of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType

from notifier.domain.rules import Rule, hebrew, hijri, persian, solar
from notifier.domain.rules.easter import ORTHODOX, WESTERN, EasterDay

MakeDay = Callable[[int], Rule]
"""Makes the rule of a day of the month that was named."""


@lru_cache(maxsize=1)
def months() -> Mapping[str, MakeDay]:
    """Return the months of the Hebrew, the Hijri and the Persian calendar by every name that is read."""
    makes: dict[str, MakeDay] = {name: partial(hebrew.HebrewDay, name) for name in hebrew.MONTHS}
    makes |= {name: partial(hijri.HijriDay, number) for number, name in enumerate(hijri.MONTHS, 1)}
    makes |= {name: partial(persian.PersianDay, number) for number, name in enumerate(persian.MONTHS, 1)}
    for aliases in (hebrew.ALIASES, hijri.ALIASES, persian.ALIASES):
        makes |= {other: makes[name] for other, name in aliases.items()}
    return MappingProxyType(makes)


@lru_cache(maxsize=1)
def named_days() -> Mapping[str, Rule]:
    """Return the days that are known by a name alone: both Easters and the solar terms."""
    days: dict[str, Rule] = {WESTERN: EasterDay(), ORTHODOX: EasterDay(orthodox=True)}
    days |= {name: solar.SolarTerm(name) for name in solar.TERMS}
    days |= {other: days[name] for other, name in solar.ALIASES.items()}
    return MappingProxyType(days)
