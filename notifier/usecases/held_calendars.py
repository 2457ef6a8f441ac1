"""Holding a calendar that takes too much away, or is another one, until an operator accepts exactly that one.

The last calendar that was published is kept in the database, so that a start can go on with it too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Engine

from notifier.domain.digests import digest_of
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.storage import calendar as kept
from notifier.storage.calendar import HeldCalendar, PublishedCalendar
from notifier.storage.engine import reading, writing
from notifier.storage.locks import publishing_lock

MOST_GONE = 5
"""One in so many events may be taken away without a word; more are a calendar cut short, until somebody says not."""


class CalendarHeldError(NotifierError):
    """More than a fifth of the events are gone."""

    sentence = (
        "{gone} of {total} events are gone from the calendar, so it is held; if they are meant to go: "
        "notifier reload --accept"
    )


class OtherCalendarHeldError(CalendarHeldError):
    """Its id is another one, and with it the identity of every entry."""

    sentence = (
        'the calendar\'s id was "{before}" and is now "{now}", so it is held: with another id, every entry would be '
        "cancelled in everybody's calendar and stand there a second time; if that is meant: notifier reload --accept"
    )


class NothingHeldError(NotifierError):
    """There is no calendar to accept."""

    sentence = "no calendar is held, so there is none to accept"


class Holding:
    """Compares a calendar that was just read with the one that was published last."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def check(self, catalog: Catalog, files: Sequence[bytes], now: datetime) -> None:
        """Raise CalendarHeldError, and keep what is held, when it is one to be accepted first, and nobody has."""
        digest = digest_of(files)
        with reading(self._engine()) as db:
            published, accepted, held = kept.published_calendar(db), kept.accepted_calendar(db), kept.held_calendar(db)
            # Where no calendar was kept yet, as after an upgrade, its entries tell.
            before = kept.events_to_come(db, now.date()) if published is None else published.events
            known, own = kept.published_id(db), catalog.calendar.id
        if digest == accepted or (published is not None and digest == published.digest):
            return
        there = {id_ for event in catalog.events for id_ in (event.id, *event.was)}
        other = None if known in {None, own} else own
        found = HeldCalendar(digest, len(before - there), len(before), other)
        if other is None and found.gone * MOST_GONE <= found.total:
            return
        if found != held:
            with writing(self._engine()) as db:
                kept.hold(db, found)
        if other is not None:
            raise OtherCalendarHeldError(before=known, now=other)
        raise CalendarHeldError(gone=found.gone, total=found.total)

    def keep(self, catalog: Catalog, files: Sequence[bytes]) -> None:
        """Keep a calendar that is published now."""
        events = frozenset(event.permanent_id for event in catalog.events)
        published = PublishedCalendar(digest_of(files), events, catalog.calendar.id)
        with reading(self._engine()) as db:
            if kept.published_calendar(db) == published and kept.held_calendar(db) is None:
                return
        with writing(self._engine()) as db:
            kept.save_published(db, published, files)

    def is_latest(self, files: Sequence[bytes]) -> bool:
        """Whether nobody has published another calendar than this one since."""
        with reading(self._engine()) as db:
            return kept.published_digest(db) == digest_of(files)

    def alone(self) -> AbstractContextManager[None]:
        """Wait until nobody else publishes from this database, and keep others waiting until the block's end."""
        return publishing_lock(self._engine())

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
