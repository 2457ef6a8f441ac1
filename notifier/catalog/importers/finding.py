"""Finding the rule behind dates: the one that gives exactly these days, and no others, over all the years known.

What is found is proved by the rule itself before it is accepted; what no rule gives is left to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from notifier.domain.errors import NotifierError
from notifier.domain.rules import CalendarSystem, Rule
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import MONTHS, ORDINALS, WEEKDAYS, LeapDay
from notifier.domain.rules.names import months, named_days

_ONE_DAY = timedelta(days=1)
_COMMON_YEAR = 2023
_EASTER_REACH = 70
"""Days before and after Easter that are looked at: Carnival to Corpus Christi and beyond."""


@dataclass(frozen=True, slots=True)
class Found:
    """A rule as it is written, and the days it was found from that differ from it, by the rule's nominal year.

    Only a rule whose days authorities decide by observation has days that differ, by one day each.
    """

    rule: str
    differ: tuple[tuple[int, date], ...] = ()


def readable(*texts: str) -> str | None:
    """Return the first of these texts that is a rule to this version, as rules are written; None where none is."""
    for text in texts:
        try:
            return str(parse_rule(text))
        except NotifierError:
            continue
    return None


def find_rule(days: Sequence[date], first: date, last: date) -> Found | None:
    """Return the rule whose days in [first, last] are exactly `days`, or None.

    A rule by observation may be a day off in single years. `days` are sorted; a rule is known by five at least.
    """
    if len(days) < 5:
        return None
    for text in _candidates(days):
        rule = _parsed(text)
        if rule is not None and (found := _prove(rule, days, first, last)) is not None:
            return found
    return None


def find_but_for_some(days: Sequence[date], since: date, last: date) -> Found | None:
    """Return the rule of the days from `since` on that also gives those before it, but for one year in ten at most.

    Authorities move a day in a single year, and the rule goes on. Each year has to have one day.
    """
    tail = [day for day in days if day >= since]
    found = find_rule(tail, since, last)
    rule = None if found is None or found.differ else _parsed(found.rule)
    if rule is None or rule.system is not CalendarSystem.GREGORIAN:
        return None
    given = {day.year: day.first for day in rule.between(days[0] - timedelta(days=366), last + _ONE_DAY)}
    by_year = {day.year: day for day in days}
    if len(by_year) != len(days) or not by_year.keys() <= given.keys():
        return None
    differ = tuple((year, day) for year, day in by_year.items() if given[year] != day)
    return Found(str(rule), differ) if len(differ) * 10 <= len(days) else None


def _prove(rule: Rule, days: Sequence[date], first: date, last: date) -> Found | None:
    off = _ONE_DAY if rule.estimated else timedelta()
    kept = list(rule.between(first - off, last + off + _ONE_DAY))
    kept = [day for day in kept if first <= day.first <= last or any(abs(day.first - one) <= off for one in days)]
    if len(kept) != len(days) or any(abs(day.first - one) > off for day, one in zip(kept, days, strict=True)):
        return None
    differ = tuple((day.year, one) for day, one in zip(kept, days, strict=True) if day.first != one)
    return None if len(differ) * 2 > len(days) else Found(str(rule), differ)


def _candidates(days: Sequence[date]) -> Iterator[str]:
    """Yield rules that give the first of the days, the plainest first."""
    if len({(day.month, day.day) for day in days}) == 1:
        yield f"{days[0].day} {MONTHS[days[0].month - 1]}"
        return
    if len({day.weekday() for day in days}) == 1:
        yield from _by_weekday(days)
    for easter in ("Easter", "Orthodox Easter"):
        yield from _by_easter(easter, days[0])
    yield from (text for text, rule in _of_other_calendars() if _falls_near(rule, days[:3]))


def _by_weekday(days: Sequence[date]) -> Iterator[str]:
    weekday = WEEKDAYS[days[0].weekday()]
    if len({day.month for day in days}) == 1:
        month = MONTHS[days[0].month - 1]
        weeks = {(day.day - 1) // 7 for day in days}
        is_last = all((day + timedelta(days=7)).month != day.month for day in days)
        # The fourth may be the last in each of the years known; which is meant cannot be told then.
        if len(weeks) == 1 and not is_last and min(weeks) < 4:
            yield f"{ORDINALS[min(weeks)]} {weekday} of {month}"
        if len(weeks) > 1 and is_last:
            yield f"last {weekday} of {month}"
    # Seven dates in a row, all of them seen, are the weekday before the date that follows them.
    numbers = {date(_COMMON_YEAR, day.month, min(day.day, 28 if day.month == 2 else 31)).toordinal() for day in days}
    if max(numbers) - min(numbers) == 6:
        yield weekday_before(days[0].weekday(), date.fromordinal(max(numbers)) + _ONE_DAY)


def weekday_before(weekday: int, day: date) -> str:
    """Return the rule of the first such weekday before a date; 0 is Monday, and the year of `day` does not matter."""
    return f"first {WEEKDAYS[weekday]} before {day.day} {MONTHS[day.month - 1]}"


def _by_easter(easter: str, day: date) -> Iterator[str]:
    rule = _parsed(easter)
    if rule is None:
        return
    reach = timedelta(days=_EASTER_REACH)
    for sunday in rule.between(day - reach, day + reach + _ONE_DAY):
        days = (day - sunday.first).days
        yield easter if days == 0 else f"{easter} {'+' if days > 0 else '-'} {count_of_days(abs(days))}"


def is_by_observation(rule: str) -> bool:
    """Whether authorities decide on the day by what they see: each country may keep it a day off."""
    parsed = _parsed(rule)
    return parsed is not None and parsed.estimated


def count_of_days(number: int) -> str:
    """Return `1 day` or `2 days`."""
    return "1 day" if number == 1 else f"{number} days"


def _falls_near(rule: Rule, days: Iterable[date]) -> bool:
    off = _ONE_DAY if rule.estimated else timedelta()
    return all(next(iter(rule.between(day - off, day + off + _ONE_DAY)), None) is not None for day in days)


@cache
def _of_other_calendars() -> tuple[tuple[str, Rule], ...]:
    texts = [
        *named_days(),
        *(f"{day} {month}" for month in months() for day in range(1, 32)),
        # Before the thirtieth, which is the last day too where a month has no more than 29.
        *(f"last day of month {month} Chinese" for month in range(1, 13)),
        *(f"{day} month {month} Chinese" for month in range(1, 13) for day in range(1, 31)),
    ]
    rules = ((text, _parsed(text)) for text in texts)
    # A month has several names; each day is tried once, by the first.
    return tuple({str(rule): (text, rule) for text, rule in rules if rule is not None}.values())


def _parsed(text: str) -> Rule | None:
    try:
        return parse_rule(text, LeapDay.LEAP_YEARS_ONLY)
    except NotifierError:
        return None
