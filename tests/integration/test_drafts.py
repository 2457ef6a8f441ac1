"""What waits for an operator: editions released by hand, and what is held or cancelled before it is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, insert, update

from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKey, EditionKind, EditionState
from notifier.domain.events import Catalog, Kind, Release
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.selections import parse_selection
from notifier.storage.editions import keep_editions
from notifier.storage.engine import reading, writing
from notifier.storage.holds import cancel_anniversary, hold_event, set_state
from notifier.storage.subscribers import Subscriber, all_subscribers
from notifier.storage.tables import deliveries, editions, subscribers
from notifier.usecases.plan import PlanReport
from tests.factories import black_january, khojaly, make_catalog
from tests.integration.people import at, attempt, editions_for, join, planned_for, tick

CATALOG = make_catalog()
WEEK_BEFORE = "2027-01-13T09:00+01:00"


def states(engine: Engine, person: Subscriber) -> list[str]:
    return [str(one.state) for one in editions_for(engine, person)]


@pytest.mark.parametrize(
    ("catalog", "state"),
    [
        (CATALOG, "released"),
        (make_catalog(release={Kind.MOURNING: Release.BY_HAND}), "draft"),
        (make_catalog(release={Kind.NATIONAL: Release.BY_HAND}), "released"),
        (make_catalog(replace(black_january(), release=Release.BY_HAND)), "draft"),
        (
            make_catalog(replace(black_january(), release=Release.AT_ONCE), release={Kind.MOURNING: Release.BY_HAND}),
            "released",
        ),
    ],
)
def test_what_is_released_by_hand_is_a_draft_until_it_is(engine: Engine, catalog: Catalog, state: str) -> None:
    person = join(engine, catalog, "reader@example.org")

    assert tick(engine, catalog, WEEK_BEFORE).planned == 1

    assert states(engine, person) == [state]
    assert len(attempt(engine, "2027-01-13T09:01+01:00")) == (1 if state == "released" else 0)


def test_a_draft_goes_out_once_it_is_released(engine: Engine) -> None:
    catalog = make_catalog(release={Kind.MOURNING: Release.BY_HAND})
    person = join(engine, catalog, "reader@example.org")
    tick(engine, catalog, WEEK_BEFORE)

    with writing(engine) as db:
        set_state(db, [editions_for(engine, person)[0].id], EditionState.RELEASED, {EditionState.DRAFT})

    assert len(attempt(engine, "2027-01-13T12:00+01:00")) == 1


def test_a_draft_nobody_released_joins_the_next_day_as_a_draft(engine: Engine) -> None:
    catalog = make_catalog(release={Kind.MOURNING: Release.BY_HAND})
    person = join(engine, catalog, "reader@example.org")
    tick(engine, catalog, WEEK_BEFORE)

    assert tick(engine, catalog, "2027-01-14T09:00+01:00") == PlanReport(planned=1, expired=0, superseded=1)
    assert states(engine, person) == ["draft", "draft"]


def test_a_line_in_a_digest_needs_no_hand(engine: Engine) -> None:
    catalog = make_catalog(release={Kind.MOURNING: Release.BY_HAND})
    person = join(engine, catalog, "digest@example.org", digest="weekly:mon", leads=())

    tick(engine, catalog, "2027-01-11T09:00+01:00")

    assert states(engine, person) == ["released"]


def test_what_is_planned_of_a_held_event_is_held(engine: Engine) -> None:
    person = join(engine, CATALOG, "reader@example.org")
    digest = join(engine, CATALOG, "digest@example.org", digest="weekly:wed", leads=())
    with writing(engine) as db:
        hold_event(db, "black-january", at("2027-01-12T12:00Z"))

    tick(engine, CATALOG, WEEK_BEFORE)

    assert states(engine, person) == states(engine, digest) == ["held"]


def test_what_an_edition_was_held_for_does_not_leave_the_next_day(engine: Engine) -> None:
    other_day = replace(khojaly(), rule=FixedDay(1, 21))
    catalog = make_catalog(black_january(), other_day)
    person = join(engine, catalog, "reader@example.org")
    apart = join(engine, catalog, "apart@example.org", leads=(6,), selection=parse_selection("khojaly"))
    tick(engine, catalog, WEEK_BEFORE)
    with writing(engine) as db:
        set_state(db, [editions_for(engine, person)[0].id], EditionState.HELD, {EditionState.RELEASED})

    tick(engine, catalog, "2027-01-14T09:00+01:00")
    tick(engine, catalog, "2027-01-15T09:00+01:00")

    assert states(engine, person) == ["held", "held", "held"]
    assert states(engine, apart) == ["released"]


def test_a_cancelled_anniversary_is_not_announced_and_the_next_one_is(engine: Engine) -> None:
    person = join(engine, CATALOG, "reader@example.org")
    with writing(engine) as db:
        cancel_anniversary(db, "black-january", 2027, at("2027-01-12T12:00Z"))

    for day in ("2027-01-13", "2027-02-19", "2028-01-13"):
        tick(engine, CATALOG, f"{day}T09:00+01:00")
        attempt(engine, f"{day}T09:01+01:00")

    assert [[n.event for n in one.of.notices] for one in editions_for(engine, person)] == [
        ["khojaly"],
        ["black-january"],
    ]


def test_whoever_joins_after_an_edition_was_cancelled_does_not_get_it(engine: Engine) -> None:
    reader = join(engine, CATALOG, "reader@example.org")
    tick(engine, CATALOG, WEEK_BEFORE)
    with writing(engine) as db:
        set_state(db, [editions_for(engine, reader)[0].id], EditionState.CANCELLED, set(EditionState))
    late = join(engine, CATALOG, "late@example.org", joined="2027-01-13T12:00+01:00")

    assert tick(engine, CATALOG, "2027-01-13T12:01+01:00").planned == 0
    assert tick(engine, CATALOG, "2027-01-14T09:00+01:00") == PlanReport(planned=0, expired=1, superseded=0)
    assert planned_for(engine, late) == []


@pytest.mark.parametrize("kind", [EditionKind.CONFIRM, EditionKind.WELCOME])
def test_other_messages_that_are_too_late_expire_and_nobody_is_planned_for_again(
    engine: Engine, kind: EditionKind
) -> None:
    person = join(engine, CATALOG, "reader@example.org")
    now = at("2027-01-12T12:00+01:00")
    with writing(engine) as db:
        key = EditionKey("en", date(2027, 1, 12), kind=kind, about="something")
        [id_] = keep_editions(db, [key], now).values()
        values = {
            "subscriber_id": person.id, "edition_id": id_, "kind": kind.delivery, "day": key.day,
            "state": DeliveryState.DUE, "covered_before": date(2027, 1, 1), "closes_at": now + timedelta(hours=1),
            "next_at": now, "attempts": 0, "detail": "", "updated_at": now,
        }  # fmt: skip
        db.execute(insert(deliveries).values(values))

    assert tick(engine, CATALOG, "2027-01-12T12:59+01:00") == PlanReport(planned=0, expired=0, superseded=0)
    assert tick(engine, CATALOG, "2027-01-12T13:00+01:00") == PlanReport(planned=0, expired=1, superseded=0)

    [delivery] = planned_for(engine, person)
    assert (delivery.state, delivery.detail, delivery.next_at) == ("expired", "not sent in time", None)
    with reading(engine) as db:
        assert [person.covered_through for person in all_subscribers(db)] == [date(2027, 1, 12)]


def test_a_notice_is_planned_beside_messages_of_other_kinds(engine: Engine) -> None:
    person = join(engine, CATALOG, "reader@example.org")
    tick(engine, CATALOG, WEEK_BEFORE)
    with writing(engine) as db:
        db.execute(update(deliveries).values(kind=DeliveryKind.SERVICE, state=DeliveryState.SENT, next_at=None))
        db.execute(update(subscribers).values(covered_through=date(2027, 1, 12)))
        db.execute(update(editions).values(kind=EditionKind.WELCOME, digest="another"))
    late = join(engine, CATALOG, "other@example.org", joined="2027-01-13T10:00+01:00")

    assert tick(engine, CATALOG, "2027-01-13T11:00+01:00").planned == 2
    assert [delivery.kind for delivery in planned_for(engine, person)] == ["service", "notice"]
    assert len(planned_for(engine, late)) == 1
