"""What has to be kept in order from time to time: what was fetched, and what nobody fetches any more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Lock

from sqlalchemy import Engine

from notifier.storage.engine import writing
from notifier.storage.selections import delete_selections, note_fetched, retire_selections

UNFETCHED_FOR = timedelta(days=365)
"""How long a built selection is served that nobody fetches."""

RETIRED_FOR = timedelta(days=365)
"""How long it is said of one that it was retired; then its row is deleted, and nobody built it."""


class Fetched:
    """The built selections that were fetched, each noted once a date; so that no request waits for a database."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._lock = Lock()
        self._noted: set[str] = set()
        self._new: set[str] = set()

    def note(self, token: str) -> None:
        """Note that a selection was fetched."""
        if token in self._noted:
            return
        with self._lock:
            if len(self._noted) >= self._most:
                self._noted.clear()  # they are noted again: that costs statements, and no memory
            self._noted.add(token)
            self._new.add(token)

    def drain(self) -> set[str]:
        """Return what was noted since the last time."""
        with self._lock:
            new, self._new = self._new, set()
        return new

    def forget(self) -> None:
        """Begin a new date."""
        with self._lock:
            self._noted.clear()


class Housekeeping:
    """Keeps one database in order; as often as it is asked to, at little cost."""

    def __init__(self, fetched: Fetched) -> None:
        self._fetched = fetched
        self._kept_on: date | None = None

    def keep(self, engine: Engine, now: datetime) -> int:
        """Write down what was fetched; once a date (UTC), retire what nobody fetched for a year, and drop the retired.

        Return how many selections were retired.
        """
        day = now.astimezone(UTC).date()
        if day != self._kept_on:
            self._fetched.forget()
        fetched = self._fetched.drain()
        if not fetched and day == self._kept_on:
            return 0
        with writing(engine) as db:
            note_fetched(db, fetched, day)
            retired = 0
            if day != self._kept_on:
                retired = retire_selections(db, day - UNFETCHED_FOR, now)
                delete_selections(db, now - RETIRED_FOR)
        self._kept_on = day
        return retired
