"""How fast messages leave: slices of the rates that all senders share."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from notifier.storage.claims import ClaimedDelivery
from notifier.storage.engine import writing
from notifier.storage.rates import EVERYWHERE, reserve
from notifier.usecases.sending.report import Terms

_SLICES = 5
"""How often a second a slice of the rate is asked for."""


class Pace:
    """What one sender may send now."""

    def __init__(self, engine: Engine, terms: Terms) -> None:
        self._engine = engine
        self._terms = terms
        self._left = 0
        self._not_before = 0.0
        self._slots: dict[str, datetime] = {}

    def allows(self) -> bool:
        """Whether one more message may leave; it is then counted as gone."""
        rate = self._terms.rate
        if rate is None:
            return True
        if self._left == 0 and time.monotonic() >= self._not_before:
            wanted = 1 if self._terms.urgent else max(1, round(rate / _SLICES))
            with writing(self._engine) as db:
                permit = reserve(db, EVERYWHERE, rate, wanted, at_once=self._terms.urgent)
            self._left = permit.messages
            self._not_before = time.monotonic() + permit.wait.total_seconds()
        if self._left == 0:
            return False
        self._left -= 1
        return True

    def too_many(self, db: Connection, claimed: Sequence[ClaimedDelivery], now: datetime) -> dict[int, datetime]:
        """Return which of these their domains take only later, and when: one after the other, at the domain's rate.

        Others are not kept waiting by them.
        """
        rate = self._terms.domain_rate
        if rate is None:
            return {}
        later = {}
        permits = {}
        for domain, wanted in Counter(one.domain for one in claimed).items():
            permits[domain] = reserve(db, domain, rate, wanted, at_once=self._terms.urgent)
        taken = Counter[str]()
        for one in claimed:
            domain = one.domain
            taken[domain] += 1
            if taken[domain] > permits[domain].messages:
                free = max(self._slots.get(domain, now), now + permits[domain].wait)
                later[one.id] = free
                self._slots[domain] = free + timedelta(seconds=1 / rate)
        return later

    def busy_until(self) -> datetime | None:
        """Return by when everything that was put back may have left; None where nothing was."""
        return max(self._slots.values(), default=None)
