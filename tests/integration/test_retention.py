"""How long what is kept about people is kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, update

from notifier.domain.deliveries import DeliveryState, EditionKind, SubscriberStatus
from notifier.storage.engine import reading, writing
from notifier.storage.rates import reserve
from notifier.storage.subscribers import subscriber_by_email
from notifier.storage.tables import bounces, deliveries, editions, rates, subscribers
from notifier.usecases.retention import Removed, Retention, remove_what_is_old
from tests.integration.people import at, attempt, join, planned_for, tick
from tests.integration.visiting import EMAIL, RealSite, visiting


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> RealSite:
    return visiting(engine, tmp_path)


def test_who_does_not_confirm_is_removed_after_seven_days(site: RealSite, engine: Engine) -> None:
    site.browser().post("/subscriptions", data={"email": EMAIL})
    join(engine, site.catalog, "active@example.org")
    asked = site.instant

    assert remove_what_is_old(engine, asked + timedelta(days=7)) == Removed()
    assert remove_what_is_old(engine, asked + timedelta(days=7, seconds=1)) == Removed(unconfirmed=1)

    with reading(engine) as db:
        assert subscriber_by_email(db, EMAIL) is None
        assert db.scalar(select(func.count()).select_from(deliveries)) == 0
        # Nor is what they had chosen kept, which the message said.
        assert db.scalars(select(editions.c.kind)).all() == []
        assert db.scalar(select(func.count()).select_from(subscribers)) == 1


def test_who_left_and_asked_to_come_back_is_not_removed(site: RealSite, engine: Engine) -> None:
    person = join(engine, site.catalog, EMAIL)
    browser = site.browser()
    browser.post(f"/unsubscribe/{site.tokens.unsubscribe(person.key)}")
    browser.post("/subscriptions", data={"email": EMAIL})

    remove_what_is_old(engine, site.instant + timedelta(days=7))
    assert site.person().request is not None
    remove_what_is_old(engine, site.instant + timedelta(days=30))

    assert site.person().status is SubscriberStatus.UNSUBSCRIBED
    # What they did not confirm is forgotten.
    assert (site.person().request, site.person().requested_at, site.person().nonce) == (None, None, None)


def test_domains_that_hold_nothing_back_are_forgotten(engine: Engine) -> None:
    with writing(engine) as db:
        reserve(db, "idle.example", 1000.0, 1)
        reserve(db, "busy.example", 0.01, 1, at_once=True)
    with writing(engine) as db:
        db.execute(update(rates).where(rates.c.key == "idle.example").values(next_at=at("2020-01-01T00:00Z")))

    remove_what_is_old(engine, at("2027-01-13T09:00Z"))

    with reading(engine) as db:
        assert db.scalars(select(rates.c.key)).all() == ["busy.example"]


def test_deliveries_go_ninety_days_after_they_were_finished(site: RealSite, engine: Engine) -> None:
    person = join(engine, site.catalog, EMAIL)
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")
    attempt(engine, "2027-01-13T09:01+01:00")
    sent = at("2027-01-13T09:01+01:00")

    assert remove_what_is_old(engine, sent + timedelta(days=90)) == Removed()
    assert remove_what_is_old(engine, sent + timedelta(days=90, seconds=1)) == Removed(deliveries=1)

    assert planned_for(engine, person) == []
    with reading(engine) as db:
        # What was said to everybody stays, and can still be read.
        assert db.scalars(select(editions.c.kind)).all() == [EditionKind.NOTICE]


def test_what_is_still_open_stays(site: RealSite, engine: Engine) -> None:
    join(engine, site.catalog, EMAIL)
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")

    assert remove_what_is_old(engine, at("2028-01-13T09:00+01:00")) == Removed()


def test_a_great_many_are_removed_some_at_a_time(site: RealSite, engine: Engine) -> None:
    for n in range(7):
        join(engine, site.catalog, f"reader-{n}@example.org")
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")
    attempt(engine, "2027-01-13T09:01+01:00")
    with writing(engine) as db:
        db.execute(
            update(deliveries).where(deliveries.c.id % 3 == 0).values(state=DeliveryState.DUE, next_at=site.instant)
        )

    removed = remove_what_is_old(engine, at("2027-06-01T00:00Z"), some=2)

    with reading(engine) as db:
        left = db.scalar(select(func.count()).select_from(deliveries))
    assert (removed.deliveries, left) == (5, 2)


def test_bounces_go_after_thirty_days(engine: Engine) -> None:
    came = at("2027-01-13T09:00Z")
    with writing(engine) as db:
        db.execute(insert(bounces).values(kind="failed", detail="5.1.1", at=came))

    assert remove_what_is_old(engine, came + timedelta(days=30)) == Removed()
    assert remove_what_is_old(engine, came + timedelta(days=30, seconds=1)) == Removed(bounces=1)


def test_it_is_done_once_a_date(site: RealSite, engine: Engine) -> None:
    retention, browser = Retention(), site.browser()
    retention.keep(engine, site.instant + timedelta(days=30))
    browser.post("/subscriptions", data={"email": EMAIL})

    assert retention.keep(engine, site.instant + timedelta(days=30)) == Removed()
    assert retention.keep(engine, site.instant + timedelta(days=31)) == Removed(unconfirmed=1)
