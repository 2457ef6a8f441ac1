"""Pauses: nobody is told of what fell into one, and everybody of what comes after it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, update

from notifier.domain.deliveries import SubscriberStatus
from notifier.storage.engine import writing
from notifier.storage.pauses import resume_paused
from notifier.storage.subscribers import Subscriber
from notifier.storage.tables import subscribers
from notifier.usecases.plan import PlanReport
from notifier.usecases.subscribe import find_subscriber
from tests.factories import make_catalog
from tests.integration.people import at, days_left, editions_for, join, tick

CATALOG = make_catalog()


def pause(engine: Engine, person: Subscriber, until: date) -> None:
    with writing(engine) as db:
        theirs = update(subscribers).where(subscribers.c.id == person.id)
        db.execute(theirs.values(status=SubscriberStatus.PAUSED, paused_until=until))


def status(engine: Engine, person: Subscriber) -> tuple[str, date]:
    found = find_subscriber(engine, person.email)
    assert found is not None
    return found.status.value, found.covered_through


@pytest.fixture
def reader(engine: Engine) -> Subscriber:
    return join(engine, CATALOG, "reader@example.org")


def test_somebody_who_pauses_is_written_to_again_on_the_day_they_named(engine: Engine, reader: Subscriber) -> None:
    pause(engine, reader, date(2027, 1, 19))

    for day in (13, 18):
        assert tick(engine, CATALOG, f"2027-01-{day}T09:00+01:00").planned == 0
    assert status(engine, reader)[0] == "paused"

    assert tick(engine, CATALOG, "2027-01-19T09:00+01:00") == PlanReport(planned=1, expired=0, superseded=0)
    assert days_left(engine, reader) == [(1,)]
    assert status(engine, reader) == ("active", date(2027, 1, 19))


def test_what_fell_into_a_pause_is_not_made_up_for(engine: Engine, reader: Subscriber) -> None:
    pause(engine, reader, date(2027, 1, 15))

    assert tick(engine, CATALOG, "2027-01-15T09:00+01:00") == PlanReport(planned=0, expired=0, superseded=0)
    assert status(engine, reader) == ("active", date(2027, 1, 15))


def test_a_service_that_was_down_when_a_pause_ended_catches_up_from_its_end_on(
    engine: Engine, reader: Subscriber
) -> None:
    pause(engine, reader, date(2027, 1, 13))

    tick(engine, CATALOG, "2027-01-16T09:00+01:00")

    assert days_left(engine, reader) == [(4,)]


def test_a_pause_ends_when_its_date_begins_where_the_reader_is(engine: Engine) -> None:
    east = join(engine, CATALOG, "east@example.org", zone="Pacific/Auckland")
    west = join(engine, CATALOG, "west@example.org", zone="America/Los_Angeles")
    for person in (east, west):
        pause(engine, person, date(2027, 1, 13))

    for now, back in (
        ("2027-01-12T10:59Z", set()),
        ("2027-01-12T11:00Z", {east.email}),
        ("2027-01-13T07:59Z", {east.email}),
        ("2027-01-13T08:00Z", {east.email, west.email}),
    ):
        with writing(engine) as db:
            resume_paused(db, at(now))
        assert {p.email for p in (east, west) if status(engine, p)[0] == "active"} == back


def test_whoever_comes_back_within_their_own_window_hears_of_that_day(engine: Engine, reader: Subscriber) -> None:
    other = join(engine, CATALOG, "other@example.org")
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    pause(engine, reader, date(2027, 1, 19))
    pause(engine, other, date(2027, 1, 19))
    tick(engine, CATALOG, "2027-01-18T09:00+01:00")

    tick(engine, CATALOG, "2027-01-19T12:00+01:00")

    assert days_left(engine, reader) == days_left(engine, other) == [(7,), (1,)]


def test_a_pause_without_an_end_lasts(engine: Engine, reader: Subscriber) -> None:
    with writing(engine) as db:
        db.execute(update(subscribers).values(status=SubscriberStatus.PAUSED, paused_until=None))

    assert tick(engine, CATALOG, "2027-01-13T09:00+01:00").planned == 0
    assert status(engine, reader)[0] == "paused"


def test_a_digest_within_a_pause_stays_away(engine: Engine) -> None:
    person = join(engine, CATALOG, "digest@example.org", digest="weekly:mon", leads=())
    pause(engine, person, date(2027, 1, 14))

    tick(engine, CATALOG, "2027-01-14T09:00+01:00")
    tick(engine, CATALOG, "2027-01-18T09:00+01:00")

    assert [one.of.day for one in editions_for(engine, person)] == [date(2027, 1, 18)]


def test_nobody_is_taken_back_twice(engine: Engine, reader: Subscriber) -> None:
    pause(engine, reader, date(2027, 1, 13))
    with writing(engine) as db:
        assert resume_paused(db, at("2027-01-13T09:00+01:00")) == 1
        assert resume_paused(db, at("2027-01-13T09:00+01:00")) == 0
