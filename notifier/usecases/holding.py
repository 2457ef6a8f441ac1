"""Holding a calendar that takes too much away, until an operator accepts exactly that one.

The last calendar that was published is kept in the database, so that a start can go on with it too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.storage import calendar as kept
from notifier.storage.calendar import HeldCalendar, PublishedCalendar
from notifier.storage.engine import reading, writing

MOST_GONE = 5
"""One in so many events may be taken away without a word; more are a calendar cut short, until somebody says not."""


class CalendarHeldError(NotifierError):
    """More than a fifth of the events are gone."""

    sentence = (
        "{gone} of {total} events are gone from the calendar, so it is held; if they are meant to go: "
        "notifier reload --accept"
    )


class NothingHeldError(NotifierError):
    """There is no calendar to accept."""

    sentence = "no calendar is held, so there is none to accept"


class Holding:
    """Compares a calendar that was just read with the one that was published last."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def check(self, catalog: Catalog, files: Sequence[bytes], now: datetime) -> None:
        """Raise CalendarHeldError, and keep what is held, when too much is gone that nobody accepted."""
        digest = digest_of(files)
        with reading(self._engine()) as db:
            published, accepted, held = kept.published_calendar(db), kept.accepted_calendar(db), kept.held_calendar(db)
            # Where no calendar was kept yet, as after an upgrade, its entries tell.
            before = kept.events_to_come(db, now.date()) if published is None else published.events
        if digest == accepted or (published is not None and digest == published.digest):
            return
        there = {id_ for event in catalog.events for id_ in (event.id, *event.was)}
        found = HeldCalendar(digest, len(before - there), len(before))
        if found.gone * MOST_GONE <= found.total:
            return
        if found != held:
            with writing(self._engine()) as db:
                kept.hold(db, found)
        raise CalendarHeldError(gone=found.gone, total=found.total)

    def keep(self, catalog: Catalog, files: Sequence[bytes]) -> None:
        """Keep a calendar that is published now."""
        published = PublishedCalendar(digest_of(files), frozenset(event.permanent_id for event in catalog.events))
        with reading(self._engine()) as db:
            if kept.published_calendar(db) == published and kept.held_calendar(db) is None:
                return
        with writing(self._engine()) as db:
            kept.save_published(db, published, files)

    def last_files(self) -> tuple[bytes, ...]:
        """Return what the files held of the calendar that was published last; empty when it is not known."""
        with reading(self._engine()) as db:
            return kept.published_files(db)

    def times_asked(self) -> int:
        """Return how often somebody asked for the calendar to be read again."""
        with reading(self._engine()) as db:
            return kept.times_asked(db)


def accept_held(engine: Engine) -> HeldCalendar:
    """Accept the calendar that is held, and no other; return it. Raises NothingHeldError."""
    with writing(engine) as db:
        held = kept.held_calendar(db)
        if held is None:
            raise NothingHeldError
        kept.accept(db, held.digest)
    return held


def ask_to_read(engine: Engine) -> None:
    """Ask the process that publishes to read the calendar's files again."""
    with writing(engine) as db:
        kept.ask(db)


def digest_of(files: Sequence[bytes]) -> str:
    """Return SHA-256 of files and of where each ends, in hexadecimal."""
    digest = hashlib.sha256()
    for data in files:
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()
