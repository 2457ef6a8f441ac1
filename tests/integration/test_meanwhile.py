"""What people do while a plan is made, which they do not see yet: nobody is told twice for it, and nobody never."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from notifier.domain.deliveries import SubscriberStatus
from notifier.storage.engine import open_engine, writing
from notifier.storage.subscribers import Subscriber, erase, set_status
from notifier.usecases.manage import change_preference, pause, resume, take_back
from notifier.usecases.release import cancel
from notifier.usecases.subscribe import find_subscriber, unsubscribe
from tests.factories import khojaly, make_catalog, make_event
from tests.integration.people import at, attempt, days_left, join, preference, tick

CATALOG = make_catalog()
BEFORE, NOW, NEXT = "2027-01-12T09:00+01:00", "2027-01-13T09:00+01:00", "2027-01-14T09:00+01:00"
LATER = at("2027-01-13T09:00:30+01:00")


@pytest.fixture
def reader(engine: Engine) -> Subscriber:
    """Somebody who stands with another one of the same preference."""
    reader = join(engine, CATALOG, "reader@example.org")
    join(engine, CATALOG, "other@example.org")
    tick(engine, CATALOG, BEFORE)
    return reader


@contextmanager
def other_process(engine: Engine) -> Iterator[Engine]:
    other = open_engine(engine.url.render_as_string(hide_password=False))
    yield other
    other.dispose()


def while_a_plan_is_made(engine: Engine, do: Callable[[Engine], object]) -> None:
    """Do something between the last statement of a plan and its commit; it may wait for that."""
    begun: list[Future[object]] = []

    def begin(_: object) -> None:
        begun.append(person.submit(do, other))
        wait(begun, 0.5)

    with other_process(engine) as other, ThreadPoolExecutor(1) as person:
        event.listen(engine, "commit", begin, once=True)
        tick(engine, CATALOG, NOW)
        begun[0].result(30)


def told(engine: Engine, reader: Subscriber) -> list[tuple[int, ...]]:
    """Go on for two days and return the days left that each message says which left."""
    attempt(engine, "2027-01-13T09:01+01:00")
    for now in ("2027-01-13T09:02+01:00", NEXT, "2027-01-15T09:00+01:00"):
        tick(engine, CATALOG, now)
        attempt(engine, now)
    return days_left(engine, reader)


def test_another_choice(engine: Engine, reader: Subscriber) -> None:
    wanted = preference(leads=(7, 3, 1, 0))
    while_a_plan_is_made(engine, lambda db: change_preference(db, CATALOG, reader.key, wanted, LATER))

    assert told(engine, reader) == [(7,)]


def test_a_pause_that_is_ended_at_once(engine: Engine, reader: Subscriber) -> None:
    while_a_plan_is_made(engine, lambda db: pause(db, reader.key, at(NEXT).date(), LATER))
    resume(engine, reader.key, LATER)

    assert told(engine, reader) == [(7,)]


def test_leaving_that_is_taken_back(engine: Engine, reader: Subscriber) -> None:
    while_a_plan_is_made(engine, lambda db: unsubscribe(db, reader.key, LATER))
    assert take_back(engine, reader.key, LATER.replace(microsecond=0), LATER, day_alone=False)

    assert told(engine, reader) == [(7,)]


def test_an_address_that_is_suspended_and_put_right(engine: Engine, reader: Subscriber) -> None:
    def suspend(db: Engine) -> None:
        with writing(db) as one:
            set_status(one, reader.id, SubscriberStatus.SUSPENDED, LATER)

    while_a_plan_is_made(engine, suspend)
    resume(engine, reader.key, LATER)

    assert told(engine, reader) == [(7,)]


def test_being_forgotten(engine: Engine, reader: Subscriber) -> None:
    def forget(db: Engine) -> None:
        with writing(db) as one:
            erase(one, reader.id)

    while_a_plan_is_made(engine, forget)

    assert find_subscriber(engine, reader.email) is None
    assert told(engine, reader) == []


def test_an_anniversary_is_cancelled_while_a_sender_takes_the_message(engine: Engine) -> None:
    both = make_catalog(khojaly(), make_event("neighbour", rule=khojaly().rule))
    reader = join(engine, both, "reader@example.org", "2027-02-18T12:00+01:00")
    tick(engine, both, "2027-02-19T09:00+01:00")
    sent: list[Future[object]] = []

    def send(*statement: object) -> None:
        if not sent and str(statement[2]).startswith("DELETE FROM deliveries"):
            sent.append(sender.submit(attempt, other, "2027-02-19T09:01+01:00"))
            wait(sent, 0.5)

    with other_process(engine) as other, ThreadPoolExecutor(1) as sender:
        event.listen(engine, "before_cursor_execute", send)
        cancel(engine, both, "neighbour", at("2027-02-19T09:01+01:00"))
        event.remove(engine, "before_cursor_execute", send)
        sent[0].result(30)
    for now in ("2027-02-19T09:02+01:00", "2027-02-20T09:00+01:00"):
        tick(engine, both, now)
        attempt(engine, now)

    assert days_left(engine, reader) == [(7,)]
