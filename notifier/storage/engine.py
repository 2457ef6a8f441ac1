"""Opens the database, one SQLite file or PostgreSQL, and brings its schema up to date.

SQLAlchemy leaves sqlite3's own idea of when a transaction begins in place; here every transaction begins when it is
said to, so that a reader sees one state throughout and a writer never has to give way half done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from notifier.domain.errors import NotifierError

_WAIT = 10
"""Seconds to wait for another writer, or for a server that does not answer."""

_CACHE = 8_000
"""Kibibytes of an SQLite file a connection keeps; with 2,000, moving a million people on takes 1.4 times as long."""

_WRITES, _PATIENCE = "notifier_writes", "notifier_patience"
_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}
_SQLITE = {"sqlite", "sqlite+pysqlite"}

_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATING = 7_064_811_001
"""The advisory lock two starting processes meet at; any number that nobody else uses."""


class DatabaseError(NotifierError):
    """The database cannot be used."""


class DatabaseAddressError(DatabaseError):
    """An address of a form that is not known. It is not repeated: it may hold a password."""

    sentence = (
        "the database's address cannot be read; write sqlite:///var/notifier.db or postgresql://user:password@host/name"
    )


class DatabaseUnreachableError(DatabaseError):
    """The database is not there, or does not let us in."""

    sentence = "the database {address} cannot be opened: {cause}"


class DatabaseBusyError(DatabaseError):
    """Somebody else kept writing for longer than anybody waits."""

    sentence = "the database is busy: another process has been writing to it for {seconds} seconds; try again"


class DatabaseNewerError(DatabaseError):
    """The database was brought further than this version knows."""

    sentence = "the database was made by a newer version (its schema is {version}); start that version instead"


def open_engine(url: str, wait: float = _WAIT) -> Engine:
    """Return the engine for `sqlite:///path` or `postgresql://…`; makes the folder of an SQLite file.

    Whoever writes waits at most `wait` seconds for others. Nothing is connected yet. Raises DatabaseAddressError, and
    DatabaseUnreachableError when the folder cannot be made.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseAddressError from None  # the cause would show the password
    if address.drivername in _POSTGRESQL:
        options = {"connect_timeout": _WAIT, "application_name": "notifier"}
        # A server that was restarted is noticed before a transaction begins.
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            connect_args=options,
            execution_options={_PATIENCE: wait},
            pool_pre_ping=True,
            hide_parameters=True,
        )
    if address.drivername in _SQLITE and address.database and address.database != ":memory:":
        return _open_sqlite(address, Path(address.database), wait)
    raise DatabaseAddressError


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a transaction that only reads. On SQLite it sees one state from its first statement on."""
    with connected(engine) as db:
        yield db


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a transaction that is committed at the end, or rolled back when an error leaves the block.

    On SQLite it is the only writer from its beginning (BEGIN IMMEDIATE): one that first read and then wrote could
    find that somebody else had written in between, and would fail however long it waited.
    """
    with connected(engine) as db, writing_on(db):
        yield db


@contextmanager
def writing_on(db: Connection) -> Iterator[None]:
    """Make a transaction that writes, as `writing` does, on a connection that is kept for many.

    Raises DatabaseBusyError where another writer on SQLite, or who has a row on PostgreSQL, does not come to an end.
    """
    db.execution_options(**{_WRITES: True})
    try:
        with db.begin():
            if db.dialect.name == "postgresql":
                milliseconds = round(1000 * db.get_execution_options()[_PATIENCE])
                db.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
            yield
    except OperationalError as error:
        if _waited_in_vain(error.orig):
            raise DatabaseBusyError(seconds=_WAIT) from error
        raise


def wait_without_limit(db: Connection) -> None:
    """Let a transaction that writes wait as long as it takes: for another one that does the same work."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("SET LOCAL lock_timeout = 0")


def _waited_in_vain(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode == sqlite3.SQLITE_BUSY
    # lock_not_available, deadlock_detected (PostgreSQL, appendix A)
    return getattr(cause, "sqlstate", None) in {"55P03", "40P01"}


def schema_is_current(engine: Engine) -> bool:
    """Whether the database has the schema of this version."""
    with reading(engine) as db:
        return _version(db) == _known_versions()[-1]


def migrate(engine: Engine) -> None:
    """Bring the schema up to date, in one transaction; does nothing, and costs nothing, when it is.

    Of two processes that start at once one waits for the other. Raises DatabaseNewerError.
    """
    if schema_is_current(engine):
        return
    with writing(engine) as db:
        if db.dialect.name == "postgresql":
            wait_without_limit(db)
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        version = _version(db)
        if version is not None and version not in _known_versions():
            raise DatabaseNewerError(version=version)
        if version is None:
            _make(db)
        elif version != _known_versions()[-1]:
            upgrade(db)


def _make(db: Connection) -> None:
    """Make the schema of this version at once, as the migrations would step by step; a test holds the two equal.

    A first start so does without Alembic, which takes 80 ms and 9 MB to import.
    """
    from notifier.storage.tables import make_tables

    make_tables(db)
    db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    db.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": _known_versions()[-1]})


def upgrade(db: Connection) -> None:
    """Run the migrations that are missing."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": db})
    # ConfigParser would read a % in the path as the beginning of a name.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")


def _known_versions() -> list[str]:
    """Return the migrations there are, oldest first: their files begin with their number."""
    return sorted(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("*_*.py"))


def _version(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    version: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """Give a connection without a transaction. Raises DatabaseUnreachableError when there is none to be had."""
    with opened(engine) as db:
        yield db


def opened(engine: Engine) -> Connection:
    """Return a connection that is to be closed. Raises DatabaseUnreachableError when there is none to be had."""
    try:
        return engine.connect()
    except DBAPIError as error:
        raise unreachable(engine, str(error.orig).strip().partition("\n")[0]) from error


def unreachable(engine: Engine, cause: str) -> DatabaseUnreachableError:
    """Return the error that says why the database cannot be opened, without its password."""
    if engine.url.password:
        cause = cause.replace(str(engine.url.password), "***")
    address = engine.url.set(query={}).render_as_string(hide_password=True)
    return DatabaseUnreachableError(address=address, cause=cause)


def _open_sqlite(address: URL, path: Path, wait: float) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnreachableError(address=address, cause=error.strerror) from error
    engine = create_engine(address, connect_args={"timeout": wait}, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # no BEGIN of sqlite3's own
    if _journal(connection) != "wal":
        # Two processes that both make the file meet here without waiting; one is told that it is locked.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What was taken away is not left in the file for whoever reads its free pages; most builds do so anyway.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    # What was said to be committed survives a loss of power, not only of the process.
    connection.execute("PRAGMA synchronous = FULL")


def _journal(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def _begin_sqlite(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get(_WRITES) else "BEGIN")
