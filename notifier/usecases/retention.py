"""How long what is kept about people is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from notifier.storage.bounces import forget_bounces
from notifier.storage.engine import writing
from notifier.storage.rates import forget_rates
from notifier.storage.retention import (
    forget_requests,
    remove_finished_deliveries,
    remove_service_editions,
    remove_unconfirmed,
)

UNCONFIRMED_FOR = timedelta(days=7)
DELIVERIES_FOR = timedelta(days=90)
BOUNCES_FOR = timedelta(days=30)

_SOME = 10_000
"""How many rows one transaction removes, so that nobody waits long for it."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many of each were removed."""

    unconfirmed: int = 0
    deliveries: int = 0
    bounces: int = 0


class Retention:
    """Removes from one database what is old, once a date (UTC)."""

    def __init__(self) -> None:
        self._kept_on: date | None = None

    def keep(self, engine: Engine, now: datetime) -> Removed:
        """Remove what is old, unless that was done today."""
        day = now.astimezone(UTC).date()
        if day == self._kept_on:
            return Removed()
        removed = remove_what_is_old(engine, now)
        self._kept_on = day
        return removed


def remove_what_is_old(engine: Engine, now: datetime, some: int = _SOME) -> Removed:
    """Remove who did not confirm within 7 days, deliveries finished 90 days ago, and bounces of 30 days ago.

    What people who had left were asked to confirm goes after 7 days, and the domains of rates that hold nothing back
    any more. What a service message said of a choice goes with the last of its deliveries.
    """
    with writing(engine) as db:
        unconfirmed = remove_unconfirmed(db, now - UNCONFIRMED_FOR)
        forget_requests(db, now - UNCONFIRMED_FOR)
        bounces = forget_bounces(db, now - BOUNCES_FOR)
    deliveries = 0
    after: int | None = 0
    while after is not None:
        with writing(engine) as db:
            removed, after = remove_finished_deliveries(db, now - DELIVERIES_FOR, after, some)
        deliveries += removed
    with writing(engine) as db:
        forget_rates(db)
        remove_service_editions(db, now - UNCONFIRMED_FOR)
    return Removed(unconfirmed, deliveries, bounces)
