"""Published entries and feeds: when each last changed, and the bytes it then had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, select

from notifier.domain.revisions import Revision
from notifier.storage.tables import feeds, insert_into, revisions

_BATCH = 100


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry of a feed as it was last published in one language.

    `content` is kept, so that an entry whose event was taken out can still be cancelled. `fingerprint` stands for
    everything the content was made from: while it is equal, the entry need not be rendered again. `first` and `last`
    are inclusive; `year` is the nominal year in the event's own calendar, and `ordinal` which anniversary it is.
    `timed` is its programme, as whoever publishes writes it; None where it has none.
    """

    revision: Revision
    fingerprint: str
    content: bytes
    event_id: str
    year: int
    first: date
    last: date
    collections: tuple[str, ...]
    cancelled_at: datetime | None = None
    ordinal: int | None = None
    timed: bytes | None = None

    @property
    def is_empty(self) -> bool:
        """Whether only its revision is known any more."""
        return not self.content

    def emptied(self) -> StoredEntry:
        """Return the row without anything that was said: should the entry return, its revisions go on."""
        return replace(self, fingerprint="", content=b"", collections=(), ordinal=None, timed=None)


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a feed's identity bytes hashed to (SHA-256, hexadecimal) when they last changed, and when (UTC, seconds).

    `head` is what it said of itself, as whoever publishes writes it; None where that need not outlive its events.
    """

    digest: str
    last_modified: datetime
    head: str | None = None


def stored_entries(db: Connection, language: str | None = None) -> dict[tuple[str, str], StoredEntry]:
    """Return the entries of one language, or all, by (uid, language)."""
    query = select(revisions)
    if language is not None:
        query = query.where(revisions.c.language == language)
    return {(row.uid, row.language): _entry(row) for row in db.execute(query)}


def save_entries(db: Connection, entries: Iterable[StoredEntry]) -> None:
    """Keep these entries, in place of what was kept under the same (uid, language)."""
    statement = insert_into(db, revisions)
    replaced = {column.name: statement.excluded[column.name] for column in revisions.c if not column.primary_key}
    upsert = statement.on_conflict_do_update(index_elements=["uid", "language"], set_=replaced)
    remaining = iter(entries)
    while rows := [_values(entry) for entry in islice(remaining, _BATCH)]:
        db.execute(upsert, rows)


def feed_states(db: Connection) -> dict[str, FeedState]:
    """Return the state of every feed by its path."""
    return {row.path: FeedState(row.digest, row.last_modified, row.head) for row in db.execute(select(feeds))}


def save_feed_states(db: Connection, states: Mapping[str, FeedState]) -> None:
    """Keep these feeds' states, in place of what was kept under the same path."""
    rows = [{"path": path, **asdict(state)} for path, state in states.items()]
    if rows:
        statement = insert_into(db, feeds)
        replaced = {name: statement.excluded[name] for name in ("digest", "last_modified", "head")}
        db.execute(statement.on_conflict_do_update(index_elements=["path"], set_=replaced), rows)


def _entry(row: Row[Any]) -> StoredEntry:
    revision = Revision(row.uid, row.language, row.sequence, row.created, row.revised, row.digest)
    return StoredEntry(
        revision,
        row.fingerprint,
        row.content,
        row.event_id,
        row.year,
        row.first,
        row.last,
        tuple(row.collections.split()),
        row.cancelled_at,
        row.ordinal,
        row.timed,
    )


def _values(entry: StoredEntry) -> dict[str, object]:
    return {
        # Field by field: dataclasses.asdict copies deeply, which was most of the time of the first start.
        "uid": entry.revision.uid,
        "language": entry.revision.language,
        "sequence": entry.revision.sequence,
        "created": entry.revision.created,
        "revised": entry.revision.revised,
        "digest": entry.revision.digest,
        "fingerprint": entry.fingerprint,
        "content": entry.content,
        "event_id": entry.event_id,
        "year": entry.year,
        "first": entry.first,
        "last": entry.last,
        "collections": " ".join(entry.collections),
        "cancelled_at": entry.cancelled_at,
        "ordinal": entry.ordinal,
        "timed": entry.timed,
    }
