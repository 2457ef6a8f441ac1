from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, update

from notifier.domain.deliveries import DeliveryState, EditionState, SubscriberStatus
from notifier.storage.claims import ClaimedDelivery, claim_batch, claim_tokens, release_claims, still_wanted
from notifier.storage.engine import open_engine, reading, writing
from notifier.storage.outcomes import Ended, record_outcomes
from notifier.storage.sending import count_held
from notifier.storage.subscribers import Subscriber
from notifier.storage.tables import editions, subscribers
from notifier.usecases.subscribe import unsubscribe
from tests.factories import make_catalog
from tests.integration.people import at, attempt, join, planned_for, tick

CATALOG = make_catalog()
NINE = at("2027-01-13T09:00+01:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def reader(engine: Engine) -> Subscriber:
    """One person with one message that is due at nine."""
    person = join(engine, CATALOG, "reader@example.org")
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    return person


def claim(engine: Engine, token: UUID, minutes: float = 0, limit: int = 10) -> list[ClaimedDelivery]:
    now = NINE + minutes * MINUTE
    with writing(engine) as db:
        return claim_batch(db, limit, token, now, now + 5 * MINUTE)


def test_a_claim_says_what_a_sender_needs_to_know(engine: Engine, reader: Subscriber) -> None:
    [claimed] = claim(engine, uuid4())

    assert (claimed.email, claimed.subscriber_key) == (reader.email, reader.key)
    assert (claimed.state, claimed.attempts) == (DeliveryState.DUE, 0)
    assert planned_for(engine, reader)[0].state is DeliveryState.CLAIMED


def test_what_one_sender_holds_another_gets_only_when_the_lease_has_ended(engine: Engine, reader: Subscriber) -> None:
    first, second = uuid4(), uuid4()
    [claimed] = claim(engine, first)

    assert claim(engine, second, minutes=4.9) == []
    assert [delivery.id for delivery in claim(engine, second, minutes=5)] == [claimed.id]
    with writing(engine) as db:
        assert record_outcomes(db, first, [Ended(claimed.id, DeliveryState.SENT, "too late")], NINE) == {claimed.id}
        assert not record_outcomes(db, second, [Ended(claimed.id, DeliveryState.SENT, "250 ok")], NINE)
    assert [(one.state, one.detail) for one in planned_for(engine, reader)] == [("sent", "250 ok")]


def test_what_is_done_is_not_taken_again(engine: Engine, reader: Subscriber) -> None:
    for state in (DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.UNKNOWN):
        with writing(engine) as db:
            [delivery] = planned_for(engine, reader)
            token = uuid4()
            claim_batch(db, 1, token, NINE, NINE)
            record_outcomes(db, token, [Ended(delivery.id, state, "")], NINE)

        assert claim(engine, uuid4(), minutes=600) == []


def test_what_is_deferred_is_taken_again_when_its_time_has_come(engine: Engine, reader: Subscriber) -> None:
    attempt(engine, "2027-01-13T09:00+01:00", DeliveryState.DEFERRED, again="2027-01-13T09:30+01:00")

    assert claim(engine, uuid4(), minutes=29) == []
    [again] = claim(engine, uuid4(), minutes=30)
    assert (again.state, again.attempts) == (DeliveryState.DEFERRED, 1)


def test_what_is_unknown_stays_so_while_it_is_sent_once_more(engine: Engine, reader: Subscriber) -> None:
    attempt(engine, "2027-01-13T09:00+01:00", DeliveryState.UNKNOWN, again="2027-01-13T10:00+01:00")

    [again] = claim(engine, uuid4(), minutes=60)

    assert again.state is DeliveryState.UNKNOWN
    assert planned_for(engine, reader)[0].state is DeliveryState.UNKNOWN


def test_nothing_leaves_once_the_window_has_closed(engine: Engine, reader: Subscriber) -> None:
    assert len(claim(engine, uuid4(), minutes=11 * 60 - 1)) == 1
    assert claim(engine, uuid4(), minutes=11 * 60) == []


def test_what_closes_soonest_is_taken_first(engine: Engine) -> None:
    join(engine, CATALOG, "berlin@example.org")
    join(engine, CATALOG, "baku@example.org", zone="Asia/Baku")
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")

    assert [claimed.email for claimed in claim(engine, uuid4(), limit=1)] == ["baku@example.org"]


def test_only_released_editions_leave(engine: Engine, reader: Subscriber) -> None:
    token = uuid4()
    [claimed] = claim(engine, token)
    with writing(engine) as db:
        assert still_wanted(db, token, [claimed.id]) == {claimed.id}
        db.execute(update(editions).values(state=EditionState.HELD))

        assert still_wanted(db, token, [claimed.id]) == frozenset()
        assert count_held(db) == 1
    assert claim(engine, uuid4(), minutes=10) == []


def test_only_to_active_people(engine: Engine, reader: Subscriber) -> None:
    with writing(engine) as db:
        db.execute(update(subscribers).values(status=SubscriberStatus.PAUSED))

    assert claim(engine, uuid4()) == []


def test_a_message_on_the_wire_to_somebody_who_leaves_is_still_recorded_as_sent(
    engine: Engine, reader: Subscriber
) -> None:
    token = uuid4()
    [claimed] = claim(engine, token)

    unsubscribe(engine, reader.key, NINE + MINUTE)

    with writing(engine) as db:
        assert still_wanted(db, token, [claimed.id]) == frozenset()
        assert not record_outcomes(db, token, [Ended(claimed.id, DeliveryState.SENT, "250 ok")], NINE + MINUTE)
    assert [delivery.state for delivery in planned_for(engine, reader)] == [DeliveryState.SENT]


def test_a_sender_that_stops_gives_back_what_it_did_not_try(engine: Engine, reader: Subscriber) -> None:
    token = uuid4()
    claim(engine, token)
    with reading(engine) as db:
        assert claim_tokens(db) == {token}
    with writing(engine) as db:
        assert release_claims(db, token) == 1
        assert release_claims(db, token) == 0
        assert claim_tokens(db) == frozenset()

    assert [delivery.state for delivery in claim(engine, uuid4())] == [DeliveryState.DUE]


def test_what_is_given_back_after_an_attempt_is_deferred_still(engine: Engine, reader: Subscriber) -> None:
    attempt(engine, "2027-01-13T09:00+01:00", DeliveryState.DEFERRED, again="2027-01-13T09:30+01:00")
    token = uuid4()
    claim(engine, token, minutes=30)

    with writing(engine) as db:
        release_claims(db, token)

    assert [delivery.state for delivery in planned_for(engine, reader)] == [DeliveryState.DEFERRED]


def test_senders_at_the_same_moment_never_take_the_same(engine: Engine, database_url: str) -> None:
    for number in range(40):
        join(engine, CATALOG, f"{number}@example.org")
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    together = Barrier(4)

    def send(_: int) -> list[int]:
        own, token, taken = open_engine(database_url), uuid4(), []
        together.wait()
        while batch := claim(own, token, limit=3):
            taken += [claimed.id for claimed in batch]
        own.dispose()
        return taken

    with ThreadPoolExecutor(4) as senders:
        taken = [id_ for ids in senders.map(send, range(4)) for id_ in ids]

    assert len(taken) == len(set(taken)) == 40
