"""Deliveries under way that wait without a thread of their own.

A delivery is written as it is spoken, one command and one answer after the other, and wherever it has to wait it says
for what. Whoever runs it decides how: alone, or many in one thread.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable, Generator
from typing import NamedTuple, Protocol

from notifier.delivery.outcomes import Outcome


class HasFile(Protocol):
    """What the system can be asked about."""

    def fileno(self) -> int:
        """Return the file's number."""
        ...


class Wait(NamedTuple):
    """Until a file can be read, or written, or so many seconds are over."""

    file: HasFile
    writing: bool
    seconds: float


Errand = Generator[Wait, bool, Outcome]
"""Gives what it waits for, is told whether that came in time, and ends with what became of the message."""


def at_once(deliver: Callable[[], Outcome]) -> Errand:
    """Return a delivery that waits for nothing."""
    yield from ()
    return deliver()


def run_alone(errand: Errand) -> Outcome:
    """Run a delivery to its end, and wait with it."""
    try:
        wait = next(errand)
        while True:
            wait = errand.send(_came(wait))
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome


def _came(wait: Wait) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(wait.file, selectors.EVENT_WRITE if wait.writing else selectors.EVENT_READ)
        return bool(selector.select(wait.seconds))
