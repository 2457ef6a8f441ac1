"""How fast messages leave, on the database's own clock."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from notifier.domain.deliveries import DeliveryState
from notifier.storage.engine import open_engine, writing
from notifier.storage.rates import EVERYWHERE, forget_rates, reserve
from notifier.storage.tables import deliveries, rates
from notifier.usecases.sending.dispatch import send_due
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.report import SendReport, Terms
from tests.integration.test_send import NINE, PRESS, Clock, Sink, readers, send

ZERO = timedelta()


def running_from(instant: datetime) -> Clock:
    """Return a clock that shows this instant now and goes on."""
    began = time.monotonic()

    class Running(Clock):
        def __call__(self) -> datetime:
            return instant + timedelta(seconds=time.monotonic() - began)

    return Running()


def test_a_rate_lets_so_many_leave_and_says_when_the_next_may(engine: Engine) -> None:
    with writing(engine) as db:
        first = reserve(db, EVERYWHERE, 2, 1)
        second = reserve(db, EVERYWHERE, 2, 1)

    assert (first.messages, second.messages) == (1, 0)
    assert ZERO < second.wait <= timedelta(seconds=0.5)


def test_never_more_than_a_seconds_worth_is_made_up_for(engine: Engine) -> None:
    with writing(engine) as db:
        reserve(db, EVERYWHERE, 10, 1)
    _move(engine, -3)
    with writing(engine) as db:
        assert reserve(db, EVERYWHERE, 10, 1000).messages == 11


def test_what_cannot_wait_leaves_and_what_follows_waits_the_longer(engine: Engine) -> None:
    with writing(engine) as db:
        urgent = [reserve(db, EVERYWHERE, 1, 1, at_once=True).messages for _ in range(5)]
        other = reserve(db, EVERYWHERE, 1, 1)

    assert urgent == [1] * 5
    assert other.messages == 0
    assert timedelta(seconds=4) < other.wait <= timedelta(seconds=5)


def test_a_clock_that_was_put_back_holds_nothing_up(engine: Engine) -> None:
    with writing(engine) as db:
        reserve(db, EVERYWHERE, 10, 1)
    _move(engine, 2)
    with writing(engine) as db:
        assert reserve(db, EVERYWHERE, 10, 1).messages == 1


def test_rows_that_hold_nothing_back_go(engine: Engine) -> None:
    with writing(engine) as db:
        reserve(db, "a.org", 0.01, 1)
        reserve(db, "b.org", 1000, 1)
        db.execute(update(rates).where(rates.c.key == "b.org").values(next_at=datetime(2020, 1, 1, tzinfo=UTC)))
        forget_rates(db)
        assert db.execute(rates.select()).one().key == "a.org"


def _move(engine: Engine, hours: int) -> None:
    """Let the row be so many hours later, as a clock makes it that was set."""
    with writing(engine) as db:
        next_at = db.execute(select(rates.c.next_at)).scalar_one()
        db.execute(update(rates).values(next_at=next_at + timedelta(hours=hours)))


def test_all_messages_keep_to_the_rate(engine: Engine) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(30)))
    began = time.monotonic()

    assert send(engine, Sink(), terms=Terms(connections=3, rate=20)) == SendReport(sent=30)

    assert 0.9 < time.monotonic() - began < 30


def test_two_senders_keep_to_it_together(engine: Engine, database_url: str) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(40)))

    def run(_: int) -> SendReport:
        own = open_engine(database_url)
        try:
            return send(own, Sink(), terms=Terms(rate=20))
        finally:
            own.dispose()

    began = time.monotonic()
    with ThreadPoolExecutor(2) as senders:
        reports = list(senders.map(run, range(2)))

    assert sum(report.sent for report in reports) == 40
    assert time.monotonic() - began > 1.4


def test_a_domain_at_its_rate_keeps_no_other_waiting(engine: Engine) -> None:
    slow = [f"{number}@slow.org" for number in range(4)]
    readers(engine, *slow, *(f"reader@other-{number}.org" for number in range(20)))
    sink = Sink()
    began = time.monotonic()

    report = send_due(engine, Post(lambda: sink, PRESS, Terms(domain_rate=2)), running_from(NINE))

    assert report == SendReport(sent=24)
    assert 1.4 < time.monotonic() - began < 30
    # One may leave at once; the others follow when their time has come.
    assert [to for to in sink.to if to in slow] == slow
    assert set(sink.to[-3:]) == set(slow[1:])


@pytest.mark.parametrize("rate", [0.001, 0.1])
def test_a_pass_that_is_told_to_stop_does_not_wait_for_a_rate(engine: Engine, rate: float) -> None:
    readers(engine, "a@example.org", "b@example.org")
    sink = Sink()

    report = send(engine, sink, terms=Terms(rate=rate), stopping=lambda: bool(sink.to))

    assert report == SendReport(sent=1)
    with writing(engine) as db:
        states = db.scalars(deliveries.select().with_only_columns(deliveries.c.state)).all()
    assert sorted(states) == [DeliveryState.DUE, DeliveryState.SENT]
