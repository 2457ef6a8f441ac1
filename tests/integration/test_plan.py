from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, update

from notifier.domain.deliveries import DeliveryState, SubscriberStatus
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.selections import parse_selection
from notifier.domain.texts import LanguageTag
from notifier.storage.claims import claim_batch
from notifier.storage.engine import open_engine, reading, writing
from notifier.storage.outcomes import Ended, record_outcomes
from notifier.storage.subscribers import Subscriber
from notifier.storage.tables import deliveries, due, editions, subscribers
from notifier.usecases.plan import PlanReport
from notifier.usecases.subscribe import find_subscriber
from tests.factories import black_january, khojaly, make_catalog
from tests.integration.people import at, attempt, days_left, editions_for, join, planned_for, tick

CATALOG = make_catalog()
NOTHING = PlanReport(planned=0, expired=0, superseded=0)
ONE = PlanReport(planned=1, expired=0, superseded=0)


@pytest.fixture
def reader(engine: Engine) -> Subscriber:
    return join(engine, CATALOG, "reader@example.org")


def test_a_week_ahead_one_message_is_planned_at_the_readers_hour_and_no_second(
    engine: Engine, reader: Subscriber
) -> None:
    assert tick(engine, CATALOG, "2027-01-13T08:59+01:00") == NOTHING
    assert tick(engine, CATALOG, "2027-01-13T09:00+01:00") == ONE
    assert tick(engine, CATALOG, "2027-01-13T09:00+01:00") == NOTHING
    assert tick(engine, CATALOG, "2027-01-13T23:00+01:00").planned == 0
    assert days_left(engine, reader) == [(7,)]


def test_a_message_for_a_day_is_due_from_its_planning_until_the_window_closes(
    engine: Engine, reader: Subscriber
) -> None:
    tick(engine, CATALOG, "2027-01-13T09:10+01:00")

    [delivery] = planned_for(engine, reader)

    assert (delivery.kind, delivery.day, delivery.state) == ("notice", date(2027, 1, 13), DeliveryState.DUE)
    assert delivery.next_at == at("2027-01-13T08:10Z")
    assert delivery.closes_at == at("2027-01-13T19:00Z")


def test_a_service_that_was_down_announces_late_with_the_days_that_are_left(engine: Engine, reader: Subscriber) -> None:
    assert tick(engine, CATALOG, "2027-01-15T09:00+01:00") == ONE
    assert days_left(engine, reader) == [(5,)]


def test_a_week_ahead_a_day_ahead_and_on_the_day_are_three_messages(engine: Engine, reader: Subscriber) -> None:
    for day in (13, 19, 20):
        assert tick(engine, CATALOG, f"2027-01-{day}T09:00+01:00") == ONE
        attempt(engine, f"2027-01-{day}T09:01+01:00")

    assert days_left(engine, reader) == [(7,), (1,), (0,)]


def test_what_came_while_the_service_was_down_is_counted_and_not_announced(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, "2027-01-12T09:00+01:00")

    assert tick(engine, CATALOG, "2027-01-21T09:00+01:00") == PlanReport(planned=0, expired=1, superseded=0)
    assert tick(engine, CATALOG, "2027-01-22T09:00+01:00") == NOTHING
    assert planned_for(engine, reader) == []


def test_after_a_year_of_silence_there_is_one_message_about_what_is_to_come(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, "2027-01-12T09:00+01:00")

    assert tick(engine, CATALOG, "2028-01-14T09:00+01:00") == PlanReport(planned=1, expired=2, superseded=0)
    assert days_left(engine, reader) == [(6,)]


def test_a_day_that_is_planned_after_its_window_has_closed_comes_with_the_next(
    engine: Engine, reader: Subscriber
) -> None:
    assert tick(engine, CATALOG, "2027-01-13T20:00+01:00") == NOTHING
    assert tick(engine, CATALOG, "2027-01-14T08:59+01:00") == NOTHING
    assert tick(engine, CATALOG, "2027-01-14T09:00+01:00") == ONE
    assert days_left(engine, reader) == [(6,)]


