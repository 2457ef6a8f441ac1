"""One sender at a time on one database; a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

_SENDING = 7_064_811_002
"""The advisory lock that senders meet at on PostgreSQL."""


@contextmanager
def sender_lock(engine: Engine) -> Iterator[bool]:
    """Give True to the one sender that may run now, False where another one is running.

    Whoever holds it knows that every claim in the database was left by a sender that died. On SQLite it is a lock of
    the operating system on a file beside the database, on PostgreSQL an advisory lock of a session.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(Path(f"{engine.url.database}.sender")) as taken:
            yield taken
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        taken = bool(db.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _SENDING}).scalar())
        try:
            yield taken
        finally:
            if taken:
                db.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _SENDING})


@contextmanager
def _file_lock(path: Path) -> Iterator[bool]:
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
