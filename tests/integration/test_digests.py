"""Digests, alone and beside notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from notifier.domain.deliveries import DeliveryState
from notifier.domain.rules.gregorian import FixedDay
from notifier.storage.subscribers import Subscriber
from notifier.usecases.plan import PlanReport
from tests.factories import black_january, khojaly, make_catalog
from tests.integration.people import at, attempt, editions_for, join, planned_for, tick

CATALOG = make_catalog()
NOTHING = PlanReport(planned=0, expired=0, superseded=0)
ONE = PlanReport(planned=1, expired=0, superseded=0)


def said(engine: Engine, person: Subscriber) -> list[tuple[dict[str, int], dict[str, int]]]:
    """Return the days left that each message says, by event: those in full, and those that are looked ahead to."""
    return [
        ({n.event: n.days for n in one.of.notices}, {n.event: n.days for n in one.of.outlook})
        for one in editions_for(engine, person)
    ]


def days(engine: Engine, *through: int) -> list[int]:
    """Pass through dates of January 2027 at the reader's hour, and return how many messages each made."""
    made = []
    for day in through:
        made.append(tick(engine, CATALOG, f"2027-01-{day:02d}T09:00+01:00").planned)
        attempt(engine, f"2027-01-{day:02d}T09:01+01:00")
    return made


def test_a_weekly_digest_comes_on_its_weekday_and_looks_five_weeks_ahead(engine: Engine) -> None:
    """Asked for in nextcloud/server#1505, monicahq/monica#978: a digest beside single notices, or alone."""
    person = join(engine, CATALOG, "weekly@example.org", digest="weekly:mon", leads=())

    assert days(engine, *range(11, 26)) == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert said(engine, person) == [
        ({}, {"black-january": 9}),
        ({}, {"black-january": 2}),
        ({}, {"khojaly": 32}),
    ]


def test_a_monthly_digest_comes_on_the_first(engine: Engine) -> None:
    person = join(engine, CATALOG, "monthly@example.org", "2026-12-31T12:00+01:00", digest="monthly", leads=())

    assert days(engine, *range(1, 32)) == [1] + [0] * 30
    assert tick(engine, CATALOG, "2027-02-01T09:00+01:00") == ONE
    assert said(engine, person) == [({}, {"black-january": 19}), ({}, {"khojaly": 25})]


def test_where_nothing_comes_within_five_weeks_there_is_no_digest(engine: Engine) -> None:
    join(engine, CATALOG, "empty@example.org", "2027-02-27T12:00+01:00", digest="weekly:mon", leads=())

    assert tick(engine, CATALOG, "2027-03-01T09:00+01:00") == NOTHING


def test_notices_and_a_digest_that_are_due_on_one_day_are_one_message_and_say_each_day_once(engine: Engine) -> None:
    # 13 January 2027, a Wednesday, is a week before Black January.
    soon = replace(khojaly(), rule=FixedDay(2, 10))
    catalog = make_catalog(black_january(), soon)
    person = join(engine, catalog, "both@example.org", digest="weekly:wed")

    assert tick(engine, catalog, "2027-01-13T09:00+01:00") == ONE
    assert tick(engine, catalog, "2027-01-13T10:00+01:00") == NOTHING
    assert said(engine, person) == [({"black-january": 7}, {"khojaly": 28})]


def test_a_digest_with_nothing_further_is_the_same_message_as_the_notice_alone(engine: Engine) -> None:
    one = join(engine, CATALOG, "one@example.org")
    other = join(engine, CATALOG, "other@example.org", digest="weekly:wed")

    tick(engine, CATALOG, "2027-01-13T09:00+01:00")

    assert editions_for(engine, one) == editions_for(engine, other)


@pytest.mark.parametrize("back_on", [12, 14, 17])
def test_a_digest_that_fell_into_downtime_comes_with_the_catch_up(engine: Engine, back_on: int) -> None:
    person = join(engine, CATALOG, "down@example.org", digest="weekly:mon", leads=())

    assert days(engine, 10, back_on, back_on + 1 if back_on < 17 else 17) == [0, 1, 0]
    assert said(engine, person) == [({}, {"black-january": 20 - back_on})]


def test_a_digest_that_misses_its_window_goes_out_the_next_day(engine: Engine) -> None:
    person = join(engine, CATALOG, "late@example.org", digest="weekly:mon", leads=())
    tick(engine, CATALOG, "2027-01-11T09:00+01:00")

    assert tick(engine, CATALOG, "2027-01-12T09:00+01:00") == PlanReport(planned=1, expired=0, superseded=1)
    assert said(engine, person) == [({}, {"black-january": 9}), ({}, {"black-january": 8})]
    assert [delivery.state for delivery in planned_for(engine, person)] == ["superseded", "due"]


def test_a_digest_about_its_own_day_alone_expires_with_it(engine: Engine) -> None:
    person = join(engine, CATALOG, "today@example.org", "2027-01-20T08:00+01:00", digest="weekly:wed", leads=())
    assert tick(engine, CATALOG, "2027-01-20T09:00+01:00") == ONE

    assert tick(engine, CATALOG, "2027-01-21T09:00+01:00") == PlanReport(planned=0, expired=1, superseded=0)
    assert [delivery.state for delivery in planned_for(engine, person)] == [DeliveryState.EXPIRED]


def test_what_only_a_digest_would_have_told_of_is_counted_when_it_came_first(engine: Engine) -> None:
    join(engine, CATALOG, "gone@example.org", digest="weekly:mon", leads=())
    tick(engine, CATALOG, "2027-01-10T09:00+01:00")

    # The digests of the 11th and the 18th would have told of Black January.
    assert tick(engine, CATALOG, "2027-01-21T09:00+01:00") == PlanReport(planned=0, expired=1, superseded=0)


def test_leads_and_a_digest_go_together_and_milestones_too(engine: Engine) -> None:
    """Asked for in nextcloud/server#1505 (own choice of lead times) and healthchecks#1201 (several report periods)."""
    person = join(engine, CATALOG, "all@example.org", digest="weekly:mon", leads=(2,))

    assert days(engine, *range(11, 21)) == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert said(engine, person) == [({}, {"black-january": 9}), ({"black-january": 2}, {})]


def test_a_digest_closes_with_the_readers_window(engine: Engine) -> None:
    person = join(engine, CATALOG, "window@example.org", digest="weekly:mon", leads=())
    tick(engine, CATALOG, "2027-01-11T09:00+01:00")

    [delivery] = planned_for(engine, person)
    assert (delivery.day, delivery.closes_at) == (date(2027, 1, 11), at("2027-01-11T20:00+01:00"))
