"""How fast messages may leave: rows on the database's own clock, shared by every process and machine.

A row holds the instant at which its next message may leave (a bucket that leaks, counted in time). What was asked for
and not used is lost, and never made up for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from notifier.storage.tables import insert_into, rates

EVERYWHERE = ""
"""The key of what holds for all messages."""

_BURST = timedelta(seconds=1)
"""How much of what was left unused may still leave at once."""

_FURTHEST = timedelta(minutes=1)
"""Further ahead no row is left by reserving, but for slow rates: beyond it, the clock was set back."""


@dataclass(frozen=True, slots=True)
class Permit:
    """That so many messages may leave now; and when one more may, counted from now."""

    messages: int
    wait: timedelta


def reserve(db: Connection, key: str, a_second: float, wanted: int, *, at_once: bool = False) -> Permit:
    """Let up to `wanted` messages leave at a rate of so many `a_second`; the reservation is this transaction's.

    With `at_once` all of them may, and those that come after wait the longer.
    """
    one = timedelta(seconds=1 / a_second)
    present = db.execute(select(_clock(db))).scalar_one()
    values = {"key": key, "next_at": present}
    db.execute(insert_into(db, rates).values(values).on_conflict_do_nothing(index_elements=["key"]))
    row = select(rates.c.next_at, _clock(db)).where(rates.c.key == key).with_for_update()
    next_at, present = db.execute(row).one()
    if next_at > present + max(_FURTHEST, 20 * one):
        next_at = present
    free = max(next_at, present - _BURST)
    room = (present - free) // one + 1 if free <= present else 0
    messages = wanted if at_once else min(wanted, room)
    if messages:
        free += messages * one
        db.execute(rates.update().where(rates.c.key == key).values(next_at=free))
    return Permit(messages, max(free - present, timedelta()))


def forget_rates(db: Connection) -> None:
    """Drop the rows that hold nothing back any more."""
    db.execute(rates.delete().where(rates.c.next_at < _clock(db)))


def _clock(db: Connection) -> ColumnElement[datetime]:
    """Return the database's own present instant, and not the transaction's."""
    type_ = rates.c.next_at.type
    if db.dialect.name == "postgresql":
        return func.clock_timestamp(type_=type_)
    # Milliseconds; an integer from the start, so that SQLite compares it as one.
    return literal_column("CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000", type_)
