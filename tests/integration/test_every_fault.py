"""Each fault of a real server, and what becomes of the message, its reader, and all the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from notifier.delivery.outcomes import Stop
from notifier.domain.deliveries import DeliveryState
from notifier.storage.subscribers import Subscriber
from notifier.usecases.sending.dispatch import send_due
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.report import SendReport, Terms
from tests.integration.mail_server import DROP, SILENT, MailServer, mail_server
from tests.integration.test_send import NINE, PRESS, Clock, delivery, readers

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DUE, SENT, DEFERRED, REFUSED, UNKNOWN = (
    DeliveryState.DUE,
    DeliveryState.SENT,
    DeliveryState.DEFERRED,
    DeliveryState.REFUSED,
    DeliveryState.UNKNOWN,
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as there:
        yield there


def send(engine: Engine, server: MailServer, minutes: float = 0, **terms: object) -> SendReport:
    post = Post(server.sender, PRESS, Terms(**terms))  # type: ignore[arg-type]  # a term each
    return send_due(engine, post, Clock(NINE + minutes * MINUTE))


def state(engine: Engine, person: Subscriber) -> tuple[DeliveryState, object]:
    """Return what became of somebody's message, and in how many minutes it is tried again."""
    one = delivery(engine, person)
    return one.state, None if one.next_at is None else (one.next_at - NINE) / MINUTE


# --- one message ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("connect", "421 4.3.2 busy", (DEFERRED, 30)),
        ("connect", "451 4.3.2 busy", (DEFERRED, 30)),
        ("connect", DROP, (DUE, 1)),
        ("connect", SILENT, (DUE, 1)),
        ("EHLO", "451 4.3.2 busy", (DEFERRED, 30)),
        ("EHLO", DROP, (DUE, 1)),
        ("MAIL", "451 4.3.2 busy", (DEFERRED, 30)),
        ("MAIL", "421 4.3.2 going down", (DEFERRED, 30)),
        ("MAIL", DROP, (DUE, 1)),
        ("RCPT", "450 4.7.1 greylisted", (DEFERRED, 30)),
        ("RCPT", "421 4.3.2 going down", (DEFERRED, 30)),
        ("RCPT", "550 5.1.1 nobody here", (REFUSED, None)),
        ("RCPT", "550 5.7.1 not from you", (DEFERRED, 30)),
        ("RCPT", DROP, (DUE, 1)),
        ("RCPT", SILENT, (DUE, 1)),
        ("DATA", "451 4.3.0 later", (DEFERRED, 30)),
        ("DATA", "421 4.3.2 going down", (DEFERRED, 30)),
        ("DATA", "554 5.5.1 not like this", (DEFERRED, 30)),
        ("DATA", DROP, (DUE, 1)),
        ("dot", "451 4.3.0 later", (DEFERRED, 30)),
        ("dot", "421 4.3.2 going down", (DEFERRED, 30)),
        ("dot", "552 5.2.2 mailbox full", (REFUSED, None)),
        ("dot", "550 5.7.1 looks like spam", (DEFERRED, 30)),
        ("dot", DROP, (UNKNOWN, 60)),
        ("dot", SILENT, (UNKNOWN, 60)),
    ],
)
def test_what_a_fault_means_for_a_message(
    engine: Engine, server: MailServer, command: str, answer: str, expected: tuple[DeliveryState, object]
) -> None:
    [person] = readers(engine, "reader@example.org")
    server.faults[command] = answer

    send(engine, server)

    assert state(engine, person) == expected
    assert delivery(engine, person).attempts == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "dot"])
def test_it_is_tried_again_after_half_an_hour_doubling_and_then_arrives(
    engine: Engine, server: MailServer, command: str
) -> None:
    [person] = readers(engine, "reader@example.org")
    server.faults[command] = "450 4.2.0 later"
    tried = [minutes for minutes in range(0, 211, 10) if send(engine, server, minutes).deferred]
    server.faults.clear()

    assert tried == [0, 30, 90, 210]
    assert send(engine, server, 210 + 240).sent == 1
    assert state(engine, person) == (SENT, None)


def test_what_broke_off_before_the_dot_leaves_with_the_same_id_a_minute_later(
    engine: Engine, server: MailServer
) -> None:
    readers(engine, "reader@example.org")
    server.faults["DATA"] = DROP
    assert send(engine, server).deferred == 1
    server.faults.clear()

    assert send(engine, server, 0.9) == SendReport()
    assert send(engine, server, 1).sent == 1
    assert len(server.messages) == 1


def test_what_broke_off_after_the_dot_is_sent_once_more_with_the_same_id(engine: Engine, server: MailServer) -> None:
    [person] = readers(engine, "reader@example.org")
    server.faults["dot"] = DROP
    assert send(engine, server).unknown == 1

    assert send(engine, server, 60).unknown == 1
    assert send(engine, server, 120) == SendReport()

    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert state(engine, person) == (UNKNOWN, None)


def test_not_so_where_the_operator_does_not_want_that(engine: Engine, server: MailServer) -> None:
    [person] = readers(engine, "reader@example.org")
    server.faults["dot"] = DROP

    assert send(engine, server, resend_unknown=False).unknown == 1

    assert state(engine, person) == (UNKNOWN, None)


