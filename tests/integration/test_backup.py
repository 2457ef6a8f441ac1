"""A backup holds everything, goes into either kind of database, and what is restored waits for an operator."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from notifier.domain.deliveries import DeliveryState
from notifier.storage.dump import NoDumpError, NotEmptyError
from notifier.storage.engine import migrate, open_engine, reading
from notifier.storage.holds import held_because
from notifier.storage.tables import metadata
from notifier.usecases.backup import BackupFileError, restore_backup, rows_to_write, write_backup
from tests.factories import make_catalog
from tests.integration.people import at, join, planned_for, tick

NOW = at("2027-01-14T12:00Z")
CALENDAR = "remembrance.example.org"


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Engine]:
    """An empty database, on SQLite whatever the first one is."""
    engine = open_engine(f"sqlite:///{tmp_path}/copy.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def backup(engine: Engine, tmp_path: Path) -> Path:
    """What stands after a day of planning, on which nothing left."""
    join(engine, make_catalog(), "berlin@example.org")
    join(engine, make_catalog(), "baku@example.org", zone="Asia/Baku", language="en")
    tick(engine, make_catalog(), "2027-01-13T09:00+01:00")
    path = tmp_path / "backup.gz"
    write_backup(engine, path, CALENDAR, NOW)
    return path


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    left_out = {"due", "rates", "sending"}
    with reading(engine) as db:
        return {
            table.name: sorted((tuple(row) for row in db.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in left_out
        }


def test_everything_comes_back(engine: Engine, backup: Path, copy: Engine) -> None:
    restored = restore_backup(copy, backup, NOW, replace=False)

    assert rows(copy) == rows(engine)
    assert (restored.at, restored.calendar, restored.open) == (NOW, CALENDAR, 2)


def test_it_goes_back_into_the_database_it_came_from(engine: Engine, backup: Path) -> None:
    before = rows(engine)
    restore_backup(engine, backup, NOW, replace=True)
    assert rows(engine) == before

    # listmonk#1801: and life goes on, with numbers that nobody has.
    someone = join(engine, make_catalog(), "later@example.org")
    assert someone.id > 2
    tick(engine, make_catalog(), "2027-01-13T10:00+01:00")
    assert len(planned_for(engine, someone)) == 1


def test_what_is_restored_is_held(backup: Path, copy: Engine) -> None:
    restore_backup(copy, backup, NOW, replace=False)

    with reading(copy) as db:
        assert held_because(db) == "restored from backup.gz of 2027-01-14 12:00 UTC"


def test_what_was_sent_after_the_backup_can_be_counted_as_told(backup: Path, copy: Engine) -> None:
    restored = restore_backup(copy, backup, NOW, replace=False, told=date(2027, 1, 14))

    assert restored.open == 0
    states = {row[-1] for row in rows(copy)["deliveries"]}
    assert states
    with reading(copy) as db:
        deliveries = metadata.tables["deliveries"]
        assert set(db.scalars(select(deliveries.c.state))) == {DeliveryState.EXPIRED}
    assert tick(copy, make_catalog(), "2027-01-14T10:00+01:00").planned == 0


def test_people_are_not_mixed(engine: Engine, backup: Path) -> None:
    before = rows(engine)

    with pytest.raises(NotEmptyError, match="holds 2 people already"):
        restore_backup(engine, backup, NOW, replace=False)

    assert rows(engine) == before


def test_half_a_backup_changes_nothing(engine: Engine, backup: Path, tmp_path: Path) -> None:
    before = rows(engine)
    whole = gzip.decompress(backup.read_bytes())
    lines = whole.splitlines(keepends=True)
    broken = {
        "cut": b"".join(lines[:-1]),
        "a row less": b"".join([*lines[:2], *lines[3:]]),
        "something else": b'{"a": 1}\n',
        "no JSON": b"half a",
        "nothing": b"",
        "another version": whole.replace(b'"format":1', b'"format":99', 1),
        "another table": whole.replace(b'"table":"preferences"', b'"table":"nobody"', 1),
    }
    for name, content in broken.items():
        path = tmp_path / f"{name}.gz"
        path.write_bytes(gzip.compress(content))
        with pytest.raises(NoDumpError, match="is not a whole backup of this service"):
            restore_backup(engine, path, NOW, replace=True)
    path = tmp_path / "torn.gz"
    path.write_bytes(backup.read_bytes()[:-20])
    with pytest.raises(NoDumpError):
        restore_backup(engine, path, NOW, replace=True)

    assert rows(engine) == before


def test_a_file_that_is_not_there_is_one_sentence(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BackupFileError, match="No such file"):
        restore_backup(engine, tmp_path / "nothing.gz", NOW, replace=False)
    with pytest.raises(BackupFileError, match="No such file"):
        write_backup(engine, tmp_path / "nowhere" / "backup.gz", None, NOW)


def test_only_its_owner_can_read_it(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.glob("*.part")] == []


def test_it_is_one_moment_although_the_service_goes_on(engine: Engine, tmp_path: Path) -> None:
    join(engine, make_catalog(), "first@example.org")
    total = rows_to_write(engine)
    seen = 0

    def meanwhile() -> None:
        nonlocal seen
        seen += 1
        if seen == 1:
            join(engine, make_catalog(), "second@example.org", zone="Asia/Baku")

    write_backup(engine, tmp_path / "backup.gz", None, NOW, meanwhile)

    assert seen == total
    assert b"second@example.org" not in gzip.decompress((tmp_path / "backup.gz").read_bytes())
