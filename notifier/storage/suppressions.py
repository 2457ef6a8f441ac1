"""Addresses that are never written to again: hashes in a table, and in a journal that outlives a restored backup."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from notifier.domain.errors import NotifierError
from notifier.storage.tables import insert_into, suppressions

_LINE = re.compile(r"(?P<hash>[a-z2-7]{16}) (?P<reason>[a-z-]{1,32}) (?P<at>[0-9T:.+-]{25,40})", re.ASCII)
_ENDING = ".suppressions"


class JournalError(NotifierError):
    """What must not be forgotten cannot be written down."""

    sentence = "{place}, which keeps the addresses never to be written to, cannot be used: {cause}"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One address never to be written to, by its hash; `reason` is a word of small letters and hyphens."""

    hash: str
    reason: str
    at: datetime


def is_suppressed(db: Connection, address_hash: str) -> bool:
    """Whether the address with this hash is never to be written to."""
    found = select(suppressions.c.hash).where(suppressions.c.hash == address_hash)
    return db.execute(found).one_or_none() is not None


def keep_suppression(db: Connection, one: Suppression) -> bool:
    """Keep a suppression; return whether it is new. The first reason and instant stand."""
    values = {"hash": one.hash, "reason": one.reason, "at": one.at}
    statement = insert_into(db, suppressions).values(values).on_conflict_do_nothing(index_elements=["hash"])
    return db.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


def journal_of(engine: Engine, folder: Path) -> Journal:
    """Return the journal beside an SQLite file; for another database, the one in `folder`."""
    if engine.dialect.name == "sqlite":
        return Journal(Path(f"{engine.url.database}{_ENDING}"))
    return Journal(folder / _ENDING.removeprefix("."))


class Journal:
    """A file that is only ever added to, one line for each suppression: hash, reason, instant."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, entries: Iterable[Suppression]) -> None:
        """Add lines, and return once they are on the disk. Raises JournalError."""
        # A line that a loss of power cut off is ended first, so that it takes no other with it.
        lines = "".join(f"{one.hash} {one.reason} {one.at.isoformat()}\n" for one in entries).encode("ascii")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, (b"" if _ends(descriptor) else b"\n") + lines)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise JournalError(place=self.path, cause=error.strerror) from error

    def read(self) -> Iterator[Suppression]:
        """Yield every line that was written whole; what is none is passed over. Raises JournalError."""
        try:
            content = self.path.read_text("ascii", errors="replace")
        except FileNotFoundError:
            return
        except OSError as error:
            raise JournalError(place=self.path, cause=error.strerror) from error
        for line in content.splitlines():
            match = _LINE.fullmatch(line)
            if match is not None and (at := _instant(match["at"])) is not None:
                yield Suppression(match["hash"], match["reason"], at)


def _ends(descriptor: int) -> bool:
    """Whether a file is empty or its last line is whole."""
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if at.tzinfo is None else at