def test_a_refusal_is_told_in_the_transaction_that_records_it(engine: Engine, server: MailServer) -> None:
    [person, _] = readers(engine, "reader@example.org", "other@example.org")
    server.faults["RCPT reader@example.org"] = "550 5.1.1 nobody here"
    server.faults["RCPT other@example.org"] = "550 5.7.1 not from you"
    told = []

    send(engine, server, on_refused=lambda _, one, detail, now: told.append((one.subscriber_id, detail, now)))

    assert told == [(person.id, "550 5.1.1 nobody here", NINE)]


# --- all messages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "answer", "stop", "sentence"),
    [
        ("connect", "554 5.7.1 not you", Stop.GREETING, "answers 554"),
        ("EHLO", "550 5.7.1 not you", Stop.GREETING, "answers 550"),
        ("MAIL", "553 5.1.8 unknown sender", Stop.SENDER, "refuses the sender ***@example.org: 553"),
    ],
)
def test_a_refusal_that_speaks_of_us_stops_the_sender_and_blames_nobody(  # noqa: PLR0917  # the fault and its end
    engine: Engine, server: MailServer, command: str, answer: str, stop: Stop, sentence: str
) -> None:
    people = readers(engine, "a@example.org", "b@example.com")
    server.faults[command] = answer

    report = send(engine, server)

    assert (report.stop, report.sent, report.refused, report.deferred) == (stop, 0, 0, 0)
    assert report.stopped is not None
    assert sentence in report.stopped
    assert [state(engine, person)[0] for person in people] == [DUE, DUE]
    assert delivery(engine, people[0]).attempts == 0
    server.faults.clear()
    assert send(engine, server).sent == 2


@pytest.mark.parametrize(("user", "password"), [("user", "wrong"), ("user", "right")])
def test_a_wrong_password_stops_the_sender(engine: Engine, server: MailServer, user: str, password: str) -> None:
    readers(engine, "reader@example.org")

    report = send_due(engine, Post(lambda: server.sender(user, password), PRESS), Clock(NINE))

    assert (report.sent, report.stop) == ((1, None) if password == "right" else (0, Stop.SIGNING_IN))
    if report.stopped is not None:
        assert "refuses the user or the password: 535" in report.stopped
        assert "wrong" not in report.stopped


def test_signing_in_that_fails_for_now_defers(engine: Engine, server: MailServer) -> None:
    [person] = readers(engine, "reader@example.org")
    server.faults["AUTH"] = "454 4.7.0 not now"

    send_due(engine, Post(lambda: server.sender("user", "right"), PRESS), Clock(NINE))

    assert state(engine, person) == (DEFERRED, 30)


def test_one_filtering_mailbox_stops_nobody_else(engine: Engine, server: MailServer) -> None:
    people = readers(engine, *(f"{number}@example.org" for number in range(12)))
    for number in range(0, 12, 2):
        server.faults[f"dot {number}@example.org"] = "550 5.7.1 looks like spam"

    report = send(engine, server)

    assert (report.sent, report.deferred, report.stopped) == (6, 6, None)
    assert delivery(engine, people[0]).detail == "550 5.7.1 looks like spam"


@pytest.mark.parametrize("command", ["RCPT", "dot"])
def test_five_unrelated_domains_in_a_row_stop_the_sender(engine: Engine, server: MailServer, command: str) -> None:
    people = readers(engine, *(f"reader@domain-{number}.org" for number in range(9)))
    server.faults[command] = "550 5.7.1 not from you"

    report = send(engine, server)

    assert (report.deferred, report.refused, report.stop) == (5, 0, Stop.POLICY)
    assert report.stopped is not None
    assert "5 unrelated domains in a row" in report.stopped
    assert [state(engine, person)[0] for person in people] == [DEFERRED] * 5 + [DUE] * 4


def test_a_server_that_is_down_costs_one_attempt_and_not_one_for_each_message(
    engine: Engine, server: MailServer
) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(30)))
    server.faults["connect"] = "421 4.3.2 busy"

    report = send(engine, server, connections=4)

    assert (report.deferred, report.stop) == (1, Stop.UNREACHABLE)
    assert server.connections <= 4
    server.faults.clear()
    assert send(engine, server, connections=4).sent == 29


def test_a_server_that_takes_fewer_connections_gets_fewer(engine: Engine, server: MailServer) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(30)))
    most, usual = 2, server.fault

    def busy(command: str, reader: str = "") -> str | None:
        return "421 4.7.0 too many" if command == "connect" and server.connections > most else usual(command, reader)

    server.fault = busy  # type: ignore[method-assign]  # what it says depends on how many there are

    assert send(engine, server, connections=6) == SendReport(sent=30)
    assert server.connections == 6


# --- addresses outside ASCII ----------------------------------------------------------------------------------------


def test_letters_outside_ascii_go_only_to_a_server_that_takes_them(engine: Engine, server: MailServer) -> None:
    first, second = readers(engine, "читатель@example.org", "reader@example.org")

    report = send(engine, server)

    assert (report.sent, report.deferred, report.stopped) == (1, 1, None)
    assert server.to == ["reader@example.org"]
    held = delivery(engine, first)
    assert (held.state, held.next_at) == (DEFERRED, held.closes_at)
    assert "no SMTPUTF8" in held.detail
    assert state(engine, second) == (SENT, None)


def test_they_do_where_it_does(engine: Engine) -> None:
    with mail_server(smtputf8=True) as server:
        readers(engine, "читатель@bücher.example")

        assert send(engine, server) == SendReport(sent=1)

        assert server.to == ["читатель@xn--bcher-kva.example"]
        assert server.envelopes[0].smtp_utf8
        assert "To: читатель@xn--bcher-kva.example".encode() in (server.envelopes[0].original_content or b"")
