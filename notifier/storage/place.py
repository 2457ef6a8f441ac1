"""Where a database is, so that a copy of it is known for one.

An SQLite file is known by its inode, by the machine, and by a mark that changes at every start: it stands in the
database and in a file beside it. A PostgreSQL database is known by its cluster's identifier and its own number.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, exists, select, text

from notifier.domain.errors import NotifierError
from notifier.storage.engine import reading
from notifier.storage.tables import insert_into, sending, subscribers

_MACHINE = Path("/etc/machine-id")
_IN_CONTAINER = tuple(
    map(Path, ("/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io", "/run/systemd/container"))
)
_ENDING = ".mark"


class MarkError(NotifierError):
    """What would tell a copy from the server itself cannot be kept."""

    sentence = "{path}, by which a copied database is known, cannot be used: {cause}; make its folder writable"


def this_machine() -> str:
    """Return the machine's own id; nothing where there is none, and in a container, which is made anew time and again.

    See machine-id(5). Host names change too easily to say anything.
    """
    if any(path.exists() for path in _IN_CONTAINER):
        return ""
    with suppress(OSError):
        return _MACHINE.read_text("ascii", errors="replace").strip()
    return ""


def place_of(engine: Engine, machine: str) -> str:
    """Return what says where a database is, on a machine with this id. Raises DatabaseUnreachableError."""
    with reading(engine) as db:
        if db.dialect.name == "postgresql":
            return _cluster(db)
        # Not the device: its number changes from one start of the machine to the next.
        return f"inode {Path(str(engine.url.database)).stat().st_ino} machine {machine}"


def _cluster(db: Connection) -> str:
    oid = db.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    allowed = db.scalar(text("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')"))
    system = db.scalar(text("SELECT system_identifier FROM pg_control_system()")) if allowed else ""
    return f"cluster {system} database {oid}"


def kept_place(db: Connection) -> tuple[str, str] | None:
    """Return the place and mark that the database was last known by; None where it never was. Locked until the end."""
    row = db.execute(select(sending.c.place, sending.c.mark).with_for_update()).one_or_none()
    return None if row is None or row.place is None else (row.place, row.mark)


def keep_place(db: Connection, place: str, mark: str) -> None:
    """Note by what the database is known from now on."""
    values = {"place": place, "mark": mark}
    statement = insert_into(db, sending).values({"id": 1, "reason": "", **values})
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def has_people(db: Connection) -> bool:
    """Whether there is anybody who could be written to."""
    return bool(db.scalar(select(exists().where(subscribers.c.id.is_not(None)))))


class MarkFile:
    """The file beside an SQLite database that has its mark; while it is being changed, the old one and the new."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[str] | None:
        """Return the marks; None where there is no file. Raises MarkError."""
        try:
            return self._path.read_text("ascii", errors="replace").split()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MarkError(path=self._path, cause=error.strerror) from error

    def write(self, marks: Iterable[str]) -> None:
        """Keep these marks, all or none of them. Raises MarkError."""
        part = self._path.with_name(f"{self._path.name}.part")
        try:
            with part.open("w", encoding="ascii") as file:
                file.writelines(f"{mark}\n" for mark in marks)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as error:
            raise MarkError(path=part, cause=error.strerror) from error


def mark_file(engine: Engine) -> MarkFile | None:
    """Return the file beside an SQLite database; None for another one, which several machines may share."""
    return MarkFile(Path(f"{engine.url.database}{_ENDING}")) if engine.dialect.name == "sqlite" else None
