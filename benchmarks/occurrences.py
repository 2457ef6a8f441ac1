"""How long anniversaries over 10 years take: of 10,000 fixed Gregorian events, and of 1,000 of each other system."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date

from notifier.domain.events import Event
from notifier.domain.occurrences import occurrences_between
from notifier.domain.rules.grammar import parse_rule
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.rules.hebrew import MONTHS as HEBREW
from notifier.domain.rules.hijri import MONTHS as HIJRI
from notifier.domain.rules.persian import MONTHS as PERSIAN
from notifier.domain.rules.solar import TERMS
from tests.factories import make_event

FROM, TO = date(2026, 1, 1), date(2036, 1, 1)
_GREGORIAN = ("January", "March", "May", "July", "August", "October", "December")
SYSTEMS = {
    "Hebrew": [f"{day} {month}" for month in HEBREW for day in range(1, 30)],
    "Hijri": [f"{day} {month}" for month in HIJRI for day in range(1, 30)],
    "Persian": [f"{day} {month}" for month in PERSIAN for day in range(1, 30)],
    "Chinese": [f"{day} month {month} Chinese" for month in range(1, 13) for day in range(1, 30)],
    "solar terms": list(TERMS),
    "Julian": [f"{day} {month} Julian" for month in _GREGORIAN for day in range(1, 32)],
    "Easter": [
        f"{church}Easter {sign} {days} days" for church in ("", "Orthodox ") for sign in "+-" for days in range(1, 61)
    ],
    "weekdays": [f"{n} Sunday of {month}" for n in ("first", "second", "third", "last") for month in _GREGORIAN],
}


def report() -> None:
    """Print the times, each of a process of its own, libraries and all; the goals are one and two seconds."""
    print(f"occurrences, 10,000 events x 10 years: {_gregorian():.2f} s (goal 1)")
    for system in SYSTEMS:
        command = [sys.executable, "-m", "benchmarks.occurrences", system]
        took = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"  1,000 events of {system} x 10 years: {float(took):.2f} s (goal 2)")


def _gregorian() -> float:
    events = [
        make_event(f"day-{number}", rule=FixedDay(number % 12 + 1, number % 28 + 1), origin=None)
        for number in range(10_000)
    ]
    return _seconds(events, 100_000)


def _of(system: str) -> float:
    rules = SYSTEMS[system]
    began = time.perf_counter()
    events = [
        make_event(f"day-{number}", rule=parse_rule(rules[number % len(rules)]), origin=None) for number in range(1_000)
    ]
    return time.perf_counter() - began + _seconds(events, 9_000)


def _seconds(events: list[Event], at_least: int) -> float:
    began = time.perf_counter()
    found = occurrences_between(events, FROM, TO)
    took = time.perf_counter() - began
    assert len(found) >= at_least, len(found)
    return took


if __name__ == "__main__":
    print(_of(sys.argv[1]))
