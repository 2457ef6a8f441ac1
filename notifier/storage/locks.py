"""Locks of senders, each its own, and of who publishes, one at a time on one database.

A lock ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from notifier.domain.errors import NotifierError
from notifier.storage.claims import claim_tokens, release_claims
from notifier.storage.engine import connected, reading, unreachable, writing

_PUBLISHING = 7_064_811_004
"""The advisory lock that those who publish meet at on PostgreSQL."""

_ASK_SERVER = 5.0
"""Seconds after which the server is asked whether it still knows a session that nothing was heard of."""

Held = Callable[[], bool]
"""Says whether a lock that was taken is held still."""


class SenderLockLostError(NotifierError):
    """Others take this sender for dead, and may have taken what it had claimed."""

    sentence = "the lock that keeps senders apart was lost while sending; what is left goes out with the next pass"


@contextmanager
def sender_lock(engine: Engine, token: UUID) -> Iterator[Held]:
    """Hold a sender's own lock, by which others know that it lives.

    On SQLite it is a lock of the operating system on a file beside the database, on PostgreSQL an advisory lock of a
    session. Raises DatabaseUnreachableError.
    """
    lock = _file_lock(engine, token) if engine.dialect.name == "sqlite" else _session_lock(engine, token)
    with lock as held:
        yield held


def release_dead(engine: Engine, own: UUID) -> int:
    """Give back what senders had claimed whose lock is free, which means that they died; return how many."""
    with reading(engine) as db:
        others = claim_tokens(db) - {own}
    if not others:
        return 0
    with writing(engine) as db:
        return sum(release_claims(db, token, died=True) for token in others if _is_free(db, token))


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


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _key(token: UUID) -> int:
    """Return the number a sender's lock has."""
    return int.from_bytes(hashlib.sha256(b"notifier.sender " + token.bytes).digest()[:8], signed=True)


@contextmanager
def _session_lock(engine: Engine, token: UUID) -> Iterator[Held]:
    with connected(engine) as db:
        db.execution_options(isolation_level="AUTOCOMMIT")
        key = {"key": _key(token)}
        session = db.execute(text("SELECT pg_backend_pid(), pg_advisory_lock(:key)"), key).one()[0]
        try:
            yield _Session(db, session).held
        finally:
            try:
                db.execute(text("SELECT pg_advisory_unlock(:key)"), key)
            except SQLAlchemyError:
                # The session is gone, and the lock with it; nor is this connection to be given to anybody else.
                db.invalidate()


class _Session:
    """The server's session that a lock belongs to."""

    def __init__(self, db: Connection, number: int) -> None:
        self._db = db
        self._number = number
        self._asked = time.monotonic()
        self._poll = select.poll()
        driver = db.connection.dbapi_connection
        assert driver is not None  # noqa: S101 -- for the type checker: it has just answered
        self._poll.register(driver.fileno(), select.POLLIN)

    def held(self) -> bool:
        """Whether the session is there. A server that ends it says so, without being asked."""
        if not self._poll.poll(0) and time.monotonic() - self._asked < _ASK_SERVER:
            return True
        self._asked = time.monotonic()
        try:
            # A connection that was lost and made again has another number.
            return int(self._db.execute(text("SELECT pg_backend_pid()")).scalar_one()) == self._number
        except SQLAlchemyError:
            return False


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _folder(engine: Engine) -> Path:
    return Path(f"{engine.url.database}.senders")


@contextmanager
def _file_lock(engine: Engine, token: UUID) -> Iterator[Held]:
    folder = _folder(engine)
    path = folder / str(token)
    try:
        folder.mkdir(exist_ok=True)
        _clear(folder)
        descriptor = _locked(path)
    except OSError as error:
        raise unreachable(engine, f"{error.filename or path}: {error.strerror}") from error
    try:
        yield lambda: _is_at(descriptor, path)
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _locked(path: Path) -> int:
    """Make the file and lock it, once more where somebody took it away for a dead one's before it was locked."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_at(descriptor, path):
            return descriptor
        os.close(descriptor)


def _clear(folder: Path) -> None:
    """Remove the files of those who died."""
    for path in folder.iterdir():
        _take_away(path)


def _take_away(path: Path) -> bool:
    """Whether nobody holds the file's lock; the file is then removed."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_at(descriptor, path):
            path.unlink(missing_ok=True)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the file is still the one that others find; one that was removed keeps nobody out."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _is_free(db: Connection, token: UUID) -> bool:
    """Whether a sender's lock is free: it died, or was on another machine whose database this was copied from."""
    if db.dialect.name == "sqlite":
        return _take_away(_folder(db.engine) / str(token))
    query = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool(db.execute(query, {"key": _key(token)}).scalar_one())
