"""The whole history of what was published, as rows of plain values: to be carried from one database to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, func, select

from notifier.storage.columns import UtcInstant
from notifier.storage.tables import feeds, insert_into, revisions

TABLES: Final = (revisions, feeds)
_BATCH = 100

Rows = list[dict[str, object]]


def has_history(db: Connection) -> bool:
    """Whether anything was ever published from this database."""
    return any(db.execute(select(func.count()).select_from(table)).scalar() for table in TABLES)


def history_rows(db: Connection) -> dict[str, Rows]:
    """Return every row by its table's name, in the order of the primary key; values are text, numbers or None."""
    return {table.name: [_plain(table, row) for row in _ordered(db, table)] for table in TABLES}


def save_history(db: Connection, history: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """Keep these rows; what is there already under the same key stays.

    Raises ValueError, KeyError or TypeError for rows that are not of the form `history_rows` returns.
    """
    for table in TABLES:
        rows = [_stored(table, row) for row in history[table.name]]
        statement = insert_into(db, table).on_conflict_do_nothing()
        for start in range(0, len(rows), _BATCH):
            db.execute(statement, rows[start : start + _BATCH])


def _ordered(db: Connection, table: Table) -> Sequence[Mapping[str, object]]:
    rows = [dict(row) for row in db.execute(select(table)).mappings()]
    # Here and not in SQL: databases order text each in its own way.
    return sorted(rows, key=lambda row: [str(row[column.name]) for column in table.primary_key])


def _plain(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    return {column.name: _written(row[column.name]) for column in table.c}


def _written(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _stored(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    unknown = set(row) - set(table.c.keys())
    if unknown:
        raise KeyError(*sorted(unknown))
    return {column.name: _read(column, row) for column in table.c}


def _read(column: Column[object], row: Mapping[str, object]) -> object:
    # A column that a later version has added is left empty, where it may be.
    value = row.get(column.name) if column.nullable else row[column.name]
    if value is None and column.nullable:
        return None
    if isinstance(column.type, UtcInstant):
        instant = datetime.fromisoformat(_text(value))
        if instant.tzinfo is None:
            raise ValueError(value)
        return instant
    if isinstance(column.type, Date):
        return date.fromisoformat(_text(value))
    if isinstance(column.type, LargeBinary):
        return _text(value).encode()
    if not isinstance(value, column.type.python_type):
        raise TypeError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
