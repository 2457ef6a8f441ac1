"""Digests: on which dates they come, and what they look ahead to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from notifier.domain.notices import Notice
from notifier.domain.occurrences import Occurrence

OUTLOOK_DAYS = 35
"""How many days ahead a digest looks: five weeks, so that no month is longer."""

NO_DIGEST = "none"
MONTHLY = "monthly"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKLY = "weekly:"
DIGESTS = (NO_DIGEST, *(WEEKLY + day for day in WEEKDAYS), MONTHLY)


def last_digest(digest: str, on: date) -> date | None:
    """Return the last date on or before `on` on which a digest comes: its weekday, or the first of the month.

    None where none is wanted, and before the first date of all.
    """
    if digest == NO_DIGEST:
        return None
    if digest == MONTHLY:
        return on.replace(day=1)
    back = (on.weekday() - WEEKDAYS.index(digest.removeprefix(WEEKLY))) % 7
    return on - timedelta(days=back) if (on - date.min).days >= back else None


def digest_due(digest: str, covered: date, on: date) -> bool:
    """Whether a digest falls in (covered, on]. However many do, they are one, which looks ahead from `on`."""
    last = last_digest(digest, on)
    return last is not None and last > covered


def outlook(occurrences: Iterable[Occurrence], on: date) -> list[Notice]:
    """Pick what a digest of `on` looks ahead to: what falls on `on` through `on + 35`, both inclusive."""
    return [
        Notice(occurrence, days)
        for occurrence in occurrences
        if 0 <= (days := (occurrence.first - on).days) <= OUTLOOK_DAYS
    ]
