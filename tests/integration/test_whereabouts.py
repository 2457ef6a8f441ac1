"""A copied server sends nothing until an operator releases it (MAIL, Sending)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from notifier.services import open_services
from notifier.settings import Settings
from notifier.storage.engine import connected, migrate, open_engine, reading, writing
from notifier.storage.holds import held_because, release_everything
from notifier.storage.place import MarkFile, mark_file, place_of
from notifier.usecases.whereabouts import COPIED, settle_in
from tests.factories import ROOT, make_catalog
from tests.integration.people import at, join

NOW = datetime(2027, 1, 13, 9, tzinfo=UTC)
MACHINE = "0123456789abcdef0123456789abcdef"


def settled(engine: Engine, machine: str = MACHINE) -> str | None:
    settle_in(engine, machine, NOW)
    with reading(engine) as db:
        return held_because(db)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an SQLite server with one reader, started once."""
    folder = tmp_path / "one"
    engine = opened(folder)
    join(engine, make_catalog(), "reader@example.org")
    assert settled(engine) is None
    engine.dispose()
    return folder


def opened(folder: Path) -> Engine:
    engine = open_engine(f"sqlite:///{folder}/notifier.db")
    migrate(engine)
    return engine


def started(folder: Path, machine: str = MACHINE) -> str | None:
    engine = opened(folder)
    try:
        return settled(engine, machine)
    finally:
        engine.dispose()


def test_nothing_is_held_at_the_first_start_nor_at_any_after_it(engine: Engine) -> None:
    join(engine, make_catalog(), "reader@example.org")

    assert [settled(engine) for _ in range(5)] == [None] * 5


def test_a_copied_folder_is_held_until_it_is_released_and_the_first_one_goes_on(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "two")

    assert started(tmp_path / "two") == COPIED
    assert started(tmp_path / "two") == COPIED
    engine = opened(tmp_path / "two")
    with writing(engine) as db:
        assert release_everything(db)
    engine.dispose()
    assert started(tmp_path / "two") is None
    assert started(folder) is None


def test_a_disk_that_starts_in_another_machine_is_held(folder: Path) -> None:
    assert started(folder, "f" * 32) == COPIED


def test_a_container_made_anew_on_the_same_volume_is_not_held(folder: Path) -> None:
    """It has no machine's id; whatever else it is given changes each time."""
    engine = opened(folder)
    place = place_of(engine, "")
    with writing(engine) as db:
        db.execute(text("UPDATE sending SET place = :place"), {"place": place})
    engine.dispose()

    assert [started(folder, "") for _ in range(3)] == [None] * 3


def test_a_folder_that_was_renamed_is_the_same_one(folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "elsewhere")

    assert started(tmp_path / "elsewhere") is None


def test_a_vacuum_and_a_log_that_is_written_back_change_nothing(folder: Path) -> None:
    with sqlite3.connect(folder / "notifier.db", isolation_level=None) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("VACUUM")
    db.close()

    assert started(folder) is None


def test_an_older_database_written_over_the_file_is_held(folder: Path, tmp_path: Path) -> None:
    """A backup that was made by copying: the same file and the same machine, and what was sent since is forgotten."""
    backup = tmp_path / "backup.db"
    shutil.copyfile(folder / "notifier.db", backup)
    assert started(folder) is None

    shutil.copyfile(backup, folder / "notifier.db")

    assert started(folder) == COPIED


def test_the_database_without_the_file_beside_it_is_held(folder: Path) -> None:
    (folder / "notifier.db.mark").unlink()

    assert started(folder) == COPIED


def test_a_new_database_where_nobody_is_yet_is_not_held(folder: Path) -> None:
    for path in folder.glob("notifier.db*"):
        if path.suffix != ".mark":
            path.unlink()

    assert started(folder) is None


def test_a_start_that_was_killed_between_file_and_database_is_not_held(folder: Path) -> None:
    engine = opened(folder)
    file = mark_file(engine)
    assert file is not None
    [mark] = file.read() or []
    file.write([mark, "n" * 32])
    engine.dispose()

    assert started(folder) is None
    assert len(MarkFile(folder / "notifier.db.mark").read() or []) == 1


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A PostgreSQL database that was started once, and a copy of it in the same cluster."""
    postgresql = request.getfixturevalue("postgresql")
    one = open_engine(postgresql.make("place_one", "migrated"))
    join(one, make_catalog(), "reader@example.org")
    assert settled(one) is None
    one.dispose()
    yield postgresql.url("place_one"), postgresql.make("place_two", "place_one")
    postgresql.drop("place_one")
    postgresql.drop("place_two")


def test_a_postgresql_database_is_held_where_it_is_a_copy_and_not_on_another_machine(server: tuple[str, str]) -> None:
    one, two = map(open_engine, server)

    assert settled(one, "another machine") is None
    assert settled(two) == COPIED
    with connected(one) as db:
        assert held_because(db) is None
    one.dispose()
    two.dispose()


def test_a_whole_service_on_a_copied_folder_plans_and_sends_nothing(tmp_path: Path) -> None:
    def service(name: str) -> Settings:
        folder = tmp_path / name
        return Settings.model_validate(
            {
                "events": (str(ROOT / "events.yaml"),),
                "database_url": f"sqlite:///{folder}/notifier.db",
                "mail_url": f"maildir:{folder}/outbox",
                "secret": ("a secret for tests, long enough for anyone",),
                "suppression_secret": "another secret, long enough for anyone at all",
            }
        )

    morning = at("2027-01-13T10:00+01:00")
    with open_services(service("one"), lambda: NOW) as one:
        join(one.engine, one.catalog, "reader@example.org")
        one.tick(at("2027-01-12T10:00+01:00"))
    shutil.copytree(tmp_path / "one", tmp_path / "two")

    with open_services(service("two"), lambda: NOW) as two:
        assert two.tick(morning).sent == 0
        assert two.sending_warnings() == [f"nothing is sent: {COPIED}"]
        two.operating.release("all")
        assert two.tick(morning).sent == 1
    with open_services(service("one"), lambda: NOW) as one:
        assert one.tick(morning).sent == 1
