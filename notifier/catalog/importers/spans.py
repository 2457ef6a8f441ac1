"""Days that last: a rule of one day, and how many days it goes on for."""

from __future__ import annotations

from datetime import date, timedelta

from notifier.catalog.importers.finding import count_of_days, readable
from notifier.domain.rules.gregorian import MONTHS

_COMMON_AND_LEAP = (2023, 2024)


def lasting(rule: str, days: int) -> str | None:
    """Return the rule of so many days from a rule's day on, the plainest way it can be written; None for none."""
    if days == 1:
        return readable(rule)
    counted = f"{count_of_days(days)} from {rule}"
    day, _, month = rule.partition(" ")
    if not day.isdigit() or month not in MONTHS or rule == "29 February":
        return readable(counted)
    number = MONTHS.index(month) + 1
    ends = {date(year, number, int(day)) + timedelta(days=days - 1) for year in _COMMON_AND_LEAP}
    if len({(end.month, end.day) for end in ends}) > 1:
        return readable(counted)
    last = ends.pop()
    return readable(f"{rule} to {last.day} {MONTHS[last.month - 1]}", counted)
