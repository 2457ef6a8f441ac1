"""How far people have been told: most stand together with all others of their preference, some alone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, insert, select, update

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKey, SubscriberStatus
from notifier.storage.editions import keep_editions
from notifier.storage.engine import reading, writing
from notifier.storage.subscribers import Subscriber, leave, set_status, suppress_all
from notifier.storage.tables import deliveries, preferences, subscribers
from notifier.usecases.manage import take_back
from notifier.usecases.subscribe import find_subscriber, unsubscribe
from tests.factories import make_catalog
from tests.integration.people import at, attempt, days_left, join, tick

CATALOG = make_catalog()
ELEVENTH, TWELFTH, THIRTEENTH = (f"2027-01-{day}T09:00+01:00" for day in (11, 12, 13))


@pytest.fixture
def reader(engine: Engine) -> Subscriber:
    return join(engine, CATALOG, "reader@example.org")


def own_dates(engine: Engine) -> list[date | None]:
    with reading(engine) as db:
        return list(db.scalars(select(subscribers.c.covered_through).order_by(subscribers.c.id)))


def told_through(engine: Engine, person: Subscriber) -> date:
    found = find_subscriber(engine, person.email)
    assert found is not None
    return found.covered_through


def test_whoever_joins_stands_alone_until_the_next_plan(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, ELEVENTH)
    late = join(engine, CATALOG, "late@example.org", "2027-01-11T12:00+01:00")
    assert own_dates(engine) == [None, date(2027, 1, 10)]

    tick(engine, CATALOG, TWELFTH)

    assert own_dates(engine) == [None, None]
    assert {told_through(engine, one) for one in (reader, late)} == {date(2027, 1, 12)}


def test_a_day_on_which_there_is_something_to_say_brings_them_together_as_well(
    engine: Engine, reader: Subscriber
) -> None:
    tick(engine, CATALOG, TWELFTH)
    late = join(engine, CATALOG, "late@example.org", "2027-01-12T12:00+01:00")

    assert tick(engine, CATALOG, THIRTEENTH).planned == 2

    assert own_dates(engine) == [None, None]
    assert days_left(engine, reader) == days_left(engine, late) == [(7,)]


@pytest.mark.parametrize("how", ["paused", "left", "suppressed"])
def test_the_others_go_on_without_whoever_is_not_active(engine: Engine, reader: Subscriber, how: str) -> None:
    join(engine, CATALOG, "other@example.org")
    tick(engine, CATALOG, ELEVENTH)
    now = at("2027-01-11T10:00+01:00")
    with writing(engine) as db:
        match how:
            case "paused":
                set_status(db, reader.id, SubscriberStatus.PAUSED, now)
            case "left":
                leave(db, reader.key, now)
            case _:
                suppress_all(db, [reader.id], "asked", now)

    tick(engine, CATALOG, THIRTEENTH)

    assert own_dates(engine) == [date(2027, 1, 11), None]
    assert told_through(engine, reader) == date(2027, 1, 11)


def test_whoever_has_a_message_for_the_day_keeps_their_date_while_the_others_go_on(
    engine: Engine, reader: Subscriber
) -> None:
    other = join(engine, CATALOG, "other@example.org")
    tick(engine, CATALOG, TWELFTH)
    now = at(THIRTEENTH)
    with writing(engine) as db:
        [id_] = keep_editions(db, [EditionKey("de", date(2027, 1, 13), about="another")], now).values()
        values = {
            "subscriber_id": reader.id, "edition_id": id_, "kind": DeliveryKind.NOTICE, "day": date(2027, 1, 13),
            "state": DeliveryState.SENT, "covered_before": date(2027, 1, 12), "closes_at": now, "next_at": None,
            "attempts": 1, "detail": "", "updated_at": now,
        }  # fmt: skip
        db.execute(insert(deliveries).values(values))

    assert tick(engine, CATALOG, THIRTEENTH).planned == 1
    assert own_dates(engine) == [date(2027, 1, 12), None]
    attempt(engine, "2027-01-13T09:01+01:00")

    assert tick(engine, CATALOG, "2027-01-14T09:00+01:00").planned == 1
    assert own_dates(engine) == [None, None]
    assert (days_left(engine, reader)[1:], days_left(engine, other)) == ([(6,)], [(7,)])


def test_a_clock_set_back_tells_whoever_joins_of_no_more_than_their_day(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, TWELFTH)
    late = join(engine, CATALOG, "late@example.org", "2027-01-10T12:00+01:00")
    with writing(engine) as db:
        db.execute(update(preferences).values(next_at=at(ELEVENTH)))

    tick(engine, CATALOG, ELEVENTH)

    assert (told_through(engine, reader), told_through(engine, late)) == (date(2027, 1, 12), date(2027, 1, 11))


def test_whoever_takes_back_after_their_hours_that_they_left_is_told_the_next_day(
    engine: Engine, reader: Subscriber
) -> None:
    tick(engine, CATALOG, TWELFTH)
    tick(engine, CATALOG, "2027-01-13T19:50+01:00")
    left, back = at("2027-01-13T19:55+01:00"), at("2027-01-13T20:05+01:00")
    unsubscribe(engine, reader.key, left)
    assert take_back(engine, reader.key, left, back, day_alone=False)
    assert told_through(engine, reader) == date(2027, 1, 12)

    tick(engine, CATALOG, "2027-01-14T09:00+01:00")

    assert days_left(engine, reader) == [(7,), (6,)]
