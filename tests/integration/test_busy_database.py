"""A database that is kept busy, or is not there: whoever asks is told to come again, and nothing was done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from notifier.storage.engine import DatabaseBusyError, migrate, open_engine, writing
from notifier.storage.subscribers import subscriber_by_email
from tests.factories import make_catalog
from tests.integration.people import join
from tests.integration.visiting import RealSite, visiting

SENT = {"email": "reader@example.org"}


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Engine]:
    """A database whose writers wait 50 ms for each other, not ten seconds."""
    engine = open_engine(f"sqlite:///{tmp_path}/notifier.db")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 50"))
    migrate(engine)
    yield engine
    engine.dispose()


@contextmanager
def another_writing(tmp_path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(f"{tmp_path}/notifier.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def told_to_come_again(answer: Any) -> bool:
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "Please try again later." in answer.text
    return True


def test_whoever_writes_for_too_long_is_one_sentence(impatient: Engine, tmp_path: Path) -> None:
    with (
        another_writing(tmp_path),
        pytest.raises(DatabaseBusyError, match="the database is busy: another process has been writing to it for"),
        writing(impatient),
    ):
        pass
    with writing(impatient):
        pass


def test_forms_and_links_can_be_sent_again(impatient: Engine, tmp_path: Path) -> None:
    site = visiting(impatient, tmp_path)
    browser = site.browser()

    with another_writing(tmp_path):
        assert told_to_come_again(browser.post("/subscriptions", data=SENT))
    assert browser.post("/subscriptions", data=SENT).status_code == 200
    confirm = site.letters()[-1].link("confirm")
    with another_writing(tmp_path):
        assert told_to_come_again(browser.post(confirm))
        assert browser.get(confirm).status_code == 200
    assert browser.post(confirm).status_code == 200
    leave = site.letters()[-1].link("unsubscribe")
    with another_writing(tmp_path):
        assert told_to_come_again(browser.post(leave, data={"List-Unsubscribe": "One-Click"}))
    assert browser.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_settings_are_not_said_to_be_unreadable(impatient: Engine, tmp_path: Path) -> None:
    site = visiting(impatient, tmp_path)
    browser = site.browser()
    browser.post("/subscriptions", data=SENT)
    browser.post(site.letters()[-1].link("confirm"))
    browser.post("/manage", data=SENT)
    browser.post(site.letters()[-1].link("manage"))

    with another_writing(tmp_path):
        assert told_to_come_again(browser.post("/manage/leave"))
    assert browser.post("/manage/leave").status_code == 303


def test_a_server_that_is_not_there_is_no_fault_of_the_link(impatient: Engine, tmp_path: Path) -> None:
    site = visiting(impatient, tmp_path)
    site.browser().post("/subscriptions", data=SENT)
    confirm = site.letters()[-1].link("confirm")
    gone: RealSite = visiting(open_engine(f"postgresql://reader@/notifier?host={tmp_path}"), tmp_path)

    assert told_to_come_again(gone.browser().get(confirm))
    assert told_to_come_again(gone.browser().post(confirm))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_row_that_somebody_keeps_is_not_waited_for_without_an_end(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    impatient = open_engine(database_url, wait=0.05)
    site = visiting(impatient, tmp_path)
    person = join(engine, make_catalog(), SENT["email"])
    leave = f"/unsubscribe/{site.tokens.unsubscribe(person.key)}"

    with writing(engine) as db:
        subscriber_by_email(db, person.email, lock=True)
        assert told_to_come_again(site.browser().post(leave, data={"List-Unsubscribe": "One-Click"}))
        assert told_to_come_again(site.browser().post("/subscriptions", data=SENT))
    assert site.browser().post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    impatient.dispose()