def test_a_window_may_stay_open_until_midnight(engine: Engine) -> None:
    person = join(engine, CATALOG, "late@example.org", hour=22)

    assert tick(engine, CATALOG, "2027-01-13T23:59+01:00") == ONE
    assert planned_for(engine, person)[0].closes_at == at("2027-01-13T23:00Z")


def test_two_preferences_with_the_same_notices_share_one_edition(engine: Engine) -> None:
    here = join(engine, CATALOG, "here@example.org")
    there = join(engine, CATALOG, "there@example.org", hour=8, selection=parse_selection("black-january"))

    assert tick(engine, CATALOG, "2027-01-13T09:00+01:00").planned == 2

    assert editions_for(engine, here) == editions_for(engine, there)


def test_a_message_that_others_get_too_is_found_again_by_a_later_pass(engine: Engine) -> None:
    first = join(engine, CATALOG, "first@example.org", hour=8)
    second = join(engine, CATALOG, "second@example.org", hour=10)

    tick(engine, CATALOG, "2027-01-13T08:00+01:00")
    tick(engine, CATALOG, "2027-01-13T10:00+01:00")

    assert editions_for(engine, first) == editions_for(engine, second)


def test_whoever_joins_after_todays_planning_still_gets_todays_message(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    late = join(engine, CATALOG, "late@example.org", joined="2027-01-13T12:00+01:00")

    assert tick(engine, CATALOG, "2027-01-13T12:01+01:00") == ONE
    assert days_left(engine, late) == [(7,)]
    assert len(planned_for(engine, reader)) == 1


def test_whoever_joins_is_not_told_of_what_was_announced_before(engine: Engine) -> None:
    person = join(engine, CATALOG, "new@example.org", joined="2027-01-14T08:00+01:00")

    tick(engine, CATALOG, "2027-01-14T09:00+01:00")
    tick(engine, CATALOG, "2027-01-19T09:00+01:00")

    assert days_left(engine, person) == [(1,)]


@pytest.mark.parametrize("status", [status for status in SubscriberStatus if status is not SubscriberStatus.ACTIVE])
def test_only_active_people_get_anything(engine: Engine, reader: Subscriber, status: SubscriberStatus) -> None:
    with writing(engine) as db:
        db.execute(update(subscribers).values(status=status))

    assert tick(engine, CATALOG, "2027-01-13T09:00+01:00") == NOTHING


def test_a_day_without_notices_moves_people_on_and_writes_nothing(engine: Engine, reader: Subscriber) -> None:
    assert tick(engine, CATALOG, "2027-01-11T09:00+01:00") == NOTHING

    person = find_subscriber(engine, reader.email)
    assert person is not None
    assert person.covered_through == date(2027, 1, 11)
    with reading(engine) as db:
        assert [db.scalar(select(func.count()).select_from(table)) for table in (editions, deliveries, due)] == [0] * 3


def test_an_event_that_is_added_later_is_announced_from_then_on(engine: Engine, reader: Subscriber) -> None:
    without = make_catalog(khojaly())
    for day in (13, 14):
        tick(engine, without, f"2027-01-{day}T09:00+01:00")

    for day in (15, 19):
        tick(engine, CATALOG, f"2027-01-{day}T09:00+01:00")

    assert days_left(engine, reader) == [(1,)]


def test_the_readers_leads_hold_before_the_events_and_those_before_the_calendars(engine: Engine) -> None:
    catalog = make_catalog(replace(black_january(), leads=(3,)), khojaly())
    own = join(engine, catalog, "own@example.org", leads=(5,))
    others = join(engine, catalog, "others@example.org", leads=None)

    for day in (13, 15, 17):
        tick(engine, catalog, f"2027-01-{day}T09:00+01:00")
        attempt(engine, f"2027-01-{day}T09:00+01:00")
    tick(engine, catalog, "2027-02-19T09:00+01:00")

    assert days_left(engine, own) == [(5,)]
    assert days_left(engine, others) == [(3,), (7,)]


def test_a_reader_whose_language_the_calendar_lost_is_written_to_in_its_first(
    engine: Engine, reader: Subscriber
) -> None:
    tick(engine, make_catalog(languages=(LanguageTag("en"),)), "2027-01-13T09:00+01:00")

    assert editions_for(engine, reader)[0].of.language == "en"


def test_an_hour_that_the_clocks_leap_over_begins_when_they_have_leapt(engine: Engine) -> None:
    # On 28 March 2027 Berlin's clocks go from 02:00 to 03:00, at 01:00 UTC.
    catalog = make_catalog(replace(khojaly(), rule=FixedDay(3, 28)))
    person = join(engine, catalog, "gap@example.org", hour=2, leads=(0,))
    tick(engine, catalog, "2027-03-27T12:00Z")

    assert tick(engine, catalog, "2027-03-28T00:59Z").planned == 0
    assert tick(engine, catalog, "2027-03-28T01:00Z").planned == 1
    assert days_left(engine, person) == [(0,)]


def test_an_hour_that_comes_twice_is_the_first_of_the_two_and_once(engine: Engine) -> None:
    # On 31 October 2027 Berlin's clocks go from 03:00 back to 02:00, at 01:00 UTC.
    catalog = make_catalog(replace(khojaly(), rule=FixedDay(10, 31)))
    person = join(engine, catalog, "fold@example.org", hour=2, leads=(0,))
    tick(engine, catalog, "2027-10-30T12:00Z")

    assert tick(engine, catalog, "2027-10-30T23:59Z").planned == 0
    assert tick(engine, catalog, "2027-10-31T00:00Z").planned == 1
    assert tick(engine, catalog, "2027-10-31T01:00Z").planned == 0
    assert days_left(engine, person) == [(0,)]


def test_what_is_deferred_past_the_window_goes_out_the_next_day_with_the_days_left_then(
    engine: Engine, reader: Subscriber
) -> None:
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    attempt(engine, "2027-01-13T19:59+01:00", DeliveryState.DEFERRED, again="2027-01-13T20:29+01:00")

    assert attempt(engine, "2027-01-13T20:29+01:00") == []
    assert tick(engine, CATALOG, "2027-01-13T20:29+01:00") == PlanReport(planned=0, expired=0, superseded=1)
    assert tick(engine, CATALOG, "2027-01-14T09:00+01:00") == ONE
    assert len(attempt(engine, "2027-01-14T09:01+01:00")) == 1
    assert tick(engine, CATALOG, "2027-01-14T09:02+01:00") == NOTHING

    assert days_left(engine, reader) == [(7,), (6,)]
    assert [delivery.state for delivery in planned_for(engine, reader)] == ["superseded", "sent"]


def test_what_is_superseded_joins_what_is_new_on_the_next_date(engine: Engine) -> None:
    next_day = replace(khojaly(), rule=FixedDay(1, 21))
    catalog = make_catalog(black_january(), next_day)
    person = join(engine, catalog, "both@example.org")
    tick(engine, catalog, "2027-01-13T09:00+01:00")

    tick(engine, catalog, "2027-01-14T09:00+01:00")

    assert days_left(engine, person) == [(7,), (6, 7)]


def test_a_message_about_the_day_itself_that_misses_it_expires(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, "2027-01-19T09:00+01:00")
    attempt(engine, "2027-01-19T09:00+01:00")
    tick(engine, CATALOG, "2027-01-20T09:00+01:00")

    assert tick(engine, CATALOG, "2027-01-20T20:00+01:00") == PlanReport(planned=0, expired=1, superseded=0)
    assert tick(engine, CATALOG, "2027-01-21T09:00+01:00") == NOTHING
    assert [delivery.state for delivery in planned_for(engine, reader)] == ["sent", "expired"]


def test_a_week_of_silence_with_messages_unsent_counts_each_loss_once(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, "2027-01-19T09:00+01:00")

    assert tick(engine, CATALOG, "2027-01-26T09:00+01:00") == PlanReport(planned=0, expired=1, superseded=0)
    assert tick(engine, CATALOG, "2027-01-27T09:00+01:00") == NOTHING


def test_what_may_have_arrived_is_never_written_anew(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    attempt(engine, "2027-01-13T19:30+01:00", DeliveryState.UNKNOWN, again="2027-01-13T20:30+01:00")

    assert tick(engine, CATALOG, "2027-01-14T09:00+01:00") == NOTHING

    [delivery] = planned_for(engine, reader)
    assert (delivery.state, delivery.next_at) == (DeliveryState.UNKNOWN, None)


def test_what_a_living_sender_holds_is_left_to_it_until_its_lease_ends(engine: Engine, reader: Subscriber) -> None:
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    token = uuid4()
    with writing(engine) as db:
        [held] = claim_batch(db, 10, token, at("2027-01-13T19:59+01:00"), at("2027-01-13T20:09+01:00"))

    assert tick(engine, CATALOG, "2027-01-13T20:08+01:00").superseded == 0
    assert tick(engine, CATALOG, "2027-01-13T20:09+01:00").superseded == 1
    with writing(engine) as db:
        sent = [Ended(held.id, DeliveryState.SENT, "250")]
        assert record_outcomes(db, token, sent, at("2027-01-13T20:10+01:00")) == {held.id}


def test_what_is_given_back_after_the_next_message_was_planned_waits_for_the_one_after(
    engine: Engine, reader: Subscriber
) -> None:
    next_day = replace(khojaly(), rule=FixedDay(1, 21))
    catalog = make_catalog(black_january(), next_day)
    tick(engine, catalog, "2027-01-13T09:00+01:00")
    with writing(engine) as db:
        claim_batch(db, 10, uuid4(), at("2027-01-13T19:59+01:00"), at("2027-01-14T09:30+01:00"))
    assert tick(engine, catalog, "2027-01-14T09:00+01:00") == ONE

    assert tick(engine, catalog, "2027-01-14T09:30+01:00") == PlanReport(planned=0, expired=0, superseded=1)
    attempt(engine, "2027-01-14T09:31+01:00")
    assert tick(engine, catalog, "2027-01-15T09:00+01:00") == ONE

    # The third repeats what the second said of Khojaly: better twice than Black January never.
    assert days_left(engine, reader) == [(7,), (7,), (5, 6)]


def test_a_thousand_people_are_planned_for_at_once(engine: Engine, reader: Subscriber) -> None:
    _add_people(engine, reader, 1000)

    assert tick(engine, CATALOG, "2027-01-13T09:00+01:00").planned == 1001
    assert len(attempt(engine, "2027-01-13T09:00+01:00")) == 1000


def test_two_planners_at_the_same_moment_plan_once(engine: Engine, reader: Subscriber, database_url: str) -> None:
    _add_people(engine, reader, 2000)
    together = Barrier(4)

    def one(_: int) -> int:
        own = open_engine(database_url)
        together.wait()
        planned = tick(own, CATALOG, "2027-01-13T09:00+01:00").planned
        own.dispose()
        return planned

    with ThreadPoolExecutor(4) as planners:
        assert sorted(planners.map(one, range(4))) == [0, 0, 0, 2001]


def test_whoever_joins_while_others_are_being_planned_for_is_not_forgotten(
    engine: Engine, reader: Subscriber, database_url: str
) -> None:
    _add_people(engine, reader, 3000)
    together = Barrier(2)

    def planning() -> None:
        together.wait()
        tick(engine, CATALOG, "2027-01-13T09:00+01:00")

    with ThreadPoolExecutor(1) as planner:
        running = planner.submit(planning)
        together.wait()
        people = [join(engine, CATALOG, f"new{n}@example.org", "2027-01-13T09:00+01:00") for n in range(10)]
        running.result()
    tick(engine, CATALOG, "2027-01-13T09:01+01:00")

    assert [days_left(engine, person) for person in people] == [[(7,)]] * 10


def _add_people(engine: Engine, like: Subscriber, count: int) -> None:
    with writing(engine) as db:
        row = db.execute(select(subscribers).where(subscribers.c.id == like.id)).one()._asdict()
        del row["id"]
        people = (
            {"key": f"{n:016d}", "email": f"{n}@example.org", "email_key": f"{n}@example.org"} for n in range(count)
        )
        db.execute(subscribers.insert(), [row | person for person in people])
