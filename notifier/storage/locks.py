"""One sender, and one who publishes, at a time on one database.

A lock ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from notifier.domain.errors import NotifierError
from notifier.storage.engine import connected, unreachable

_SENDING = 7_064_811_002
"""The advisory lock that senders meet at on PostgreSQL."""

_PUBLISHING = 7_064_811_004
"""Likewise, those who publish."""

Held = Callable[[], bool]
"""Says whether a lock that was taken is held still."""


class SenderLockLostError(NotifierError):
    """Another sender may be running by now."""

    sentence = "the lock that keeps senders apart was lost while sending; what is left goes out with the next pass"


@contextmanager
def sender_lock(engine: Engine) -> Iterator[Held | None]:
    """Give the lock to the one sender that may run now, None where another one is running.

    Whoever holds it knows that every claim in the database was left by a sender that died. On SQLite it is a lock of
    the operating system on a file beside the database, on PostgreSQL an advisory lock of a session.
    Raises DatabaseUnreachableError.
    """
    lock = _file_lock(engine) if engine.dialect.name == "sqlite" else _session_lock(engine)
    with lock as held:
        yield held


@contextmanager
def publishing_lock(engine: Engine) -> Iterator[None]:
    """Wait until nobody else publishes from this database.

    Whoever comes second finds what the first one recorded, and says the same of it.
    """
    if engine.dialect.name == "sqlite":
        with Path(f"{engine.url.database}.publishing").open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connected(engine) as db:
        db.execution_options(isolation_level="AUTOCOMMIT")
        db.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _PUBLISHING})
        try:
            yield
        finally:
            db.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _PUBLISHING})


@contextmanager
def _session_lock(engine: Engine) -> Iterator[Held | None]:
    with connected(engine) as db:
        db.execution_options(isolation_level="AUTOCOMMIT")
        taken, session = db.execute(
            text("SELECT pg_try_advisory_lock(:key), pg_backend_pid()"), {"key": _SENDING}
        ).one()
        if not taken:
            yield None
            return
        try:
            yield lambda: _session_of(db) == session
        finally:
            try:
                db.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _SENDING})
            except SQLAlchemyError:
                # The session is gone, and the lock with it; nor is this connection to be given to anybody else.
                db.invalidate()


def _session_of(db: Connection) -> int | None:
    """Return the number of the server's session; a connection that was lost and made again has another one."""
    try:
        return int(db.execute(text("SELECT pg_backend_pid()")).scalar_one())
    except SQLAlchemyError:
        return None


@contextmanager
def _file_lock(engine: Engine) -> Iterator[Held | None]:
    path = Path(f"{engine.url.database}.sender")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise unreachable(engine, f"{path}: {error.strerror}") from error
    try:
        yield (lambda: _is_at(descriptor, path)) if _taken(engine, descriptor) and _is_at(descriptor, path) else None
    finally:
        os.close(descriptor)


def _taken(engine: Engine, descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise unreachable(engine, f"it cannot be locked: {error.strerror}") from error
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the file is still the one that others find; one that was removed keeps nobody out."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
