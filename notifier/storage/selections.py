"""Built selections: what each is, when it was last fetched, and when its feed last changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from notifier.storage.tables import insert_into, selections


@dataclass(frozen=True, slots=True)
class StoredSelection:
    """One built selection.

    `last_fetched` is a date in UTC; `digest` is what its feed was made from (SHA-256, hexadecimal) when that last
    changed, at `last_modified`. Instants are UTC.
    """

    token: str
    canonical: str
    created_at: datetime
    last_fetched: date
    digest: str
    last_modified: datetime
    retired_at: datetime | None = None


def stored_selection(db: Connection, token: str) -> StoredSelection | None:
    """Return the selection with this token, retired or not."""
    columns = selections.c
    query = select(
        columns.token,
        columns.canonical,
        columns.created_at,
        columns.last_fetched,
        columns.digest,
        columns.last_modified,
        columns.retired_at,
    ).where(columns.token == token)
    row = db.execute(query).one_or_none()
    return None if row is None else StoredSelection(*row)


def keep_selection(db: Connection, built: StoredSelection) -> None:
    """Keep a selection that was built now; one that was retired comes back, and keeps when it was first built."""
    statement = insert_into(db, selections)
    new = statement.excluded
    replaced = {
        "last_fetched": new.last_fetched,
        "retired_at": None,
        "digest": new.digest,
        "last_modified": new.last_modified,
    }
    values = {
        "token": built.token,
        "canonical": built.canonical,
        "created_at": built.created_at,
        "last_fetched": built.last_fetched,
        "digest": built.digest,
        "last_modified": built.last_modified,
    }
    db.execute(statement.on_conflict_do_update(index_elements=["token"], set_=replaced), values)


def date_selection(db: Connection, token: str, known: str, digest: str, last_modified: datetime) -> bool:
    """Note that a selection's feed changed, and when; False where somebody has noted that since `known` was read."""
    statement = (
        update(selections)
        .where(selections.c.token == token, selections.c.digest == known)
        .values(digest=digest, last_modified=last_modified)
    )
    return db.execute(statement).rowcount == 1


def note_fetched(db: Connection, tokens: Collection[str], day: date) -> None:
    """Note that these were fetched on a date; a date never goes back."""
    if tokens:
        statement = (
            update(selections)
            .where(selections.c.token == bindparam("fetched"), selections.c.last_fetched < day)
            .values(last_fetched=day)
        )
        db.execute(statement, [{"fetched": token} for token in sorted(tokens)])


def delete_selections(db: Connection, retired_before: datetime) -> int:
    """Delete what was retired before an instant; return how many that were."""
    return db.execute(delete(selections).where(selections.c.retired_at < retired_before)).rowcount


def retire_selections(db: Connection, before: date, now: datetime) -> int:
    """Retire what was last fetched before a date; return how many that were."""
    statement = (
        update(selections)
        .where(selections.c.last_fetched < before, selections.c.retired_at.is_(None))
        .values(retired_at=now)
    )
    return db.execute(statement).rowcount
