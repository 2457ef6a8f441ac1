"""The calendar that was published last, what is held of a later one, and what operators ask for: one row."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from sqlalchemy import Connection, select

from notifier.storage.tables import calendar, insert_into, revisions

_ROW = 1


@dataclass(frozen=True, slots=True)
class PublishedCalendar:
    """What was published last: SHA-256 of its files, its events by the first id each ever had, and its own id."""

    digest: str
    events: frozenset[str]
    id: str | None


@dataclass(frozen=True, slots=True)
class HeldCalendar:
    """A calendar, by SHA-256 of its files, that takes `gone` of `total` published events away.

    `other_id` is its own id where that is another than the published one's.
    """

    digest: str
    gone: int
    total: int
    other_id: str | None = None


def published_calendar(db: Connection) -> PublishedCalendar | None:
    """Return what was published last, or None before the first time."""
    row = db.execute(select(calendar.c.digest, calendar.c.events, calendar.c.calendar_id)).first()
    if row is None or row.digest is None:
        return None
    return PublishedCalendar(row.digest, frozenset(row.events.split()), row.calendar_id)


def published_digest(db: Connection) -> str | None:
    """Return SHA-256 of the files of the calendar that was published last."""
    digest: str | None = db.execute(select(calendar.c.digest)).scalar()
    return digest


def published_id(db: Connection) -> str | None:
    """Return the id of the calendar that was published last; None before the first time.

    Where it was not kept itself, as by earlier versions and with an adopted history, the newest entry tells.
    """
    kept: str | None = db.execute(select(calendar.c.calendar_id)).scalar()
    if kept is not None:
        return kept
    uid: str | None = db.execute(select(revisions.c.uid).order_by(revisions.c.revised.desc()).limit(1)).scalar()
    return None if uid is None else uid.rpartition("@")[2]


def published_files(db: Connection) -> tuple[bytes, ...]:
    """Return what the files held of the calendar that was published last, in the order they were read."""
    packed = db.execute(select(calendar.c.files)).scalar()
    return () if packed is None else _unpacked(packed)


def save_published(db: Connection, published: PublishedCalendar, files: Sequence[bytes]) -> None:
    """Keep what is published now; nothing is held and nothing accepted any more."""
    _set(
        db,
        digest=published.digest,
        files=_packed(files),
        events=" ".join(sorted(published.events)),
        calendar_id=published.id,
        accepted=None,
        **_held(None),
    )


def held_calendar(db: Connection) -> HeldCalendar | None:
    """Return the calendar that waits to be accepted."""
    columns = calendar.c
    row = db.execute(select(columns.held, columns.held_gone, columns.held_total, columns.held_id)).one_or_none()
    return None if row is None or row.held is None else HeldCalendar(*row)


def hold(db: Connection, held: HeldCalendar | None) -> None:
    """Keep which calendar waits to be accepted, or that none does; what was accepted before is not any more."""
    _set(db, accepted=None, **_held(held))


def accepted_calendar(db: Connection) -> str | None:
    """Return SHA-256 of the files of the calendar that may be published whatever it takes away."""
    accepted: str | None = db.execute(select(calendar.c.accepted)).scalar()
    return accepted


def accept(db: Connection, digest: str) -> None:
    """Let the calendar with this digest be published, and ask for it to be read."""
    _set(db, accepted=digest)
    ask(db)


def ask(db: Connection) -> None:
    """Ask whoever publishes to read the calendar's files again."""
    statement = insert_into(db, calendar).values(id=_ROW, asked=1)
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"asked": calendar.c.asked + 1}))


def times_asked(db: Connection) -> int:
    """Return how often somebody asked."""
    return db.execute(select(calendar.c.asked)).scalar() or 0


def events_to_come(db: Connection, day: date) -> frozenset[str]:
    """Return the ids of the events that have an entry on or after `day`, as they were last published."""
    to_come = (revisions.c.first >= day) & revisions.c.cancelled_at.is_(None)
    return frozenset(db.execute(select(revisions.c.event_id).where(to_come).distinct()).scalars())


def _packed(files: Sequence[bytes]) -> bytes:
    """Return the files behind a line of their lengths, compressed, fast rather than well: a start waits for it."""
    packer = zlib.compressobj(1)
    lengths = f"{' '.join(str(len(data)) for data in files)}\n".encode()
    return b"".join([*map(packer.compress, (lengths, *files)), packer.flush()])


def _unpacked(packed: bytes) -> tuple[bytes, ...]:
    lengths, _, rest = zlib.decompress(packed).partition(b"\n")
    ends = list(accumulate(map(int, lengths.split()), initial=0))
    return tuple(rest[start:end] for start, end in pairwise(ends))


def _set(db: Connection, **values: object) -> None:
    statement = insert_into(db, calendar).values(id=_ROW, asked=0, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _held(held: HeldCalendar | None) -> dict[str, object]:
    columns = ("held", "held_gone", "held_total", "held_id")
    values = (None,) * 4 if held is None else (held.digest, held.gone, held.total, held.other_id)
    return dict(zip(columns, values, strict=True))
