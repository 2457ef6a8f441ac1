"""What outcomes mean for the next attempt, and for all that is still to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from notifier.delivery.outcomes import About, Outcome, Stop
from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKind
from notifier.domain.retries import pause_after
from notifier.storage.claims import ClaimedDelivery
from notifier.usecases.sending.judging import Judge, ended, organisation

NOW = datetime(2027, 1, 13, 8, tzinfo=UTC)
CLOSING = NOW + timedelta(hours=11)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SENT = Outcome(DeliveryState.SENT, "250 ok")
DUE = Outcome(DeliveryState.DUE, "connection lost", About.SERVER)
DEFERRED = Outcome(DeliveryState.DEFERRED, "450 later")
UNKNOWN = Outcome(DeliveryState.UNKNOWN, "connection lost", About.SERVER)
REFUSED = Outcome(DeliveryState.REFUSED, "550 no such user")
FILTERED = Outcome(DeliveryState.DEFERRED, "550 5.7.1 not from you", About.US)
UNWRITABLE = Outcome(DeliveryState.DEFERRED, "no SMTPUTF8", About.ADDRESS_FORM)

DELIVERY = ClaimedDelivery(
    1,
    1,
    "an edition's key",
    EditionKind.NOTICE,
    DeliveryKind.NOTICE,
    1,
    "a reader's key",
    None,
    "reader@example.org",
    date(2027, 1, 13),
    CLOSING,
    DeliveryState.DUE,
    0,
)


def again(outcome: Outcome, attempts: int = 0, state: DeliveryState = DeliveryState.DUE, **options: bool) -> object:
    delivery = replace(DELIVERY, attempts=attempts, state=state)
    one = ended(delivery, outcome, NOW, **({"resend_unknown": True} | options))
    return None if one.next_at is None else one.next_at - NOW


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 30), (1, 60), (2, 120), (3, 240), (4, 360), (5, 360), (1000, 360)]
)
def test_what_is_deferred_is_tried_after_half_an_hour_doubling_to_six(attempts: int, minutes: int) -> None:
    assert again(DEFERRED, attempts) == minutes * MINUTE


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 2), (4, 16), (5, 30), (1000, 30)])
def test_what_broke_off_is_due_again_shortly(attempts: int, minutes: int) -> None:
    assert again(DUE, attempts) == minutes * MINUTE


def test_what_may_have_arrived_is_sent_once_more_within_two_hours_and_only_where_that_is_wanted() -> None:
    assert MINUTE <= again(UNKNOWN) <= 2 * HOUR  # type: ignore[operator]  # a span
    assert again(UNKNOWN, 1, DeliveryState.UNKNOWN) is None
    assert again(UNKNOWN, resend_unknown=False) is None


@pytest.mark.parametrize("outcome", [DUE, DEFERRED, UNWRITABLE])
def test_what_was_unknown_stays_so(outcome: Outcome) -> None:
    one = ended(replace(DELIVERY, state=DeliveryState.UNKNOWN), outcome, NOW, resend_unknown=True)

    assert (one.state, one.next_at) == (DeliveryState.UNKNOWN, None)


def test_an_address_the_server_cannot_be_given_waits_until_its_window_closes() -> None:
    assert again(UNWRITABLE) == CLOSING - NOW


def stop_of(outcomes: list[tuple[Outcome, str]], connections: int = 4, *, last: bool = False) -> Stop | None:
    judge = Judge(connections)
    for outcome, domain in outcomes:
        delivery = replace(DELIVERY, email=f"reader@{domain}")
        if (why := judge.look_at(delivery, outcome, last_connection=last)) is not None:
            return why.stop
    return None


DOMAINS = ["a.org", "b.com", "c.net", "d.co.uk", "e.co.uk"]


def test_five_unrelated_domains_in_a_row_that_refuse_us_stop_the_sender() -> None:
    assert stop_of([(FILTERED, domain) for domain in DOMAINS]) is Stop.POLICY
    assert stop_of([(FILTERED, domain) for domain in DOMAINS[:4]]) is None


@pytest.mark.parametrize("between", [SENT, REFUSED, DEFERRED])
def test_not_so_where_others_were_spoken_to_in_between(between: Outcome) -> None:
    in_turn = [(FILTERED, domain) for domain in DOMAINS]

    assert stop_of([*in_turn[:4], (between, "f.org"), *in_turn[4:]]) is None


def test_one_filtering_organisation_stops_nobody() -> None:
    assert stop_of([(FILTERED, f"mx{number}.example.org") for number in range(100)]) is None
    assert stop_of([(FILTERED, "example.org")] * 100) is None


@pytest.mark.parametrize(("connections", "faults"), [(1, 5), (4, 5), (16, 16)])
def test_a_server_that_takes_nothing_stops_the_sender(connections: int, faults: int) -> None:
    assert stop_of([(DUE, "a.org")] * faults, connections) is Stop.UNREACHABLE
    assert stop_of([(DUE, "a.org")] * (faults - 1), connections) is None
    assert stop_of([*[(DUE, "a.org")] * (faults - 1), (SENT, "a.org"), (DUE, "a.org")], connections) is None


def test_so_does_the_only_connection_when_it_cannot_be_had() -> None:
    refused = Outcome(DeliveryState.DUE, "connection refused", About.CONNECTION)

    assert stop_of([(refused, "a.org")], last=True) is Stop.UNREACHABLE


@pytest.mark.parametrize(
    ("domain", "whose"),
    [
        ("example.org", "example.org"),
        ("mail.example.org", "example.org"),
        ("a.b.example.org", "example.org"),
        ("museum.co.uk", "museum.co.uk"),
        ("mail.museum.co.uk", "museum.co.uk"),
        ("gov.az", "gov.az"),
        ("localhost", "localhost"),
        ("[192.0.2.1]", "[192.0.2.1]"),
    ],
)
def test_whose_a_domain_is(domain: str, whose: str) -> None:
    assert organisation(domain) == whose


def test_after_stops_sending_rests_for_a_minute_doubling_to_fifteen() -> None:
    assert [pause_after(stops) // MINUTE for stops in (1, 2, 3, 4, 5, 100)] == [1, 2, 4, 8, 15, 15]
