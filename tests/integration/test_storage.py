from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, insert, inspect, select, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.exc import IntegrityError, StatementError

from notifier.domain.deliveries import EditionKey, NoticeKey
from notifier.domain.revisions import Revision
from notifier.storage.editions import EditionContent, edition, edition_by_key, keep_content, keep_editions
from notifier.storage.engine import (
    DatabaseAddressError,
    DatabaseNewerError,
    DatabaseUnreachableError,
    migrate,
    open_engine,
    reading,
    schema_is_current,
    upgrade,
    writing,
)
from notifier.storage.revisions import (
    FeedState,
    StoredEntry,
    feed_states,
    save_entries,
    save_feed_states,
    stored_entries,
)
from notifier.storage.tables import feeds, metadata, subscribers

NOON = datetime(2027, 1, 13, 12, tzinfo=UTC)


def test_the_migrations_make_what_a_new_database_begins_with(empty_database_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = open_engine(empty_database_url)
    with writing(engine) as db:
        upgrade(db)
    with reading(engine) as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
        step_by_step = schema_of(db)
    assert schema_is_current(engine)

    with writing(engine) as db:
        metadata.drop_all(db)
        db.execute(text("DROP TABLE alembic_version"))
    migrate(engine)
    with reading(engine) as db:
        assert schema_of(db) == step_by_step
    assert schema_is_current(engine)
    engine.dispose()


def index_of(index: ReflectedIndex) -> str:
    where = {name: str(option) for name, option in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {where}"


def schema_of(db: Connection) -> dict[str, object]:
    """Return every table's columns, keys, and indexes as the database itself tells them."""
    inspector = inspect(db)
    return {
        table: (
            # By name: what a migration adds stands at the end.
            sorted(
                (column["name"], str(column["type"]), column["nullable"], str(column["default"]))
                for column in inspector.get_columns(table)
            ),
            inspector.get_pk_constraint(table),
            sorted(map(str, inspector.get_foreign_keys(table))),
            sorted(map(str, inspector.get_unique_constraints(table))),
            sorted(map(index_of, inspector.get_indexes(table))),
        )
        for table in sorted(inspector.get_table_names())
        if table != "alembic_version"
    } | {"numbered once": numbered_once(db)}


def numbered_once(db: Connection) -> list[str]:
    """Return the tables of SQLite in which no number is given twice."""
    if db.dialect.name == "postgresql":
        return []
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' ORDER BY name"
    return list(db.scalars(text(query)))


def test_a_new_database_is_not_current_until_it_is_migrated(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    assert not schema_is_current(engine)

    migrate(engine)

    assert schema_is_current(engine)
    engine.dispose()


def test_four_that_start_at_the_same_moment_migrate_once(empty_database_url: str) -> None:
    together = Barrier(4)

    def start(_: int) -> bool:
        engine = open_engine(empty_database_url)
        together.wait()
        migrate(engine)
        current = schema_is_current(engine)
        engine.dispose()
        return current

    with ThreadPoolExecutor(4) as starting:
        assert list(starting.map(start, range(4))) == [True] * 4


def test_the_database_of_a_newer_version_is_left_alone(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseNewerError, match="newer version"):
        migrate(engine)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "notifier.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://me:hush@host/name",
        "postgresql://me:hush@host:port/db",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(DatabaseAddressError) as caught:
        open_engine(url)
    assert "hush" not in str(caught.value)


def test_a_server_that_does_not_answer_is_said_in_one_line_without_the_password() -> None:
    engine = open_engine("postgresql://me:hush@127.0.0.1:1/notifier")

    with pytest.raises(DatabaseUnreachableError, match=r"postgresql\+psycopg://me:\*\*\*@127.0.0.1:1") as caught:
        migrate(engine)
    assert "hush" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "notifier.db").write_text("Dear diary, " * 1000)

    with pytest.raises(DatabaseUnreachableError, match="not a database"):
        migrate(open_engine(f"sqlite:///{tmp_path}/notifier.db"))


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")

    with pytest.raises(DatabaseUnreachableError, match="cannot be opened"):
        open_engine(f"sqlite:///{tmp_path}/var/notifier.db")


def test_sqlite_is_set_so_that_nothing_committed_is_lost_and_no_writer_is_turned_away(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/var/notifier.db")
    names = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")

    with reading(engine) as db:
        assert [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names] == ["wal", 1, 10_000, 2]
    engine.dispose()


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    def write() -> None:
        with writing(engine) as db:
            save_feed_states(db, {"/feeds/en/all.ics": FeedState("0", NOON)})
            db.execute(insert(subscribers).values(key="0"))

    with pytest.raises(IntegrityError):
        write()
    with reading(engine) as db:
        assert feed_states(db) == {}


def test_a_reader_sees_one_state_of_sqlite_throughout(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/notifier.db")
    migrate(engine)

    with reading(engine) as before:
        assert feed_states(before) == {}
        with writing(engine) as db:
            save_feed_states(db, {"/feeds/en/all.ics": FeedState("0", NOON)})
        assert feed_states(before) == {}
    engine.dispose()


def test_an_instant_comes_back_as_the_same_instant_in_utc(engine: Engine) -> None:
    exact = datetime(2027, 1, 13, 9, 30, 15, 123456, timezone(timedelta(hours=5, minutes=45)))
    ancient = datetime(1900, 1, 1, 0, 0, 0, 1, UTC)

    with writing(engine) as db:
        save_feed_states(db, {"exact": FeedState("0", exact), "ancient": FeedState("0", ancient)})
        kept = feed_states(db)
        soonest_first = list(db.scalars(select(feeds.c.path).order_by(feeds.c.last_modified)))

    assert (kept["exact"].last_modified, kept["ancient"].last_modified) == (exact, ancient)
    assert kept["exact"].last_modified.utcoffset() == timedelta()
    assert soonest_first == ["ancient", "exact"]


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(StatementError, match="has no zone"), writing(engine) as db:
        save_feed_states(db, {"path": FeedState("0", naive)})


def entry(uid: str = "black-january.2027@remembrance.example.org", language: str = "en") -> StoredEntry:
    return StoredEntry(
        Revision(uid, language, 0, NOON, NOON, "d" * 64),
        "fingerprint",
        b"SUMMARY:Black January\r\n",
        "black-january",
        2027,
        date(2027, 1, 20),
        date(2027, 1, 20),
        ("azerbaijan", "world"),
    )


def test_entries_are_kept_by_uid_and_language_and_the_later_one_stays(engine: Engine) -> None:
    english, german = entry(), entry(language="de")
    mended = replace(english, revision=replace(english.revision, sequence=1), content=b"mended", collections=())
    gone = replace(german, cancelled_at=NOON)

    with writing(engine) as db:
        save_entries(db, [english, german])
        assert stored_entries(db) == {(english.revision.uid, one.revision.language): one for one in (english, german)}
        save_entries(db, [mended, gone])
        save_entries(db, [])

        assert stored_entries(db, "en") == {(english.revision.uid, "en"): mended}
        assert stored_entries(db, "de") == {(english.revision.uid, "de"): gone}


def test_a_feeds_state_is_replaced_and_the_others_stay(engine: Engine) -> None:
    first, second = FeedState("1", NOON), FeedState("2", NOON + timedelta(seconds=1))

    with writing(engine) as db:
        save_feed_states(db, {"/feeds/en/all.ics": first, "/feeds/de/all.ics": first})
        save_feed_states(db, {"/feeds/en/all.ics": second})

        assert feed_states(db) == {"/feeds/en/all.ics": second, "/feeds/de/all.ics": first}


def test_an_edition_is_kept_once_and_its_text_when_it_is_rendered(engine: Engine) -> None:
    key = EditionKey("de", date(2027, 1, 13), (NoticeKey(7, "black-january", 2027),))

    with writing(engine) as db:
        [id_] = keep_editions(db, [key], NOON).values()
        assert keep_editions(db, [key], NOON) == {key: id_}
        made = edition(db, id_)
        assert (made.of, made.state, made.content, len(made.key)) == (key, "released", None, 26)
        keep_content(db, id_, EditionContent("subject", "text", "<p>html</p>"))

        assert edition_by_key(db, made.key) == replace(made, content=EditionContent("subject", "text", "<p>html</p>"))
        assert edition_by_key(db, "unknown") is None


def test_whoever_writes_to_sqlite_is_alone_from_the_beginning(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/notifier.db")
    migrate(engine)

    with closing(sqlite3.connect(f"{tmp_path}/notifier.db", timeout=0, isolation_level=None)) as impatient:
        with writing(engine), pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient.execute("BEGIN IMMEDIATE")
        impatient.execute("BEGIN IMMEDIATE")
    engine.dispose()
