"""The connections of one pass: which are free, which are busy with what. One thread serves them all.

With a thread each, they would spend more time waiting for the interpreter than for the mail server.
"""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from notifier.delivery.errands import Errand, HasFile, Wait
from notifier.delivery.outcomes import Outcome
from notifier.delivery.senders import Sender
from notifier.storage.claims import ClaimedDelivery
from notifier.usecases.sending.composing import Composer

_PARTING = 3.0
"""Seconds in which servers can answer QUIT."""

_OVERDUE = 0.5
"""Seconds between two looks for what was waited for too long."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one delivery in one carrier's hands; an error where it was neither sent nor refused."""

    by: Carrier
    delivery: ClaimedDelivery
    result: Outcome | BaseException


class Carrier:
    """One connection, and the message that is under way on it."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.delivery: ClaimedDelivery | None = None
        self.errand: Errand | None = None
        self.waits: Wait | None = None
        self.until = 0.0


class Hands:
    """Up to so many carriers, each made when there is something for it to carry."""

    def __init__(
        self,
        open_sender: Callable[[], Sender],
        composer: Composer,
        now: Callable[[], datetime],
        most: int,
        recorder: HasFile,
    ) -> None:
        self._open_sender = open_sender
        self._composer = composer
        self._now = now
        self._most = most
        self._carriers: list[Carrier] = []
        self._idle: list[Carrier] = []
        self._ended: list[Attempt] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(recorder.fileno(), selectors.EVENT_READ)
        self._looked = time.monotonic()
        self.busy: dict[int, Carrier] = {}
        """Who carries what, by the delivery's id."""

    @property
    def free(self) -> bool:
        """Whether something can be given to somebody."""
        return bool(self._idle) or len(self._carriers) < self._most

    def take(self, delivery: ClaimedDelivery) -> None:
        """Give a delivery to a free carrier."""
        if not self._idle:
            carrier = Carrier(self._open_sender())
            self._carriers.append(carrier)
        else:
            carrier = self._idle.pop()
        self.busy[delivery.id] = carrier
        carrier.delivery = delivery
        carrier.errand = self._errand(carrier.sender, delivery)
        self._advance(carrier, None)

    def gather(self, patience: float) -> list[Attempt]:
        """Return what has ended: what there is already, else what comes first within `patience` seconds.

        Nothing, when the recorder is done before.
        """
        until, recorded = time.monotonic() + patience, False
        while True:
            left = 0.0 if self._ended or recorded else max(0.0, until - time.monotonic())
            ready = [key.data for key, _ in self._selector.select(min(left, _OVERDUE))]
            for carrier in ready:
                if carrier is not None:
                    self._go_on(carrier)
            recorded = recorded or None in ready
            if time.monotonic() - self._looked > _OVERDUE:
                self._wake_overdue()
            if not any(ready) and (self._ended or left == 0):
                ended, self._ended = self._ended, []
                return ended

    def drain(self, patience: float) -> list[Attempt]:
        """Return what ends within so many seconds, until nothing is under way."""
        until = time.monotonic() + patience
        ended: list[Attempt] = []
        while len(ended) < len(self.busy) and (left := until - time.monotonic()) > 0:
            ended += self.gather(left)
        return ended

    def release(self, attempt: Attempt) -> None:
        """Let whoever made this attempt take another one; its outcome is kept."""
        if attempt.by in self._carriers:
            del self.busy[attempt.delivery.id]
            self._idle.append(attempt.by)

    def retire(self, attempt: Attempt) -> bool:
        """Let a carrier go that got no connection, so that another may take what it had; the last one stays, False."""
        if len(self._carriers) == 1:
            return False
        self._carriers.remove(attempt.by)
        del self.busy[attempt.delivery.id]
        # No other takes its place in this pass: the server has as many connections as it wants.
        self._most = len(self._carriers)
        return True

    def dismiss(self) -> None:
        """Hang up; what is still under way ends there, and nobody knows how."""
        until = time.monotonic() + _PARTING
        for carrier in self._carriers:
            if carrier.errand is not None:
                carrier.errand.close()
            carrier.sender.close(politely=time.monotonic() < until)
        self._selector.close()

    def _errand(self, sender: Sender, delivery: ClaimedDelivery) -> Errand:
        letter = self._composer.letter(delivery, self._now())
        if isinstance(letter, Outcome):
            return letter
        return (yield from sender.deliver(letter.envelope_from, letter.to, letter.message_id, letter.content))

    def _go_on(self, carrier: Carrier) -> None:
        if carrier.errand is None:
            # The server has said something, or hung up, that nobody asked for: the next message meets it.
            self._wait_for(carrier, None)
        else:
            self._advance(carrier, came=True)

    def _advance(self, carrier: Carrier, came: bool | None) -> None:  # noqa: FBT001 -- None begins
        """Run an errand to where it waits, or to its end."""
        errand, delivery = carrier.errand, carrier.delivery
        assert errand is not None  # noqa: S101 -- for the type checker: it is under way
        assert delivery is not None  # noqa: S101 -- likewise
        result: Outcome | BaseException
        try:
            wait = next(errand) if came is None else errand.send(came)
        except StopIteration as end:
            result = end.value
        except BaseException as error:  # noqa: BLE001 -- it is raised where the pass was begun
            result = error
        else:
            self._wait_for(carrier, wait)
            return
        carrier.errand = carrier.delivery = None
        self._ended.append(Attempt(carrier, delivery, result))

    def _wait_for(self, carrier: Carrier, wait: Wait | None) -> None:
        """Have the system tell when it came; between two waits for the same, nothing is to be said to it."""
        before, carrier.waits = carrier.waits, wait
        if wait is not None:
            carrier.until = time.monotonic() + wait.seconds
        same = before is not None and wait is not None and before.file is wait.file and before.writing == wait.writing
        if before is not None and not same:
            self._forget(before.file, carrier)
            before = None
        if wait is not None and before is None:
            self._forget(wait.file, None)
            self._selector.register(
                wait.file.fileno(), selectors.EVENT_WRITE if wait.writing else selectors.EVENT_READ, carrier
            )

    def _forget(self, file: HasFile, carrier: Carrier | None) -> None:
        """Wait for a file no longer: `carrier` for its own, or whoever had that number before it was closed."""
        key = self._selector.get_map().get(file.fileno())
        if key is not None and (carrier is None or key.data is carrier):
            self._selector.unregister(key.fd)

    def _wake_overdue(self) -> None:
        """Tell those who have waited too long that nothing came."""
        self._looked = time.monotonic()
        for carrier in self._overdue(self._looked):
            self._advance(carrier, came=False)

    def _overdue(self, present: float) -> Iterator[Carrier]:
        yield from [one for one in self.busy.values() if one.errand is not None and one.until < present]
