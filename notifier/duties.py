"""What the service does besides answering: each duty again and again, in a thread of its own, until it is told to stop.

Time between two rounds is counted by a clock that nobody sets: a clock that is put back keeps nothing waiting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from notifier import clock
from notifier.domain.errors import NotifierError
from notifier.logs import Log
from notifier.services import Services

TICK = 20
"""Seconds between two looks at what is due."""

LETTERS = 1
"""Seconds between two looks whether somebody waits for a message, for those who did not say so."""

BOUNCES = 60
"""Seconds between two looks at what came back."""


@contextmanager
def doing(services: Services, stopping: threading.Event, log: Log) -> Iterator[None]:
    """Do everything that is done at intervals; at the end wait for what is under way."""
    duties = _Duties(services, stopping, log)
    rounds: list[tuple[str, Callable[[], object], float]] = [("tick", duties.tick, TICK)]
    rounds.append(("letters", duties.letters, 0))
    if services.settings.websub_hub:
        # Apart from the tick: a hub that does not answer keeps no message waiting.
        rounds.append(("hub", duties.ping, TICK))
    if services.bounces.configured:
        rounds.append(("bounces", duties.read_bounces, BOUNCES))
    threads = [
        threading.Thread(target=_repeat, args=(duty, seconds, stopping), name=name, daemon=True)
        for name, duty, seconds in rounds
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


def _repeat(duty: Callable[[], object], seconds: float, stopping: threading.Event) -> None:
    """Do a duty, and do it again so many seconds after it began; at once, when it took longer."""
    while not stopping.is_set():
        began = time.monotonic()
        duty()
        stopping.wait(max(0.0, began + seconds - time.monotonic()))


class _Duties:
    """One round of each."""

    def __init__(self, services: Services, stopping: threading.Event, log: Log) -> None:
        self._services = services
        self._stopping = stopping
        self._log = log

    def tick(self) -> None:
        """Publish anew what is outdated, plan what is due and send it."""
        self._guarded(lambda: self._services.published.turn(clock.now()), "the feeds could not be published anew")
        self._guarded(self._tick, "the pass was not finished")

    def _tick(self) -> None:
        services = self._services
        rested = services.mail.resting
        report = services.tick(clock.now(), stopping=self._stopping.is_set, patient=True)
        if report.did_something:
            self._log.lines.info("ticked", **report.counts())
        if services.mail.stopped is not None and not rested:
            self._log.lines.error(services.mail.stopped)

    def letters(self) -> None:
        """Send what somebody waits for, as soon as they say so."""
        self._services.mail.wait_for_letters(LETTERS)
        if not self._stopping.is_set():
            self._guarded(self._letters, "messages that somebody waits for could not be sent")

    def _letters(self) -> None:
        sent = self._services.mail.letters(self._stopping.is_set)
        if sent.trouble is not None:
            self._log.lines.error(sent.trouble)
        elif sent.sent:
            self._log.lines.info("sent what somebody waits for", messages=sent.sent)

    def read_bounces(self) -> None:
        """Read what came back."""
        self._guarded(self._read_bounces, "what came back could not be read")

    def _read_bounces(self) -> None:
        done = self._services.bounces.process(self._stopping.is_set)
        if done.did_something:
            self._log.lines.info("read what came back", **done.counts())

    def ping(self) -> None:
        """Tell the hub of feeds that have changed; readers learn of them at their next poll in any case."""
        self._guarded(self._ping, "the hub could not be told")

    def _ping(self) -> None:
        report = self._services.published.ping()
        if report.problem:
            self._log.lines.warning("the hub was not told of changed feeds; it is tried again", reason=report.problem)
        if report.told:
            self._log.lines.info("told the hub of changed feeds", feeds=report.told)

    def _guarded(self, duty: Callable[[], object], otherwise: str) -> None:
        """Do a duty; whatever it stumbles over, the others are done and this one comes again."""
        try:
            duty()
        except NotifierError as error:
            self._log.lines.error(otherwise, reason=str(error))
        except Exception:  # noqa: BLE001 -- said above
            self._log.lines.exception(otherwise)
