"""What one sender has claimed and not yet given to a connection."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine

from notifier.domain.deliveries import DeliveryKind
from notifier.storage.claims import (
    LEASE,
    ClaimedDelivery,
    anything_due,
    claim_batch,
    put_back,
    release_claims,
    still_wanted,
)
from notifier.storage.engine import reading, writing
from notifier.storage.rates import forget_rates
from notifier.usecases.sending.pace import Pace
from notifier.usecases.sending.report import Terms

_MOST = 1000
_AHEAD = 0.2
"""Seconds' worth of messages that are claimed at once; few, so that what is held stays here."""

_AGAIN = 0.5
"""Seconds after a claim that found too little, before the next one."""


class Found(NamedTuple):
    """What a claim found, and whether that was everything there was."""

    deliveries: list[ClaimedDelivery]
    everything: bool


class Claims:
    """The deliveries that wait for a free connection, in the order in which they close."""

    def __init__(  # noqa: PLR0913, PLR0917 -- whose claims, of what, when, and how
        self,
        engine: Engine,
        token: UUID,
        now: Callable[[], datetime],
        began: datetime,
        kinds: Collection[DeliveryKind],
        terms: Terms,
    ) -> None:
        self._engine = engine
        self._token = token
        self._now = now
        self._began = began
        self._kinds = kinds
        self._terms = terms
        self._pace = Pace(engine, terms)
        self._waiting: deque[tuple[ClaimedDelivery, float]] = deque()
        self._least = max(20, 4 * terms.connections)
        self._wanted = self._least
        self._given = 0
        self._claimed_at = time.monotonic()
        self._found_all = False

    def more_to_come(self) -> bool:
        """Whether anything waits, or may be found by another claim."""
        busy_until = self._pace.busy_until()
        return bool(self._waiting) or not self._found_all or (busy_until is not None and busy_until >= self._now())

    @property
    def wanted_at_once(self) -> bool:
        """Whether nothing waits here and something may in the database."""
        return not self._waiting and not self._found_all

    def running_low(self) -> bool:
        """Whether it is time for another claim."""
        if not self._found_all:
            return len(self._waiting) < max(self._wanted // 2, self._terms.connections)
        if self._waiting or time.monotonic() - self._claimed_at < _AGAIN:
            return False
        with reading(self._engine) as db:
            due = anything_due(db, self._now(), self._kinds)
        if not due:
            self._claimed_at = time.monotonic()
        return due

    def claim(self, db: Connection, now: datetime) -> Found:
        """Reserve the next deliveries; what their domains take only later is put back at once."""
        wanted = self._wanted
        found = claim_batch(db, wanted, self._token, now, now + LEASE, self._began, self._kinds)
        later = self._pace.too_many(db, found, now)
        if later:
            put_back(db, self._token, later)
        return Found([one for one in found if one.id not in later], everything=len(found) < wanted)

    def add(self, found: Found) -> None:
        """Let these wait; the claim is committed. The next one is of as many as leave in a moment."""
        present = time.monotonic()
        self._found_all = found.everything
        self._waiting.extend((delivery, present) for delivery in found.deliveries)
        seconds = max(present - self._claimed_at, 0.001)
        pace = round(self._given / seconds * _AHEAD)
        self._wanted = min(max(pace, self._least, self._wanted // 2), 2 * self._wanted, _MOST)
        self._claimed_at, self._given = present, 0

    def next(self, now: datetime) -> ClaimedDelivery | None:
        """Take the next one that may leave now; None where none may, at this moment."""
        asked = False
        while self._waiting:
            delivery, since = self._waiting[0]
            if not asked and time.monotonic() - since > self._terms.ask_again_after:
                asked = True
                self._ask_again(now)
            elif delivery.closes_at <= now:
                self._waiting.popleft()
                self._return([delivery])
            elif self._pace.allows():
                self._waiting.popleft()
                self._given += 1
                return delivery
            else:
                return None
        return None

    def put_first(self, delivery: ClaimedDelivery) -> None:
        """Let this one, which was not tried, be the next."""
        self._waiting.appendleft((delivery, time.monotonic()))

    def drop(self, edition_id: int) -> None:
        """Forget what is claimed of an edition; the claim is given up."""
        self._waiting = deque(entry for entry in self._waiting if entry[0].edition_id != edition_id)

    def close(self, *, died: bool) -> None:
        """Give back what was claimed and not tried."""
        with writing(self._engine) as db:
            release_claims(db, self._token, died=died)
            if self._terms.domain_rate is not None:
                forget_rates(db)

    def _ask_again(self, now: datetime) -> None:
        """Ask of everything that waits whether it may still leave: something was held, somebody left."""
        with reading(self._engine) as db:
            wanted = still_wanted(db, self._token, [delivery.id for delivery, _ in self._waiting], now)
        present = time.monotonic()
        unwanted = [delivery for delivery, _ in self._waiting if delivery.id not in wanted]
        self._waiting = deque((delivery, present) for delivery, _ in self._waiting if delivery.id in wanted)
        if unwanted:
            self._return(unwanted)

    def _return(self, unwanted: Collection[ClaimedDelivery]) -> None:
        with writing(self._engine) as db:
            put_back(db, self._token, {delivery.id: self._began for delivery in unwanted})
