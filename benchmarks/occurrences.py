"""How long 10,000 fixed Gregorian events over 10 years take."""

from __future__ import annotations

import time
from datetime import date

from notifier.domain.occurrences import occurrences_between
from notifier.domain.rules.gregorian import FixedDay
from tests.factories import make_event


def report() -> None:
    """Print the time; the goal is one second."""
    events = [
        make_event(f"day-{number}", rule=FixedDay(number % 12 + 1, number % 28 + 1), origin=None)
        for number in range(10_000)
    ]
    began = time.perf_counter()
    found = occurrences_between(events, date(2026, 1, 1), date(2036, 1, 1))
    took = time.perf_counter() - began
    assert len(found) == 100_000
    print(f"occurrences, 10,000 events x 10 years: {took:.2f} s (goal 1)")
