"""Backup and restore: the database as one file, and back, held until an operator has looked."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from notifier.domain.errors import NotifierError
from notifier.storage.dump import DumpHead, NoDumpError, dumped, load_dump, rows_there
from notifier.storage.engine import reading, writing
from notifier.storage.holds import hold_everything
from notifier.storage.told import told_through


class BackupFileError(NotifierError):
    """The system does not let us."""

    sentence = "{path}: {cause}"


@dataclass(frozen=True, slots=True)
class Restored:
    """When the backup was made (UTC), of which calendar; `open` counts messages in it that had not left by then."""

    at: datetime
    calendar: str | None
    open: int


def rows_to_write(engine: Engine) -> int:
    """Return how many rows a backup has, for whoever shows how far it is."""
    with reading(engine) as db:
        return rows_there(db)


def write_backup(
    engine: Engine, path: Path, calendar: str | None, now: datetime, step: Callable[[], object] = lambda: None
) -> None:
    """Write everything the database holds into `path`, readable by its owner alone, whole or not at all.

    Secrets are in no database, and in no backup. Raises BackupFileError.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with (
            _new_file(part) as file,
            gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed,
            reading(engine) as db,
        ):
            for line in dumped(db, DumpHead(now, calendar), step):
                packed.write(line.encode() + b"\n")
        part.replace(path)
    except OSError as error:
        raise BackupFileError(path=path, cause=error.strerror or error) from error
    finally:
        part.unlink(missing_ok=True)


def restore_backup(  # noqa: PLR0913  # whence, whither, and under which conditions
    engine: Engine,
    path: Path,
    now: datetime,
    *,
    replace: bool,
    told: date | None = None,
    step: Callable[[], object] = lambda: None,
) -> Restored:
    """Read a backup into the database, and hold everything until `notifier release all`.

    With `told`, everybody counts as told of everything through that date, and what was still to leave by then expires:
    what the service that the backup is of has sent since is not sent again. Raises BackupFileError, NoDumpError,
    NotEmptyError.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines, writing(engine) as db:
            head = load_dump(db, lines, str(path), replace=replace, step=step)
            hold_everything(db, f"restored from {path.name} of {head.at:%Y-%m-%d %H:%M} UTC", now)
            return Restored(head.at, head.calendar, told_through(db, told, now))
    except (gzip.BadGzipFile, EOFError, UnicodeError) as error:
        raise NoDumpError(place=path, cause=str(error)) from error
    except OSError as error:
        raise BackupFileError(path=path, cause=error.strerror or error) from error


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
