"""The whole database as lines of JSON, readable into either kind of database.

The first line says what it is; each table begins with a line that names it and its columns, and its rows follow, one
array a line. The last line counts them, so that a file that was cut off is known.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, delete, func, insert, select, text

from notifier.domain.errors import NotifierError
from notifier.storage.columns import UtcInstant
from notifier.storage.tables import calendar, due, metadata, rates, sending

_FORMAT = 1
_BATCH = 1000

_LEFT_OUT = {due, rates, sending}
"""What holds for the moment and the machine alone."""


class NoDumpError(NotifierError):
    """Something else, or half of it."""

    sentence = "{place} is not a whole backup of this service: {cause}"


class NotEmptyError(NotifierError):
    """What is there would be mixed with what comes."""

    wrong_use = True
    sentence = "the database holds {people} people already; restore into an empty one, or add --replace to lose them"


@dataclass(frozen=True, slots=True)
class DumpHead:
    """What the first line says: when it was written (UTC), of which calendar (None before one was published)."""

    at: datetime
    calendar: str | None


def dumped(db: Connection, head: DumpHead, step: Callable[[], object] = lambda: None) -> Iterator[str]:
    """Yield the lines of everything there is, `step` being called after each row.

    What another process writes meanwhile is not in it: it is the database of one moment.
    """
    if db.dialect.name == "postgresql":
        db.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    yield _line({"notifier": "backup", "format": _FORMAT, "at": head.at.isoformat(), "calendar": head.calendar})
    counts = {}
    for table in _tables():
        yield _line({"table": table.name, "columns": [column.name for column in table.columns]})
        count = 0
        query = select(table).order_by(*table.primary_key.columns)
        for row in db.execute(query, execution_options={"yield_per": _BATCH}):
            yield _line([_plain(value) for value in row])
            count += 1
            step()
        counts[table.name] = count
    yield _line({"end": counts})


def rows_there(db: Connection) -> int:
    """Return how many rows `dumped` will yield."""
    return sum(db.execute(select(func.count()).select_from(table)).scalar_one() for table in _tables())


def load_dump(
    db: Connection, lines: Iterable[str], place: str, *, replace: bool, step: Callable[[], object] = lambda: None
) -> DumpHead:
    """Read a dump into the database, which is empty, or emptied before with `replace`.

    A dump of an earlier version is read where all that it lacks has a default. Everything is read or nothing.
    `place` names the file in errors. Raises NoDumpError and NotEmptyError.
    """
    _make_room(db, replace=replace)
    rows = iter(lines)
    try:
        head = _head(json.loads(next(rows)), place)
        counts = _read_tables(db, rows, place, step)
    except (ValueError, TypeError, KeyError, StopIteration, RecursionError) as error:
        raise NoDumpError(place=place, cause=str(error) or "it is empty") from error
    _go_on_numbering(db, counts)
    return head


def _tables() -> Sequence[Table]:
    """Return the tables, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if table not in _LEFT_OUT]


def _make_room(db: Connection, *, replace: bool) -> None:
    people = db.execute(select(func.count()).select_from(metadata.tables["subscribers"])).scalar_one()
    if people and not replace:
        raise NotEmptyError(people=people)
    for table in reversed([*_tables(), due]):
        db.execute(delete(table))


def _head(value: object, place: str) -> DumpHead:
    if not isinstance(value, dict) or value.get("notifier") != "backup":
        raise NoDumpError(place=place, cause="its first line does not say so")
    if value["format"] != _FORMAT:
        raise NoDumpError(place=place, cause=f"its format {value['format']} is not known to this version")
    return DumpHead(datetime.fromisoformat(value["at"]), value["calendar"])


def _read_tables(db: Connection, lines: Iterator[str], place: str, step: Callable[[], object]) -> dict[Table, int]:
    counts: dict[Table, int] = {}
    table, columns, batch = None, [], []
    for line in lines:
        value = json.loads(line)
        if isinstance(value, list):
            if table is None:
                raise NoDumpError(place=place, cause="rows stand before the name of their table")
            batch.append({column.name: _value(column, one) for column, one in zip(columns, value, strict=True)})
            counts[table] += 1
            step()
        if table is not None and batch and (len(batch) == _BATCH or not isinstance(value, list)):
            db.execute(insert(table), batch)
            batch = []
        if isinstance(value, dict) and "end" in value:
            if value["end"] != {one.name: count for one, count in counts.items()}:
                raise NoDumpError(place=place, cause="rows are missing")
            return counts
        if isinstance(value, dict):
            table = metadata.tables[value["table"]]
            columns = [table.columns[name] for name in value["columns"]]
            counts[table] = 0
    raise NoDumpError(place=place, cause="it was cut off")


def _go_on_numbering(db: Connection, counts: Iterable[Table]) -> None:
    """Let PostgreSQL number new rows after those that came with numbers of their own; SQLite does so by itself."""
    if db.dialect.name != "postgresql":
        return
    for table in counts:
        if table is not calendar and "id" in table.columns:
            highest = select(func.coalesce(func.max(table.c.id), 1)).scalar_subquery()
            has_any = select(func.count() > 0).select_from(table).scalar_subquery()
            db.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest, has_any)))


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    match value:
        case bytes():
            return b64encode(value).decode("ascii")
        case Enum():
            return value.value
        case date():  # a datetime is one as well
            return value.isoformat()
        case _:
            return value


def _value(column: Column[Any], value: object) -> object:
    if not isinstance(value, str):
        return value
    if isinstance(column.type, UtcInstant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return b64decode(value, validate=True)
    return column.type.python_type(value)
