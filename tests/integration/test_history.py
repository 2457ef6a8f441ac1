"""What was published, carried from one database to another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from notifier.content.language import Languages
from notifier.domain.events import Catalog, ProgrammeItem, YearNotes
from notifier.storage.engine import migrate, open_engine
from notifier.storage.locks import publishing_lock
from notifier.usecases.history import (
    HistoryThereError,
    HistoryUnreadableError,
    OtherCalendarError,
    adopt_history,
    lacks_history,
    write_history,
)
from notifier.usecases.publish import Publication, Site, publish_feeds
from tests.factories import LOCALES, black_january, khojaly, make_catalog, text

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
CALENDAR = "remembrance.example.org"
LANGUAGES = Languages(LOCALES)
GERMAN = "/feeds/de/all.ics"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Engine]:
    """A database that has published nothing yet."""
    engine = open_engine(f"sqlite:///{tmp_path}/fresh.db")
    migrate(engine)
    yield engine
    engine.dispose()


def publish(engine: Engine, catalog: Catalog, now: datetime = NOW) -> Site:
    publication = Publication(LANGUAGES, ("en", "de"), "https://days.example.net", years_back=1, years_ahead=3)
    return publish_feeds(engine, catalog, publication, now)


def edited() -> Catalog:
    event = black_january()
    account = replace(event.summary[0], text=text(en="Units entered Baku.", de="Einheiten rückten ein."))
    return make_catalog(replace(event, summary=(account,)), khojaly())


def with_a_past(engine: Engine) -> Site:
    """Publish, edit, take the edit back, and take an event out."""
    for hours, catalog in enumerate((make_catalog(), edited(), make_catalog())):
        publish(engine, catalog, NOW + timedelta(hours=hours))
    return publish(engine, make_catalog(black_january()), NOW + timedelta(hours=9))


def octets(site: Site) -> dict[str, tuple[bytes, datetime]]:
    return {path: (feed.identity, feed.last_modified) for path, feed in site.feeds.items()}


def test_a_database_that_adopted_it_publishes_the_same_bytes_and_times(engine: Engine, fresh: Engine) -> None:
    with_a_past(engine)
    later = NOW + timedelta(days=2)

    adopt_history(fresh, write_history(engine, CALENDAR), CALENDAR, "revisions.json")

    assert octets(publish(fresh, make_catalog(black_january()), later)) == octets(
        publish(engine, make_catalog(black_january()), later)
    )
    assert b"STATUS:CANCELLED" in publish(fresh, make_catalog(black_january()), later).feeds[GERMAN].identity


def test_a_change_after_it_goes_on_counting(engine: Engine, fresh: Engine) -> None:
    with_a_past(engine)
    adopt_history(fresh, write_history(engine, CALENDAR), CALENDAR, "revisions.json")
    before = publish(fresh, make_catalog(black_january()), NOW + timedelta(days=2)).feeds[GERMAN]

    after = publish(fresh, edited(), NOW + timedelta(days=3)).feeds[GERMAN]

    assert b"SEQUENCE:3\r\n" in after.identity
    assert after.last_modified > before.last_modified


def test_it_is_the_same_bytes_from_the_database_that_adopted_it(engine: Engine, fresh: Engine) -> None:
    with_a_past(engine)
    written = write_history(engine, CALENDAR)

    adopt_history(fresh, written, CALENDAR, "revisions.json")

    assert write_history(fresh, CALENDAR) == written


def test_one_that_was_written_before_is_read(engine: Engine, fresh: Engine) -> None:
    """It says neither which anniversary an entry is nor what its programme holds."""
    with_a_past(engine)
    history = json.loads(write_history(engine, CALENDAR))
    for row in history["revisions"]:
        del row["ordinal"], row["timed"]
    adopt_history(fresh, json.dumps(history).encode(), CALENDAR, "revisions.json")

    later = NOW + timedelta(days=2)
    assert octets(publish(fresh, make_catalog(black_january()), later)) == octets(
        publish(engine, make_catalog(black_january()), later)
    )


def test_it_carries_programmes_and_what_was_forgotten(engine: Engine, fresh: Engine) -> None:
    item = ProgrammeItem(datetime.fromisoformat("2027-01-20T12:00"), None, text(en="A minute of silence 🕯"), None)
    with_item = make_catalog(replace(black_january(), years={2027: YearNotes(None, (item,))}))
    publish(engine, make_catalog(), NOW)
    publish(engine, with_item, NOW + timedelta(days=1))
    publish(engine, with_item, NOW + timedelta(days=32))
    written = write_history(engine, CALENDAR)
    adopt_history(fresh, written, CALENDAR, "revisions.json")

    assert write_history(fresh, CALENDAR) == written
    rows = {(row["uid"].partition("@")[0], row["language"]): row for row in json.loads(written)["revisions"]}
    assert "A minute of silence 🕯" in rows["black-january.2027", "de"]["timed"]
    assert rows["black-january.2028", "en"]["timed"] is None
    assert rows["black-january.2027", "en"]["ordinal"] == 37
    assert (rows["khojaly.2027", "en"]["content"], rows["khojaly.2027", "en"]["sequence"]) == ("", 1)


def test_it_is_canonical_json(engine: Engine) -> None:
    with_a_past(engine)

    history = json.loads(write_history(engine, CALENDAR))

    assert list(history) == sorted(history) == ["calendar", "feeds", "format", "revisions"]
    keys = [(row["uid"], row["language"]) for row in history["revisions"]]
    assert keys == sorted(keys)
    assert all(list(row) == sorted(row) for row in history["revisions"])
    assert history["calendar"] == CALENDAR
    assert "days.example.net" not in json.dumps(history)


def test_a_history_is_not_mixed_with_another(engine: Engine) -> None:
    assert lacks_history(engine)
    publish(engine, make_catalog())
    assert not lacks_history(engine)

    with pytest.raises(HistoryThereError, match="has a history of its own"):
        adopt_history(engine, write_history(engine, CALENDAR), CALENDAR, "revisions.json")


def test_the_history_of_another_calendar_is_refused(engine: Engine) -> None:
    with pytest.raises(OtherCalendarError, match=r"is the history of other\.example\.org, and this calendar is"):
        adopt_history(engine, write_history(engine, "other.example.org"), CALENDAR, "revisions.json")


Spoiling = Callable[[dict[str, object]], object]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda history: history.pop("format"),
        lambda history: history.update(format=2),
        lambda history: history.pop("feeds"),
        lambda history: history.update(revisions=[{}]),
        lambda history: history.update(revisions=["a row"]),
        lambda history: history.update(revisions={"a": "row"}),
        lambda history: history["revisions"][0].update(revised="2027-01-01T00:00:00"),
        lambda history: history["revisions"][0].update(revised="never"),
        lambda history: history["revisions"][0].update(sequence="2"),
        lambda history: history["revisions"][0].update(content=3),
        lambda history: history["revisions"][0].update(first=None),
        lambda history: history["revisions"][0].update(added="later"),
        lambda history: history["revisions"][0].update(sequence=10**30),
        lambda history: history["feeds"][0].pop("digest"),
    ],
)
def test_what_is_no_history_is_one_sentence_and_nothing_is_kept(engine: Engine, fresh: Engine, spoil: Spoiling) -> None:
    publish(engine, make_catalog())
    history = json.loads(write_history(engine, CALENDAR))
    spoil(history)

    with pytest.raises(HistoryUnreadableError, match=r"^revisions.json is not a history that this version can read: "):
        adopt_history(fresh, json.dumps(history).encode(), CALENDAR, "revisions.json")
    assert lacks_history(fresh)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"3", b'{"calendar": []'])
def test_what_is_no_json_is_one_sentence(fresh: Engine, content: bytes) -> None:
    with pytest.raises(HistoryUnreadableError):
        adopt_history(fresh, content, CALENDAR, "revisions.json")


def test_two_who_publish_at_once_say_the_same(engine: Engine) -> None:
    """The daemon and `publish` can both be the first to see an edit."""
    publish(engine, make_catalog())

    def publish_edited(seconds: int) -> dict[str, tuple[bytes, datetime]]:
        with publishing_lock(engine):
            return octets(publish(engine, edited(), NOW + timedelta(days=1, seconds=seconds)))

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(publish_edited, range(4))

    assert all(other == first for other in others)
