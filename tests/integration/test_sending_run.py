"""A run on several connections to a real server: what holds in the middle of it, and what may overtake it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from notifier.content.places import PLACES
from notifier.delivery.errands import Errand, at_once
from notifier.delivery.outcomes import Outcome
from notifier.domain.deliveries import DeliveryState, EditionKey, EditionKind, EditionState, SubscriberStatus
from notifier.storage.deliveries import deliveries_of
from notifier.storage.engine import open_engine, reading, writing
from notifier.storage.holds import hold_everything, release_everything
from notifier.storage.service_messages import ask_for
from notifier.storage.subscribers import Subscriber
from notifier.storage.tables import deliveries, editions, subscribers
from notifier.tokens import AddressHash
from notifier.usecases.letters import personal_tokens
from notifier.usecases.sending.dispatch import send_due
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.report import SendReport, Terms
from notifier.usecases.subscribe import unsubscribe
from notifier.usecases.tick import ANNOUNCEMENTS, send_letters
from tests.integration.mail_server import MailServer, mail_server
from tests.integration.people import planned_for, preference
from tests.integration.test_send import NINE, PRESS, SENT, TOKENS, Clock, Sink, readers, send

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as there:
        yield there


def own_tokens(delivery: object, now: datetime) -> dict[str, str]:
    """Return what stands in a service message too."""
    made = personal_tokens(
        TOKENS,
        AddressHash("another secret of the tests, 32 chars"),
        delivery.subscriber_key,  # type: ignore[attr-defined]  # a claimed delivery
        delivery.email,  # type: ignore[attr-defined]
        delivery.nonce,  # type: ignore[attr-defined]
        now,
    )
    return {PLACES[purpose]: token for purpose, token in made.items()}


LETTERS_TOO = replace(PRESS, own_tokens=own_tokens, places=tuple(PLACES.values()))


def write_to(engine: Engine, person: Subscriber, kind: EditionKind, now: datetime = NINE) -> None:
    """Let a message leave that somebody asked for."""
    about = "" if kind is EditionKind.MANAGE else preference().key
    wanted = EditionKey("de", now.date(), kind=kind, about=about)
    with writing(engine) as db:
        ask_for(db, person.id, wanted, person.covered_through, now, now + HOUR)


def state_of(engine: Engine, person: Subscriber) -> list[DeliveryState]:
    return [delivery.state for delivery in planned_for(engine, person)]


# --- one after the other --------------------------------------------------------------------------------------------


def test_a_connection_gets_its_next_message_only_after_the_last_ones_outcome_is_committed(engine: Engine) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(60)))
    early: list[str] = []

    class Watching(Sink):
        """Looks, on a connection of its own, whether what it has sent is written down."""

        def deliver(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Errand:
            return at_once(lambda: self._send(to))

        def _send(self, to: str) -> Outcome:
            sent = select(subscribers.c.email).join(deliveries).where(deliveries.c.state == DeliveryState.SENT)
            with reading(engine) as db:
                early.extend(set(self.to) - set(db.scalars(sent)))
            self.to.append(to)
            return SENT

    report = send_due(engine, Post(Watching, PRESS, Terms(connections=4)), Clock())

    assert (report.sent, early) == (60, [])


def test_messages_go_over_as_many_connections_as_wanted_and_each_once(engine: Engine, server: MailServer) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(100)))
    server.slowly = 0.01

    assert send_due(engine, Post(server.sender, PRESS, Terms(connections=5)), Clock()) == SendReport(sent=100)

    assert server.connections == 5
    assert sorted(server.to) == sorted(f"{number}@example.org" for number in range(100))


def test_two_senders_share_the_work(engine: Engine, database_url: str, server: MailServer) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(200)))
    server.slowly = 0.01

    def run(_: int) -> SendReport:
        own = open_engine(database_url)
        try:
            return send_due(own, Post(server.sender, PRESS, Terms(connections=2)), Clock())
        finally:
            own.dispose()

    with ThreadPoolExecutor(2) as senders:
        reports = list(senders.map(run, range(2)))

    assert len(server.to) == len(set(server.to)) == 200
    assert all(report.sent > 20 for report in reports)


# --- stopped in the middle ------------------------------------------------------------------------------------------


def _hold_editions(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(update(editions).values(state=EditionState.HELD))


def _cancel_editions(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(update(editions).values(state=EditionState.CANCELLED))


def _hold_everything(engine: Engine) -> None:
    with writing(engine) as db:
        hold_everything(db, "restored", NINE)


def _let_everybody_leave(engine: Engine) -> None:
    with reading(engine) as db:
        keys = db.scalars(select(subscribers.c.key)).all()
    for key in keys:
        unsubscribe(engine, key, NINE)


@pytest.mark.parametrize("stop", [_hold_editions, _cancel_editions, _hold_everything, _let_everybody_leave])
def test_nothing_more_leaves_two_seconds_after_it_was_stopped(
    engine: Engine, server: MailServer, stop: Callable[[Engine], None]
) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(120)))
    server.slowly = 0.1
    with ThreadPoolExecutor(1) as sender:
        run = sender.submit(send_due, engine, Post(server.sender, PRESS, Terms(connections=2)), Clock())
        while len(server.to) < 10:
            time.sleep(0.02)
        stop(engine)
        time.sleep(2)
        left = len(server.to)
        report = run.result(timeout=30)

    assert 10 <= left == len(server.to) == report.sent < 120


def test_what_was_held_leaves_once_it_is_released(engine: Engine) -> None:
    readers(engine, "a@example.org", "b@example.org")
    with writing(engine) as db:
        hold_everything(db, "restored", NINE)
    sink = Sink()

    assert send(engine, sink) == SendReport(held=2)
    with writing(engine) as db:
        release_everything(db)
    assert send(engine, sink) == SendReport(sent=2)


# --- what somebody waits for ----------------------------------------------------------------------------------------


def test_what_somebody_waits_for_leaves_within_two_seconds_of_a_long_run(engine: Engine, server: MailServer) -> None:
    people = readers(engine, *(f"{number}@example.org" for number in range(150)))
    server.slowly = 0.1
    with ThreadPoolExecutor(1) as sender:
        post = Post(server.sender, LETTERS_TOO, Terms(connections=2, rate=20))
        run = sender.submit(send_due, engine, post, Clock(), kinds=ANNOUNCEMENTS)
        while len(server.to) < 10:
            time.sleep(0.02)
        write_to(engine, people[149], EditionKind.MANAGE)
        began = time.monotonic()
        report = send_letters(engine, post, Clock(), lambda: False)
        took = time.monotonic() - began
        _hold_editions(engine)
        rest = run.result(timeout=30)

    assert (report, server.to.count("149@example.org")) == (SendReport(sent=1), 1)
    assert took < 2
    assert 10 <= rest.sent < 150


@pytest.mark.parametrize("status", list(SubscriberStatus))
def test_it_goes_to_whoever_asked_but_to_nobody_suppressed(engine: Engine, status: SubscriberStatus) -> None:
    [person] = readers(engine, "reader@example.org")
    with writing(engine) as db:
        db.execute(update(subscribers).values(status=status))
    write_to(engine, person, EditionKind.MANAGE)
    sink = Sink()

    report = send_letters(engine, Post(lambda: sink, LETTERS_TOO), Clock(), lambda: False)

    assert report == SendReport(sent=0 if status is SubscriberStatus.SUPPRESSED else 1)
    assert state_of(engine, person)[0] is DeliveryState.DUE


def test_announcements_leave_without_it_and_it_without_them(engine: Engine) -> None:
    [person] = readers(engine, "reader@example.org")
    write_to(engine, person, EditionKind.MANAGE)
    sink = Sink()

    assert send(engine, sink, press=LETTERS_TOO, kinds=ANNOUNCEMENTS) == SendReport(sent=1)
    assert state_of(engine, person) == [DeliveryState.SENT, DeliveryState.DUE]
    assert send_letters(engine, Post(lambda: sink, LETTERS_TOO), Clock(), lambda: False) == SendReport(sent=1)


def test_a_confirmation_that_was_answered_meanwhile_is_not_sent(engine: Engine) -> None:
    [person] = readers(engine, "reader@example.org")
    write_to(engine, person, EditionKind.CONFIRM)

    report = send_letters(engine, Post(Sink, LETTERS_TOO), Clock(), lambda: False)

    assert report == SendReport(expired=1)
    with reading(engine) as db:
        assert deliveries_of(db, person.id)[-1].detail == "there is nothing left to confirm"
